"""Continue as new: what the next run begins with, and how the end is asked for until SWF takes it."""

from __future__ import annotations

import json
import random

import pytest
from flow.house import house
from flow.stamps import STAMP, replayed, types

import pyflow
from pyflow import codec
from pyflow.testing.story import HistoryBuilder, replay_every_turn


class Counts(pyflow.Workflow):
    NAME = "Counts"

    def run(self, count):
        self.swf.sleep(5)
        self.swf.start_timer(60)
        self.swf.continue_as_new(count + 1)


def renewed(decisions):
    """The attributes of the one decision that there is."""
    [decision] = decisions
    assert decision["decisionType"] == "ContinueAsNewWorkflowExecution"
    return decision["continueAsNewWorkflowExecutionDecisionAttributes"]


def a_run(context=None):
    """A run with settings of its own, whose first timer has fired."""
    story = HistoryBuilder(1)
    story.events[0]["workflowExecutionStartedEventAttributes"] |= {
        "executionStartToCloseTimeout": "7200",
        "taskStartToCloseTimeout": "30",
        "childPolicy": "ABANDON",
        "taskList": {"name": "own"},
        "taskPriority": "7",
        "tagList": ["a", "b"],
        "workflowType": {"name": "Counts", "version": "1.0"},
        "parentInitiatedEventId": 0,
    }
    return story.turn().decided(context).timer("sleep1", 5).fired("sleep1")


OWN = {
    "workflowTypeVersion": "1.0",
    "executionStartToCloseTimeout": "7200",
    "taskStartToCloseTimeout": "30",
    "childPolicy": "ABANDON",
    "taskList": {"name": "own"},
    "taskPriority": "7",
    "tagList": ["a", "b"],
    "lambdaRole": "role",
}


def signaled(story, name, text, **more):
    return story.add("WorkflowExecutionSignaled", signalName=name, input=text, **more)


def test_the_next_run_has_all_settings_of_this_one_and_what_was_asked_beside_is_dropped(caplog):
    last = replayed(Counts, lambda context: a_run(context).turn())[-1]
    assert renewed(last) == {**OWN, "input": "2"}
    assert "the run closes: timer sleep2 is not started" in caplog.text


class Told(pyflow.Workflow):
    NAME = "Counts"

    def run(self, count):
        self.swf.sleep(5)
        self.swf.continue_as_new(
            {"n": 2},
            version="2.0",
            task_list="other",
            tags=[],
            priority=0,
            execution_timeout=60,
            task_timeout=5,
            child_policy=self.swf.CHILD_POLICY_TERMINATE,
            lambda_role="another",
        )


def test_every_setting_can_be_given_instead():
    last = replayed(Told, lambda context: a_run(context).turn())[-1]
    assert renewed(last) == {
        "workflowTypeVersion": "2.0",
        "executionStartToCloseTimeout": "60",
        "taskStartToCloseTimeout": "5",
        "childPolicy": "TERMINATE",
        "taskList": {"name": "other"},
        "taskPriority": "0",
        "lambdaRole": "another",
        "input": '{"n": 2}',
    }


def test_signals_that_nobody_read_are_carried_over_in_their_order_with_their_ids():
    def story_of(context):
        story = signaled(a_run(context), "b", '"one"')
        signaled(story, "a", '{"$pyflow":1,"id":"x","value":2}')
        return signaled(story, "pyflow.resume", None).turn()

    start = codec.decode_start(renewed(replayed(Counts, story_of)[-1])["input"])
    assert start == codec.Start(
        "2",
        (
            codec.CarriedSignal("b", '"one"'),
            codec.CarriedSignal("a", '{"$pyflow":1,"id":"x","value":2}', "x"),
        ),
    )


def test_after_unseen_news_it_is_asked_for_again_with_the_signals_that_came_meanwhile():
    def story_of(context):
        story = signaled(a_run(context).turn(), "late", "1").decided()
        return story.refused("ContinueAsNewWorkflowExecutionFailed", "UNHANDLED_DECISION").turn()

    *_, first, again = replayed(Counts, story_of)
    assert renewed(first)["input"] == "2"
    assert codec.decode_start(renewed(again)["input"]) == codec.Start(
        "2", (codec.CarriedSignal("late", "1"),)
    )


