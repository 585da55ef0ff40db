"""Operators' orders: who is obeyed, what each does, and that a marker says so for ever."""

from __future__ import annotations

import json
import logging

import pytest
from decider.test_steps import activity_decision, complete, lambda_decision, timer_decision
from flow.house import house
from flow.stamps import STAMP, replayed, types

import pyflow
from pyflow import codec
from pyflow.history.reserved import OPERATOR
from pyflow.testing.story import HistoryBuilder, replay_every_turn

KEY = b"a key of the operators"
NONCES = {
    "retry": "nonce-01",
    "result": "nonce-02",
    "failure": "nonce-03",
    "pause": "nonce-04",
    "resume": "nonce-05",
}


def order(operation, target=None, value=None, *, key=KEY, run_id="run", nonce=None):
    """The document that gives an order."""
    made = codec.Order(operation, "ada", nonce or NONCES[operation], target, value)
    return codec.encode_order(made, key, run_id)


def ordered(story, document):
    """Somebody sent it."""
    return story.add(
        "WorkflowExecutionSignaled", signalName=OPERATOR, input=document, externalInitiatedEventId=0
    )


def taken(story, document):
    """The decider recorded that it took it."""
    nonce = json.loads(document)["nonce"]
    name = f"pyflow.operator.{nonce}"
    return story.add("MarkerRecorded", markerName=name, details=document, decisionTaskCompletedEventId=1)


def marker(document):
    nonce = json.loads(document)["nonce"]
    return {
        "decisionType": "RecordMarker",
        "recordMarkerDecisionAttributes": {"markerName": f"pyflow.operator.{nonce}", "details": document},
    }


class Waits(pyflow.Workflow):
    NAME = "Waits"

    def run(self, value):
        future = self.swf.invoke_activity("resize", "1")
        try:
            size = future.result()
        except pyflow.InvocationFailedException as error:
            size = [error.reason, error.details]
        self.swf.sleep(5)
        return size


def waiting(context):
    return HistoryBuilder().turn().decided(context).activity("activity1")


RESULT = order("result", "activity1", '{"width": 7}')
FAILURE = order("failure", "activity1", {"reason": "Wrong", "details": "picture"})
PAUSE, RESUME = order("pause"), order("resume")


@pytest.mark.parametrize(
    ("document", "result"), [(RESULT, '{"width": 7}'), (FAILURE, '["Wrong", "picture"]')]
)
def test_a_step_is_given_its_end_and_what_it_answers_later_is_nothing(document, result):
    def story_of(context):
        story = ordered(waiting(context), document).turn().decided()
        taken(story, document).timer("sleep1").completed("activity1", "late").turn()
        return story.decided().fired("sleep1").turn()

    assert replayed(Waits, story_of, operator_key=KEY)[1:] == [
        [marker(document), timer_decision("sleep1", "5")],
        [],
        [complete(result)],
    ]


def test_a_decider_without_a_key_replays_what_was_taken_and_takes_nothing_itself():
    story = taken(ordered(waiting(STAMP), RESULT).turn().decided(), RESULT).timer("sleep1").fired("sleep1")
    decider = pyflow.Decider([Waits], "domain", "deciders", None, client=object())
    task = story.turn().task("Waits")
    assert decider.process_decision_task(task).decisions == [complete('{"width": 7}')]
    task = ordered(waiting(STAMP), RESULT).turn().task("Waits")
    assert decider.process_decision_task(task).decisions == []


def test_an_order_that_nobody_took_stays_without_effect_even_for_a_decider_with_the_key():
    story = ordered(waiting(STAMP), RESULT).turn().decided().completed("activity1", 3).turn()
    last = replay_last(story)
    assert last == [timer_decision("sleep1", "5")]


def replay_last(story, key=KEY):
    decider = pyflow.Decider([Waits], "domain", "deciders", None, client=object(), operator_key=key)
    return decider.process_decision_task(story.task("Waits")).decisions


