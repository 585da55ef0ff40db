"""The histories that SWF writes, as its users have recorded them: event by event, `=` where one has the time of
the event before it. A second passes between steps, so that everything else differs."""

from __future__ import annotations

from typing import Any

import pytest
from local.direct import Direct, attributes, child, complete, decision, schedule, timer


class Passing(Direct):
    """A service whose clock goes on a second before whatever is asked of it."""

    def __call__(self, operation: str, /, **request: Any) -> Any:
        self.advance(1)
        return super().__call__(operation, **request)


@pytest.fixture
def swf() -> Direct:
    return Passing()


def told(swf: Direct, workflow_id: str = "o1") -> list[str]:
    """A history: number, `=` or nothing, type, and what it links to."""
    lines, time = [], None
    for event in swf.history(workflow_id):
        same = " =" if event["eventTimestamp"] == time else ""
        time = event["eventTimestamp"]
        members = attributes(event)
        shown = (
            "activityId",
            "cause",
            "timeoutType",
            "scheduledEventId",
            "startedEventId",
            "initiatedEventId",
        )
        rest = "".join(f" {members[name]}" for name in shown if name in members)
        lines.append(f"{event['eventId']}{same} {event['eventType']}{rest}")
    return lines


def test_a_result_that_comes_while_a_decider_is_at_work_is_not_lost(swf: Direct) -> None:
    swf.start()
    first = swf.decide(schedule("a1"), schedule("a2"))
    one, two = swf.work(), swf.work()
    swf.complete(one)
    second = swf.poll()
    swf.complete(two)
    swf.respond(second)
    third = swf.poll()
    swf.respond(third, complete())
    assert told(swf) == [
        "1 WorkflowExecutionStarted",
        "2 = DecisionTaskScheduled",
        "3 DecisionTaskStarted 2",
        "4 DecisionTaskCompleted 2 3",
        "5 = ActivityTaskScheduled a1",
        "6 = ActivityTaskScheduled a2",
        "7 ActivityTaskStarted 5",
        "8 ActivityTaskStarted 6",
        "9 ActivityTaskCompleted 5 7",
        "10 = DecisionTaskScheduled",
        "11 DecisionTaskStarted 10",
        "12 ActivityTaskCompleted 6 8",
        "13 = DecisionTaskScheduled",
        "14 DecisionTaskCompleted 10 11",
        "15 DecisionTaskStarted 13",
        "16 DecisionTaskCompleted 13 15",
        "17 = WorkflowExecutionCompleted",
    ]
    numbers = [(task["previousStartedEventId"], task["startedEventId"]) for task in (first, second, third)]
    assert numbers == [(0, 3), (3, 11), (11, 15)]


def test_a_close_that_races_with_a_result_fails_and_is_asked_for_again(swf: Direct) -> None:
    swf.start()
    swf.decide(schedule("a1"), schedule("a2"))
    one, two = swf.work(), swf.work()
    swf.complete(one)
    task = swf.poll()
    swf.complete(two)
    swf.respond(task, complete())
    swf.poll()
    assert told(swf)[11:] == [
        "12 ActivityTaskCompleted 6 8",
        "13 = DecisionTaskScheduled",
        "14 DecisionTaskCompleted 10 11",
        "15 = CompleteWorkflowExecutionFailed UNHANDLED_DECISION",
        "16 DecisionTaskStarted 13",
    ]


def test_a_decider_that_does_not_answer_is_asked_again(swf: Direct) -> None:
    swf.start()
    swf.poll()
    swf.advance(10)
    swf.poll()
    assert told(swf) == [
        "1 WorkflowExecutionStarted",
        "2 = DecisionTaskScheduled",
        "3 DecisionTaskStarted 2",
        "4 DecisionTaskTimedOut START_TO_CLOSE 2 3",
        "5 = DecisionTaskScheduled",
        "6 DecisionTaskStarted 5",
    ]


def test_a_decision_that_fails_leaves_the_rest_of_its_batch_alone(swf: Direct) -> None:
    swf.start()
    swf.decide(schedule(activityType={"name": "nobody", "version": "1"}), timer(seconds="60"))
    assert told(swf)[3:] == [
        "4 DecisionTaskCompleted 2 3",
        "5 = ScheduleActivityTaskFailed a1 ACTIVITY_TYPE_DOES_NOT_EXIST",
        "6 = TimerStarted",
        "7 = DecisionTaskScheduled",
    ]


def test_an_activity_whose_worker_falls_silent_times_out(swf: Direct) -> None:
    swf.start()
    swf.decide(schedule(heartbeatTimeout="3"), timer(seconds="60"))
    token = swf.work()["taskToken"]
    swf("RecordActivityTaskHeartbeat", taskToken=token, details="half")
    swf.advance(3)
    assert told(swf)[6:] == [
        "7 ActivityTaskStarted 5",
        "8 ActivityTaskTimedOut HEARTBEAT 5 7",
        "9 = DecisionTaskScheduled",
    ]
    assert swf.last("ActivityTaskTimedOut")["details"] == "half"


def test_an_activity_that_nobody_has_started_is_canceled_with_the_request(swf: Direct) -> None:
    swf.start()
    swf.decide(schedule(), timer(seconds="60"))
    swf.signal()
    swf.decide(decision("RequestCancelActivityTask", activityId="a1"))
    assert told(swf)[9:] == [
        "10 DecisionTaskCompleted 8 9",
        "11 = ActivityTaskCancelRequested a1",
        "12 = ActivityTaskCanceled 5 0",
        "13 = DecisionTaskScheduled",
    ]
    assert swf.last("ActivityTaskCanceled")["latestCancelRequestedEventId"] == 11


def test_a_child_begins_and_ends_in_the_history_of_its_parent(swf: Direct) -> None:
    swf.start("p")
    swf.decide(child("c1"))
    swf.decide()
    swf.decide(complete(), task_list="children")
    assert told(swf, "p") == [
        "1 WorkflowExecutionStarted",
        "2 = DecisionTaskScheduled",
        "3 DecisionTaskStarted 2",
        "4 DecisionTaskCompleted 2 3",
        "5 = StartChildWorkflowExecutionInitiated",
        "6 = ChildWorkflowExecutionStarted 5",
        "7 = DecisionTaskScheduled",
        "8 DecisionTaskStarted 7",
        "9 DecisionTaskCompleted 7 8",
        "10 ChildWorkflowExecutionCompleted 6 5",
        "11 = DecisionTaskScheduled",
    ]