def test_a_rate_of_swfs_is_waited_out():
    def story_of(context):
        story = a_run(context).turn().decided()
        story.refused(
            "ContinueAsNewWorkflowExecutionFailed", "CONTINUE_AS_NEW_WORKFLOW_EXECUTION_RATE_EXCEEDED"
        )
        story.turn().decided().timer("pyflow.pace1", 1)
        return signaled(story, "late", "1").turn().decided().fired("pyflow.pace1").turn()

    turns = replayed(Counts, story_of)
    assert types(turns)[1:] == [
        ["ContinueAsNewWorkflowExecution"],
        ["StartTimer"],
        [],
        ["ContinueAsNewWorkflowExecution"],
    ]
    assert codec.decode_start(renewed(turns[-1])["input"]).signals == (codec.CarriedSignal("late", "1"),)


def test_any_other_refusal_fails_the_run_with_swfs_cause():
    def story_of(context):
        story = a_run(context).turn().decided()
        return story.refused("ContinueAsNewWorkflowExecutionFailed", "WORKFLOW_TYPE_DEPRECATED").turn()

    [failure] = replayed(Counts, story_of)[-1]
    assert failure["failWorkflowExecutionDecisionAttributes"] == {
        "reason": "ContinueAsNewWorkflowExecution was refused by SWF: WORKFLOW_TYPE_DEPRECATED"
    }


def test_a_cancel_that_comes_while_swf_refuses_is_not_lost_with_the_run():
    def story_of(context):
        story = a_run(context).turn().cancel_requested(cause="enough").decided()
        return story.refused("ContinueAsNewWorkflowExecutionFailed", "UNHANDLED_DECISION").turn()

    assert types(replayed(Counts, story_of))[-1] == ["CancelWorkflowExecution"]


class Shielded(pyflow.Workflow):
    NAME = "Counts"
    ON_CANCEL = "raise"

    def run(self, count):
        with self.swf.shielded():
            self.swf.sleep(5)
            self.swf.continue_as_new(count)


def test_a_cancel_that_the_code_was_not_told_of_is_raised_instead():
    turns = replayed(Shielded, lambda context: a_run(context).cancel_requested(cause="enough").turn())
    assert types(turns)[-1] == ["CancelWorkflowExecution"]


class Spawned(pyflow.Workflow):
    NAME = "Counts"

    def run(self, count):
        def renew():
            self.swf.sleep(5)
            self.swf.continue_as_new(count + 1)

        self.swf.spawn(renew)
        self.swf.signal("never").result()


def test_a_spawned_function_may_end_the_run_so():
    def story_of(context):
        story = HistoryBuilder(1, lambda_role=None).turn().decided(context).timer("spawn1.sleep1", 5)
        return story.fired("spawn1.sleep1").turn()

    assert renewed(replayed(Spawned, story_of)[-1]) == {"workflowTypeVersion": "1.0", "input": "2"}


def test_the_signals_of_its_beginning_come_before_those_of_its_history():
    class Reads(pyflow.Workflow):
        NAME = "Reads"

        def run(self, count):
            channel = self.swf.signal("item")
            return [count, channel.result(), channel.result()]

    text = codec.encode_start(
        "7", [codec.CarriedSignal("item", '"first"'), codec.CarriedSignal("pyflow.x", "1")]
    )

    def story_of(context):
        return signaled(HistoryBuilder(raw_input=text), "item", '"second"').turn()

    [[decision]] = replay_every_turn(Reads, story_of(STAMP))
    assert decision["completeWorkflowExecutionDecisionAttributes"]["result"] == '[7, "first", "second"]'