@pytest.mark.parametrize(
    "document",
    [
        order("result", "activity1", "1", key=b"another key"),
        order("result", "activity1", "1", run_id="another run"),
        RESULT.replace("7", "8"),
        "{",
        None,
    ],
)
def test_an_order_that_is_not_signed_for_this_run_is_ignored_and_logged(document, caplog):
    story = ordered(waiting(None), document).turn()
    assert replay_every_turn(Waits, story, operator_key=KEY)[-1] == []
    assert "workflow ignores an operator's order: its signature is wrong, or it is unreadable" in caplog.text


def test_an_order_is_taken_once(caplog):
    def story_of(context):
        story = ordered(ordered(waiting(context), PAUSE), PAUSE).turn().decided()
        return ordered(taken(story, PAUSE), PAUSE).turn()

    assert replayed(Waits, story_of, operator_key=KEY)[1:] == [[marker(PAUSE)], []]
    assert "ignores an operator's order: nonce-04 was taken" in caplog.text


def test_a_nonce_that_somebody_copied_takes_nothing_in_the_name_of_the_order():
    forged = json.dumps({**json.loads(RESULT), "value": '"forged"'})

    def story_of(context):
        story = ordered(ordered(waiting(context), forged), RESULT).turn().decided()
        return taken(story, RESULT).timer("sleep1").fired("sleep1").turn()

    assert replayed(Waits, story_of, operator_key=KEY)[-1] == [complete('{"width": 7}')]


def test_orders_are_marked_before_all_else_in_their_order():
    second = order("result", "sleep1", "null", nonce="nonce-06")

    class Both(pyflow.Workflow):
        NAME = "Both"

        def run(self, value):
            timer = self.swf.start_timer(60)
            self.swf.invoke_activity("resize", "1").result()
            timer.result()
            self.swf.invoke_once(lambda: 1)
            return "done"

    def story_of(context):
        story = HistoryBuilder().turn().decided(context).timer("sleep1", 60).activity("activity1")
        return ordered(ordered(story, RESULT), second).turn()

    last = replayed(Both, story_of, operator_key=KEY)[-1]
    assert last[:2] == [marker(RESULT), marker(second)]
    assert types([last[2:]]) == [["RecordMarker", "CompleteWorkflowExecution"]]


def test_a_marker_stands_before_what_the_runtime_asks_for_by_itself():
    class Function(pyflow.Workflow):
        NAME = "Function"

        def run(self, value):
            return self.swf.invoke_lambda("price", None).result()

    def story_of(context):
        story = HistoryBuilder().turn().decided(context).lambda_function("lambda1", "price")
        return ordered(story.failed("lambda1", "ServiceException"), PAUSE).turn()

    last = replayed(Function, story_of, operator_key=KEY)[-1]
    assert last == [marker(PAUSE), lambda_decision("lambda1", "price")]


def test_while_a_run_is_paused_news_is_taken_and_no_code_runs():
    def story_of(context):
        story = taken(ordered(waiting(context), PAUSE).turn().decided(), PAUSE)
        story.completed("activity1", 3).turn().decided().cancel_requested().turn().decided()
        return ordered(story, RESUME).turn()

    class Tidy(Waits):
        ON_CANCEL = "raise"

    turns = replayed(Tidy, story_of, operator_key=KEY)
    assert types(turns)[1:] == [["RecordMarker"], [], [], ["RecordMarker", "CancelWorkflowExecution"]]


def test_a_paused_run_does_not_close_before_it_is_resumed():
    def story_of(context):
        story = taken(ordered(waiting(context), PAUSE).turn().decided(), PAUSE).cancel_requested().turn()
        return ordered(story.decided(), RESUME).turn()

    turns = replayed(Waits, story_of, operator_key=KEY)
    assert types(turns)[1:] == [["RecordMarker"], [], ["RecordMarker", "CancelWorkflowExecution"]]


