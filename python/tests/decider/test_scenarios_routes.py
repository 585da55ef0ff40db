"""Every route of an event, every change of every kind that it can happen to, and every class of refusal: a story each."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from decider.test_steps import complete

import pyflow
from pyflow.history.event import attributes_key
from pyflow.history.kinds import (
    ACTIVITY,
    CANCEL,
    CANCEL_ACTIVITY,
    CANCEL_EXTERNAL,
    CANCEL_TIMER,
    CHILD,
    COMPLETE,
    CONTINUE_AS_NEW,
    FAIL,
    KINDS,
    LAMBDA,
    MARKER,
    SIGNAL_EXTERNAL,
    TIMER,
    Kind,
)
from pyflow.history.routes import ROUTES, Change, Role
from pyflow.testing.story import HistoryBuilder, replay_every_turn

STAMP = '{"$pyflow":1,"behaviour":1}'
OPENED = 5  # the event that opened the operation of a story


class Asks(pyflow.Workflow):
    """Asks for one step, by the word of its kind, and returns how it ended."""

    NAME = "Asks"

    def run(self, word):
        try:
            return ["ok", getattr(self, word.replace(" ", "_"))().result()]
        except pyflow.InvocationException as error:
            return [type(error).__name__, error.reason]

    def activity(self):
        return self.swf.invoke_activity("resize", "1")

    def lambda_function(self):
        return self.swf.invoke_lambda("price", None)

    def timer(self):
        return self.swf.start_timer(5)

    def child_workflow(self):
        return self.swf.invoke_child_workflow("Ship", "1.0", workflow_id="ship")

    def child_started(self):
        return self.swf.invoke_child_workflow("Ship", "1.0", workflow_id="ship").started

    def signal(self):
        return self.swf.signal_workflow("other", "hello")

    def cancel_of_workflow(self):
        return self.swf.cancel_workflow("other")

    def marker(self):
        return self.swf.invoke_once(lambda: "noted")

    def cancel_of_timer(self):
        timer = self.swf.start_timer(5)
        self.swf.signal("go").result()
        timer.cancel()
        self.swf.signal("go").result()
        return timer

    def cancel_of_activity(self):
        activity = self.activity()
        self.swf.signal("go").result()
        activity.cancel()
        return activity

    def hears(self):
        self.swf.signal("go").result()
        return self.swf.spawn(lambda: "heard")


OF: dict[Kind, dict[str, Any]] = {
    ACTIVITY: {"activityId": "activity1", "activityType": {"name": "resize", "version": "1"}},
    LAMBDA: {"id": "lambda1", "name": "price"},
    TIMER: {"timerId": "sleep1", "startToFireTimeout": "5"},
    CHILD: {"workflowId": "ship", "workflowType": {"name": "Ship", "version": "1.0"}},
    SIGNAL_EXTERNAL: {"workflowId": "other", "signalName": "hello"},
    CANCEL_EXTERNAL: {"workflowId": "other"},
}
"""What tells an operation of a kind, in the decision and in each event about it."""


def begun(word: str, context: str | None = None) -> HistoryBuilder:
    return HistoryBuilder(word).turn().decided(context)


def opened(kind: Kind, word: str = "", context: str | None = None) -> HistoryBuilder:
    return begun(word or kind.word, context).add(kind.opened, **OF[kind], decisionTaskCompletedEventId=4)


def ends(kind: Kind, event_type: str, **attributes: Any) -> HistoryBuilder:
    """The operation was taken by SWF, and ended with such an event."""
    return (
        opened(kind).add(event_type, **{ROUTES[event_type].origin: OPENED}, **OF[kind], **attributes).turn()
    )


def refused(kind: Kind, cause: str, context: str | None = None) -> HistoryBuilder:
    """SWF did not take it."""
    return begun(kind.word, context).refused(kind.refused, cause, **OF[kind]).turn()


def marker(answer: Callable[[HistoryBuilder], HistoryBuilder]) -> HistoryBuilder:
    """A run that closes in the turn of its marker, and whose close was refused."""
    return answer(begun("marker")).refused("CompleteWorkflowExecutionFailed", "UNHANDLED_DECISION").turn()


def canceled_timer(answer: Callable[[HistoryBuilder], HistoryBuilder]) -> HistoryBuilder:
    story = begun("cancel of timer").timer("sleep1").signaled("go").turn().decided()
    return answer(story).signaled("go").turn()


def canceled_activity(*, taken: bool) -> HistoryBuilder:
    story = begun("cancel of activity").activity("activity1").signaled("go").turn().decided()
    if taken:
        return story.cancel_asked("activity1").canceled("activity1").turn()
    story.refused("RequestCancelActivityTaskFailed", "ACTIVITY_ID_UNKNOWN", activityId="activity1")
    return story.completed("activity1", 7).turn()


FAILED, TIMED_OUT, CANCELED = (f"Invocation{how}Exception" for how in ("Failed", "TimedOut", "Canceled"))
PLAIN = "OPERATION_NOT_PERMITTED"

ENDS: list[tuple[HistoryBuilder, list[Any]]] = [
    (ends(ACTIVITY, "ActivityTaskCompleted", result="7"), ["ok", 7]),
    (ends(ACTIVITY, "ActivityTaskFailed", reason="Busy"), [FAILED, "Busy"]),
    (ends(ACTIVITY, "ActivityTaskTimedOut", timeoutType="HEARTBEAT"), [TIMED_OUT, "activity1 timed out (HEARTBEAT)"]),
    (ends(ACTIVITY, "ActivityTaskCanceled"), [CANCELED, None]),
    (ends(LAMBDA, "LambdaFunctionCompleted", result="7"), ["ok", 7]),
    (ends(LAMBDA, "LambdaFunctionFailed", reason="UnhandledError"), [FAILED, "UnhandledError"]),
    (ends(LAMBDA, "LambdaFunctionTimedOut", timeoutType="START_TO_CLOSE"),
     [TIMED_OUT, "lambda1 timed out (START_TO_CLOSE)"]),
    (ends(LAMBDA, "StartLambdaFunctionFailed", cause="ASSUME_ROLE_FAILED"), [FAILED, "ASSUME_ROLE_FAILED"]),
    (ends(TIMER, "TimerFired"), ["ok", None]),
    (ends(CHILD, "ChildWorkflowExecutionCompleted", result="7"), ["ok", 7]),
    (ends(CHILD, "ChildWorkflowExecutionFailed", reason="Busy"), [FAILED, "Busy"]),
    (ends(CHILD, "ChildWorkflowExecutionTimedOut", timeoutType="START_TO_CLOSE"),
     [TIMED_OUT, "ship timed out (START_TO_CLOSE)"]),
    (ends(CHILD, "ChildWorkflowExecutionCanceled"), [CANCELED, None]),
    (ends(CHILD, "ChildWorkflowExecutionTerminated"), [FAILED, "Child workflow was terminated"]),
    (ends(CHILD, "StartChildWorkflowExecutionFailed", cause="WORKFLOW_ALREADY_RUNNING"),
     [FAILED, "WORKFLOW_ALREADY_RUNNING"]),
    (ends(SIGNAL_EXTERNAL, "ExternalWorkflowExecutionSignaled"), ["ok", None]),
    (ends(SIGNAL_EXTERNAL, "SignalExternalWorkflowExecutionFailed", cause="UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION"),
     [FAILED, "UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION"]),
    (ends(CANCEL_EXTERNAL, "ExternalWorkflowExecutionCancelRequested"), ["ok", None]),
    (ends(CANCEL_EXTERNAL, "RequestCancelExternalWorkflowExecutionFailed", cause="UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION"),
     [FAILED, "UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION"]),
    (opened(CHILD, "child started").add("ChildWorkflowExecutionStarted", initiatedEventId=OPENED,
                                        workflowExecution={"workflowId": "ship", "runId": "r2"}).turn(), ["ok", "r2"]),
    (marker(lambda story: story.marker("invoke_once1", {"succeeded": True, "result": "noted"})), ["ok", "noted"]),
    (marker(lambda story: story.refused("RecordMarkerFailed", PLAIN, markerName="invoke_once1")), ["ok", "noted"]),
    (canceled_timer(lambda story: story.timer_canceled("sleep1")), [CANCELED, None]),
    (canceled_timer(lambda story: story.refused("CancelTimerFailed", "TIMER_ID_UNKNOWN", timerId="sleep1")),
     [CANCELED, None]),
    (canceled_activity(taken=True), [CANCELED, None]),
    (canceled_activity(taken=False), ["ok", 7]),
    (HistoryBuilder("hears").signaled("go").turn(), ["ok", "heard"]),
    (HistoryBuilder("hears").turn().turn_timed_out().signaled("go").turn(), ["ok", "heard"]),
    (opened(ACTIVITY).add("ActivityTaskStarted", scheduledEventId=OPENED)
     .add("ActivityTaskCompleted", scheduledEventId=OPENED, result="8").turn(), ["ok", 8]),
    (opened(LAMBDA).add("LambdaFunctionStarted", scheduledEventId=OPENED)
     .add("LambdaFunctionCompleted", scheduledEventId=OPENED, result="8").turn(), ["ok", 8]),
    *((refused(kind, PLAIN), [FAILED, PLAIN]) for kind in OF),
]  # fmt: skip
"""Stories whose last decision is a completion with this result."""


@pytest.mark.parametrize(("story", "result"), ENDS, ids=[" ".join(map(str, result)) for _, result in ENDS])
def test_a_step_ends(story, result):
    [*_, close] = replay_every_turn(Asks, story)[-1]
    assert close == complete(json.dumps(result))


PACED: dict[Kind, str] = {
    ACTIVITY: "ACTIVITY_CREATION_RATE_EXCEEDED",
    LAMBDA: "LAMBDA_FUNCTION_CREATION_RATE_EXCEEDED",
    TIMER: "OPEN_TIMERS_LIMIT_EXCEEDED",
    CHILD: "OPEN_CHILDREN_LIMIT_EXCEEDED",
    SIGNAL_EXTERNAL: "SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_RATE_EXCEEDED",
    CANCEL_EXTERNAL: "REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_RATE_EXCEEDED",
}


def paced(kind: Kind) -> HistoryBuilder:
    story = refused(kind, PACED[kind], STAMP).decided().timer("pyflow.pace1", 1)
    return story.fired("pyflow.pace1").turn()


@pytest.mark.parametrize("kind", PACED, ids=lambda kind: kind.word)
def test_what_is_refused_for_the_moment_is_asked_for_again_after_a_timer(kind):
    first, wait, again = (types(each) for each in replay_every_turn(Asks, paced(kind), polled=True))
    assert (first, wait, again) == ([kind.decision], ["StartTimer"], [kind.decision])


@pytest.mark.parametrize("kind", PACED, ids=lambda kind: kind.word)
def test_in_a_run_without_a_stamp_it_fails_its_step(kind):
    [*_, close] = replay_every_turn(Asks, refused(kind, PACED[kind]))[-1]
    assert close == complete(json.dumps([FAILED, PACED[kind]]))


class Closes(pyflow.Workflow):
    """Closes at once, in the way it is told."""

    NAME = "Closes"

    def run(self, how):
        if how == "fails":
            raise pyflow.WorkflowFailedException("BROKEN", "as told")
        if how == "is canceled":
            self.swf.sleep(5)
        if how == "continues as new":
            self.swf.continue_as_new("on")
        return "done"


CLOSES = {COMPLETE: "completes", FAIL: "fails", CANCEL: "is canceled", CONTINUE_AS_NEW: "continues as new"}
PASSING = "CONTINUE_AS_NEW_WORKFLOW_EXECUTION_RATE_EXCEEDED"
UNHANDLED = "UNHANDLED_DECISION"
CAUSES = dict.fromkeys(CLOSES, (UNHANDLED, PLAIN)) | {CONTINUE_AS_NEW: (UNHANDLED, PLAIN, PASSING)}
"""The classes of causes that SWF has for each."""


def closing(kind: Kind) -> HistoryBuilder:
    """Up to the answer that closes."""
    story = HistoryBuilder(CLOSES[kind])
    if kind is CANCEL:
        story.cancel_requested()
    return story.turn().decided(STAMP)


def close_refused(kind: Kind, cause: str) -> HistoryBuilder:
    story = closing(kind).refused(kind.refused, cause).turn()
    if cause == PASSING:
        story.decided().timer("pyflow.pace1", 1).fired("pyflow.pace1").turn()
    return story


def types(decisions: list[dict[str, Any]]) -> list[str]:
    return [each["decisionType"] for each in decisions]


@pytest.mark.parametrize("kind", CLOSES, ids=lambda kind: kind.word)
def test_a_close_is_asked_for_again_once_the_news_was_taken(kind):
    decided = replay_every_turn(Closes, close_refused(kind, UNHANDLED), polled=True)
    assert [types(each) for each in decided] == [[kind.decision], [kind.decision]]


def test_a_continue_as_new_that_is_refused_for_the_moment_is_asked_for_again_after_a_timer():
    decided = replay_every_turn(Closes, close_refused(CONTINUE_AS_NEW, PASSING), polled=True)
    again = ["ContinueAsNewWorkflowExecution"]
    assert [types(each) for each in decided] == [again, ["StartTimer"], again]


@pytest.mark.parametrize("kind", CLOSES, ids=lambda kind: kind.word)
def test_a_close_that_is_refused_for_good_fails_the_run_and_a_refused_failure_leaves_it_open(kind):
    decided = replay_every_turn(Closes, close_refused(kind, PLAIN), polled=True)
    then = [] if kind is FAIL else ["FailWorkflowExecution"]
    assert [types(each) for each in decided] == [[kind.decision], then]


ENDED = [closing(kind).add(kind.opened, decisionTaskCompletedEventId=4) for kind in CLOSES]
ENDED += [HistoryBuilder("completes").add(f"WorkflowExecution{how}") for how in ("TimedOut", "Terminated")]


@pytest.mark.parametrize("story", ENDED, ids=lambda story: story.events[-1]["eventType"])
def test_nothing_is_decided_behind_the_end_of_a_run(story):
    assert len(replay_every_turn(Closes, story, polled=True)) == (len(story.events) > 2)


STORIES = [
    *(story for story, _ in ENDS),
    *(paced(kind) for kind in PACED),
    *(close_refused(kind, cause) for kind in CLOSES for cause in CAUSES[kind]),
    *ENDED,
]


def happened() -> set[tuple[str, Change, Kind | None]]:
    """Each event that was news in a story, what it changed, and the kind of operation that it was about."""
    found = set()
    for story in STORIES:
        kinds = {event["eventId"]: ROUTES[event["eventType"]].kind for event in story.events}
        for event in story.events:
            route = ROUTES[event["eventType"]]
            origin = event[attributes_key(event["eventType"])].get(route.origin)
            if route.change is not None:
                found.add((event["eventType"], route.change, route.kind or kinds.get(origin)))
    return found


POSSIBLE = {
    Change.COMPLETED: {ACTIVITY, LAMBDA, TIMER, CHILD, SIGNAL_EXTERNAL, CANCEL_EXTERNAL},
    Change.FAILED: {ACTIVITY, LAMBDA, CHILD},
    Change.TIMED_OUT: {ACTIVITY, LAMBDA, CHILD},
    Change.CANCELED: {ACTIVITY, CHILD},
    Change.TERMINATED: {CHILD},
    Change.REFUSED: {kind for kind in KINDS if not kind.closes},
    Change.CLOSE_REFUSED: {kind for kind in KINDS if kind.closes},
    Change.CHILD_STARTED: {CHILD},
    Change.STARTED_RUN: {None},
    Change.CANCEL_REQUESTED: {None},
    Change.SIGNALED: {None},
}


def test_every_route_is_taken_by_a_story():
    assert {event["eventType"] for story in STORIES for event in story.events} == ROUTES.keys()


def test_every_change_happens_to_every_kind_that_it_can_happen_to():
    assert POSSIBLE.keys() == set(Change)
    assert {(change, kind) for _, change, kind in happened()} == {
        (change, kind) for change, kinds in POSSIBLE.items() for kind in kinds
    }
    assert {name for name, _, _ in happened()} == {
        name for name, route in ROUTES.items() if route.role in (Role.NEWS, Role.REFUSAL)
    }


def test_every_class_of_refusal_meets_every_kind():
    causes = {
        (ROUTES[event["eventType"]].kind, event[attributes_key(event["eventType"])]["cause"])
        for story in STORIES
        for event in story.events
        if ROUTES[event["eventType"]].role is Role.REFUSAL
    }
    assert {(kind, cause) for kind in CLOSES for cause in CAUSES[kind]} <= causes
    assert {(kind, cause) for kind in OF for cause in (PACED[kind], PLAIN)} <= causes
    assert MARKER in {kind for kind, _ in causes}
    assert {CANCEL_TIMER, CANCEL_ACTIVITY} <= {kind for kind, _ in causes}