def test_what_does_not_fit_is_told_to_the_code_or_fails_the_run_and_is_never_lost():
    class Tries(pyflow.Workflow):
        NAME = "Counts"

        def run(self, count):
            self.swf.sleep(5)
            try:
                self.swf.continue_as_new()
            except pyflow.PayloadTooLarge as error:
                return str(error)

    throws = random.Random(1)
    noise = json.dumps(
        "".join(chr(throws.randrange(0x4E00, 0x9000)) for _ in range(20_000)), ensure_ascii=False
    )
    before = signaled(signaled(a_run(), "big", noise), "big", noise).turn()
    [complete] = replay_every_turn(Tries, before)[-1]
    said = json.loads(complete["completeWorkflowExecutionDecisionAttributes"]["result"])
    assert said.startswith("input of the next run with 2 unread signals is ")
    late = signaled(signaled(a_run().turn(), "big", noise), "big", noise).decided()
    late.refused("ContinueAsNewWorkflowExecutionFailed", "UNHANDLED_DECISION").turn()
    [failure] = replay_every_turn(Tries, late)[-1]
    attributes = failure["failWorkflowExecutionDecisionAttributes"]
    assert attributes["reason"] == "Unread signals don't fit into the input of the next run"


@pytest.mark.parametrize("tags", [["x"] * 6, [""], "text"])
def test_tags_that_swf_would_refuse_are_refused_where_they_are_given(tags):
    class Wrong(pyflow.Workflow):
        NAME = "Counts"

        def run(self, count):
            self.swf.continue_as_new(tags=tags)

    [[failure]] = replay_every_turn(Wrong, HistoryBuilder(1).turn())
    details = failure["failWorkflowExecutionDecisionAttributes"]["details"]
    assert "tags are up to five texts of 1 to 256 characters" in details


class Collects(pyflow.Workflow):
    """Renews itself with every signal, and has the sum at the end."""

    NAME = "Collects"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 86_400}

    def run(self, value):
        total, left = value
        if left == 0:
            return total
        number = self.swf.signal("number").result()
        self.swf.invoke_activity("note", "1", number).result()
        return self.swf.continue_as_new([total + number, left - 1], tags=[str(left)])


@pytest.mark.parametrize("residents", [1000, 0])
def test_no_signal_is_lost_over_many_runs_on_a_whole_swf(residents):
    with house(Collects, activities={"note": lambda n: n}, max_resident_runs=residents) as it:
        run = it.start(Collects, [0, 10], tag_list=["10"], execution_start_to_close_timeout=3600)
        for number in range(1, 11):
            it.signal(run, "number", number)
            if number % 3 == 0:
                it.work()
        chain, runs = run, []
        while True:
            status = it.finish(chain)
            runs.append(status.workflow_description)
            if status.close_status == "COMPLETED":
                break
            chain = {**run, "runId": status.exit_event[CONTINUED]["newExecutionRunId"]}
        assert json.loads(status.result) == 55
        assert len(runs) == 11
        assert runs[-1]["executionInfo"]["tagList"] == ["1"]
        assert runs[-1]["executionConfiguration"]["executionStartToCloseTimeout"] == "3600"


class Racing:
    """A client whose first answer that continues as new is overtaken by a signal."""

    def __init__(self, client, overtake):
        self._client, self._overtake = client, overtake

    def __getattr__(self, name):
        return getattr(self._client, name)

    def respond_decision_task_completed(self, **answer):
        if self._overtake and answer["decisions"][-1]["decisionType"] == "ContinueAsNewWorkflowExecution":
            overtake, self._overtake = self._overtake, None
            overtake()
        return self._client.respond_decision_task_completed(**answer)


@pytest.mark.parametrize("residents", [1000, 0])
def test_a_signal_that_overtakes_the_end_is_the_next_runs_on_a_whole_swf(residents):
    with house(Collects, activities={"note": lambda n: n}) as it:
        run = it.start(Collects, [0, 2])
        client = Racing(it.client, lambda: it.signal(run, "number", 2))
        it.decider = pyflow.Decider(
            [Collects], it.swf.domain, "deciders", None, client=client, max_resident_runs=residents
        )
        it.signal(run, "number", 1)
        it.settle()
        which = (it.swf.domain, run["workflowId"], run["runId"])
        assert pyflow.get_workflow_result(*which, timeout=0, client=it.client) == 3
        refused = [
            event.get("continueAsNewWorkflowExecutionFailedEventAttributes") for event in it.history(run)
        ]
        assert [each["cause"] for each in refused if each] == ["UNHANDLED_DECISION"]


CONTINUED = "workflowExecutionContinuedAsNewEventAttributes"