def test_a_close_that_swf_refused_waits_for_the_end_of_a_pause_too():
    class Echo(pyflow.Workflow):
        NAME = "Echo"

        def run(self, value):
            return value

    def story_of(context):
        story = ordered(HistoryBuilder(1).turn(), PAUSE).decided(context)
        story.refused("CompleteWorkflowExecutionFailed", "UNHANDLED_DECISION").turn()
        return ordered(taken(story.decided(), PAUSE), RESUME).turn()

    turns = replayed(Echo, story_of, operator_key=KEY)
    assert turns == [[complete("1")], [marker(PAUSE)], [marker(RESUME), complete("1")]]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (order("result", "activity2", "1"), "no such step is open"),
        (order("retry", "activity1"), "it does not wait for another attempt"),
        (order("retry", "activity2"), "no such step is open"),
        (order("result", "activity1", "{"), "the value is no payload"),
        (order("result", "pyflow.pace1", "1"), "no such step is open"),
    ],
)
def test_an_order_that_can_do_nothing_is_taken_all_the_same(document, why, caplog):
    caplog.set_level(logging.INFO)
    turns = replayed(Waits, lambda context: ordered(waiting(context), document).turn(), operator_key=KEY)
    assert turns[-1] == [marker(document)]
    nonce = json.loads(document)["nonce"]
    operation = json.loads(document)["operation"]
    target = json.loads(document)["target"]
    assert f"took the order {nonce} of ada: {operation} {target}, without effect: {why}" in caplog.text


def test_what_ends_by_itself_in_the_same_turn_ends_so():
    def story_of(context):
        return ordered(waiting(context), RESULT).completed("activity1", 3).turn()

    last = replayed(Waits, story_of, operator_key=KEY)[-1]
    assert last == [marker(RESULT), timer_decision("sleep1", "5")]


class Retries(pyflow.Workflow):
    NAME = "Retries"
    resize = pyflow.ActivityDescriptor("resize", "1").using(retry=pyflow.RetryPolicy(5, first=3600, jitter=0))

    def run(self, value):
        return self.resize().result()


def backing_off(context):
    story = waiting(context).failed("activity1", "Broke").turn().decided()
    return story.timer("activity1.backoff2", 3600)


CANCEL_BACKOFF = {
    "decisionType": "CancelTimer",
    "cancelTimerDecisionAttributes": {"timerId": "activity1.backoff2"},
}
RETRY = order("retry", "activity1")


@pytest.mark.parametrize("target", ["activity1", "activity1.backoff2"])
def test_a_step_that_backs_off_is_attempted_now(target):
    document = order("retry", target)

    def story_of(context):
        story = ordered(backing_off(context), document).turn().decided()
        taken(story, document).timer_canceled("activity1.backoff2").activity("activity1.attempt2")
        return story.completed("activity1.attempt2", 3).turn()

    assert replayed(Retries, story_of, operator_key=KEY)[2:] == [
        [marker(document), CANCEL_BACKOFF, activity_decision("activity1.attempt2")],
        [complete("3")],
    ]


def test_a_failure_and_the_order_to_try_again_in_one_turn_need_no_timer():
    def story_of(context):
        return ordered(waiting(context), RETRY).failed("activity1", "Broke").turn()

    last = replayed(Retries, story_of, operator_key=KEY)[-1]
    assert last == [marker(RETRY), activity_decision("activity1.attempt2")]


def test_a_step_that_backs_off_is_given_its_result_and_its_timer_is_canceled():
    def story_of(context):
        return ordered(backing_off(context), RESULT).turn()

    last = replayed(Retries, story_of, operator_key=KEY)[-1]
    assert last == [marker(RESULT), CANCEL_BACKOFF, complete('{"width": 7}')]


def test_a_forced_failure_is_not_tried_again():
    def story_of(context):
        return ordered(waiting(context), FAILURE).turn()

    [first, failed] = replayed(Retries, story_of, operator_key=KEY)[-1]
    assert first == marker(FAILURE)
    assert failed["decisionType"] == "FailWorkflowExecution"


