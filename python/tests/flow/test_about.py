"""What workflow code knows of its run: dice, log, state and length, the same on every replay."""

from __future__ import annotations

import json
import logging

import pytest
from flow.house import house
from flow.stamps import STAMP, replayed

import pyflow
from pyflow.decider.resident import Resident
from pyflow.history.context import read_context
from pyflow.history.event import Run
from pyflow.testing.story import HistoryBuilder, replay_every_turn


class Throws(pyflow.Workflow):
    NAME = "Throws"

    def run(self, value):
        first = [self.swf.random.random(), str(self.swf.uuid4())]
        self.swf.sleep(5)
        return [*first, self.swf.random.random(), str(self.swf.uuid4())]


def slept(context=None):
    return HistoryBuilder().turn().decided(context).timer("sleep1", 5).fired("sleep1").turn()


def result_of(turns):
    [decision] = turns[-1]
    return json.loads(decision["completeWorkflowExecutionDecisionAttributes"]["result"])


def test_random_numbers_and_uuids_go_on_over_waits_and_are_the_same_on_replay():
    thrown = result_of(replayed(Throws, slept))
    assert thrown == [
        0.5256000572343579,
        "9e57a0b8-3917-461c-b6c8-5328ce641a5b",
        0.35144692561658386,
        "eb196fbf-e7b7-4440-9fa4-86c3c01965d6",
    ]


def test_another_run_throws_other_numbers():
    assert result_of(replay_every_turn(Throws, slept())) != result_of(
        replay_every_turn(Throws, slept(), run_id="another")
    )


class Measures(pyflow.Workflow):
    NAME = "Measures"

    def run(self, value):
        first = self.swf.history_length
        self.swf.sleep(5)
        return [first, self.swf.history_length, self.swf.should_continue_as_new]


def test_the_length_of_the_history_is_that_of_the_moment_when_the_decision_began():
    assert result_of(replayed(Measures, slept, vary=False)) == [3, 8, False]


def test_a_run_had_better_continue_as_new_from_ten_thousand_events():
    story = HistoryBuilder().turn().decided().timer("sleep1", 5).fired("sleep1")
    while len(story.events) < 9_998:
        story.add("WorkflowExecutionSignaled", signalName="noise")
    assert result_of([decided(Measures, story.turn())]) == [3, 10_000, True]


def decided(workflow, story):
    """The answer to the last turn, once."""
    decider = pyflow.Decider([workflow], "domain", "deciders", None, client=object())
    return decider.process_decision_task(story.task(workflow.NAME)).decisions


class Logs(pyflow.Workflow):
    NAME = "Logs"

    def run(self, value):
        self.swf.logger.info("began with %s", value)
        try:
            self.swf.sleep(5)
            self.swf.logger.info("100%% rested", extra={"room": 7})
            self.swf.sleep(5)
        finally:
            self.swf.logger.warning("never in a test that ends here")


def test_a_line_is_logged_once_and_says_whose_it_is(caplog):
    caplog.set_level(logging.INFO, "pyflow.workflow")
    story = slept()
    first = HistoryBuilder().turn()
    decided(Logs, first)
    decided(Logs, story)
    began, rested = caplog.records
    assert [began.getMessage(), rested.msg] == ["workflow: began with None", "workflow: 100%% rested"]
    assert (began.workflow_id, began.run_id, began.workflow_type) == ("workflow", "run", "Logs 1.0")
    assert (rested.room, rested.name, rested.filename) == (7, "pyflow.workflow", "test_about.py")


class States(pyflow.Workflow):
    NAME = "States"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 86_400}

    def run(self, value):
        self.swf.set_state({"step": "packing"})
        self.swf.sleep(5)
        self.swf.set_state({"step": "shipping"})
        self.swf.sleep(5)
        self.swf.set_state(None)
        self.swf.sleep(5)


@pytest.mark.parametrize("polled", [True, False])
def test_a_state_is_left_in_the_execution_context_when_it_changes(polled):
    decider = pyflow.Decider([States], "domain", "deciders", None, client=object())
    stamp = '"behaviour":1,' if polled else ""
    packing = '{"$pyflow":1,%s"state":"{\\"step\\": \\"packing\\"}"}' % stamp
    shipping = packing.replace("packing", "shipping")
    story = HistoryBuilder().turn().decided(packing).timer("sleep1").fired("sleep1").turn()
    story.decided(shipping).timer("sleep2").fired("sleep2").turn()
    run = Run("workflow", "run", "States", "1.0")
    contexts = []
    with decider.execution(run, polled=polled) as execution:
        resident = Resident(execution)
        for position, event in enumerate(story.events, start=1):
            if event["eventType"] == "DecisionTaskStarted":
                contexts.append(resident.decide(story.events[:position]).context)
                with decider.execution(run, polled=polled) as cold:
                    assert Resident(cold).decide(story.events[:position]).context == contexts[-1]
    assert contexts == [packing, shipping, STAMP if polled else '{"$pyflow":1}']


def test_a_state_is_seen_from_outside_on_a_whole_swf():
    with house(States) as it:
        run = it.start(States)
        it.settle()
        described = it.client.describe_workflow_execution(
            domain=it.swf.domain, execution={"workflowId": run["workflowId"], "runId": run["runId"]}
        )
        assert read_context(described["latestExecutionContext"]).state == '{"step": "packing"}'


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (["".join(chr(0x4E00 + n * n * 7919 % 20_000) for n in range(12_001))], "SWF takes 12000"),
        (object(), "state of workflow"),
    ],
)
def test_a_state_that_can_not_be_shown_is_refused_where_it_is_set(value, said):
    class Shows(pyflow.Workflow):
        NAME = "Shows"

        def run(self, _):
            self.swf.set_state(value)

    [decision] = decided(Shows, HistoryBuilder().turn())
    assert said in decision["failWorkflowExecutionDecisionAttributes"]["details"]