class Parents(pyflow.Workflow):
    NAME = "Parents"

    def run(self, value):
        child = self.swf.invoke_child_workflow("Child", "1.0")
        return [child.started.result(), child.result()]


def test_a_child_that_never_starts_is_given_its_result():
    started = replay_every_turn(Parents, HistoryBuilder().turn())[0][0]
    child_id = started["startChildWorkflowExecutionDecisionAttributes"]["workflowId"]
    document = order("result", child_id, "5")

    def story_of(context):
        return ordered(HistoryBuilder().turn().decided(context).child(child_id, "Child"), document).turn()

    assert replayed(Parents, story_of, operator_key=KEY)[-1] == [marker(document), complete("[null, 5]")]


class Wide(pyflow.Workflow):
    """Asks for more activities than may be open: the last one is kept back."""

    NAME = "Wide"

    def run(self, value):
        futures = [self.swf.invoke_activity("resize", "1") for _ in range(1001)]
        return futures[-1].result()


def test_a_step_that_was_kept_back_is_not_sent_any_more():
    story = HistoryBuilder().turn().decided(STAMP)
    for number in range(1, 1001):
        story.activity(f"activity{number}")
    document = order("result", "activity1001", '"skipped"')
    ordered(story, document).turn()
    decider = pyflow.Decider([Wide], "domain", "deciders", None, client=object(), operator_key=KEY)
    assert decider.process_decision_task(story.task("Wide")).decisions == [
        marker(document),
        complete('"skipped"'),
    ]


def test_workflow_code_never_sees_a_signal_of_the_runtimes():
    class Listens(pyflow.Workflow):
        NAME = "Listens"

        def run(self, value):
            self.swf.sleep(5)
            return [signal.name for signal in self.swf._execution.signals.unread()]

    story = HistoryBuilder().turn().decided().timer("sleep1")
    for name in ("pyflow.operator", "pyflow.later", "item"):
        story.add("WorkflowExecutionSignaled", signalName=name, input="1")
    assert replay_every_turn(Listens, story.fired("sleep1").turn())[-1] == [complete('["item"]')]


@pytest.mark.parametrize("key", [b"", "text"])
def test_a_key_that_is_none_is_refused_when_the_decider_is_made(key):
    with pytest.raises(pyflow.PyflowException, match="an operator key is one byte or more, and as bytes"):
        pyflow.Decider([Waits], "domain", "deciders", None, client=object(), operator_key=key)


class Days(pyflow.Workflow):
    NAME = "Days"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 30_000_000}

    def run(self, value):
        self.swf.invoke_activity("note", "1").result()
        self.swf.sleep(86_400)
        return "slept"


@pytest.mark.parametrize("residents", [1000, 0])
def test_a_run_is_paused_resumed_and_hurried_on_a_whole_swf(residents):
    with house(
        Days, activities={"note": lambda value: None}, max_resident_runs=residents, operator_key=KEY
    ) as it:
        run = it.start(Days)

        def tell(document):
            it.client.signal_workflow_execution(
                domain=it.swf.domain, workflowId=run["workflowId"], signalName=OPERATOR, input=document
            )
            it.settle()

        tell(order("pause", run_id=run["runId"]))
        assert [event["eventType"] for event in it.history(run)][-1] == "MarkerRecorded"
        tell(order("resume", run_id=run["runId"]))
        before = it.swf.now
        tell(order("result", "sleep1", "null", run_id=run["runId"]))
        assert it.finish(run).result == '"slept"'
        assert it.swf.now == before
        markers = [
            event["markerRecordedEventAttributes"]["markerName"]
            for event in it.history(run)
            if event["eventType"] == "MarkerRecorded"
        ]
        assert markers == [f"pyflow.operator.nonce-0{number}" for number in (4, 5, 2)]
