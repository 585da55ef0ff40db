"""Activity tasks: four timeouts, heartbeats, cancel requests, late answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from local.direct import ACTIVITY_DEFAULTS, CHARGE, Direct, child, complete, decision, schedule, timer

from pyflow.local.engine.fault import Fault
from pyflow.local.service.queues import Poll


def scheduled(swf: Direct, **members: object) -> None:
    swf.start()
    swf.decide(schedule(**members))


def test_a_schedule_takes_what_it_lacks_from_the_type(swf: Direct) -> None:
    scheduled(swf, input="in", control="c", startToCloseTimeout="30", taskPriority="5")
    assert swf.last("ActivityTaskScheduled") == {
        "activityType": {"name": "charge", "version": "1"},
        "activityId": "a1",
        "input": "in",
        "control": "c",
        "taskList": {"name": "workers"},
        "taskPriority": "5",
        "scheduleToStartTimeout": "NONE",
        "scheduleToCloseTimeout": "NONE",
        "startToCloseTimeout": "30",
        "heartbeatTimeout": "NONE",
        "decisionTaskCompletedEventId": 4,
    }


def test_a_worker_is_given_the_input_as_it_was_scheduled(swf: Direct) -> None:
    scheduled(swf, input="\ud800 \u0000 é")
    task = swf.work(identity="w")
    assert task["input"] == "\ud800 \u0000 é"
    assert (task["activityId"], task["startedEventId"]) == ("a1", 6)
    assert swf.last("ActivityTaskStarted") == {"identity": "w", "scheduledEventId": 5}
    assert swf.work() == {"startedEventId": 0}


@pytest.mark.parametrize(
    ("operation", "members", "event_type", "expected"),
    [
        ("RespondActivityTaskCompleted", {"result": "42"}, "ActivityTaskCompleted", {"result": "42"}),
        ("RespondActivityTaskCompleted", {}, "ActivityTaskCompleted", {}),
        (
            "RespondActivityTaskFailed",
            {"reason": "CardDeclined", "details": "{}"},
            "ActivityTaskFailed",
            {"reason": "CardDeclined", "details": "{}"},
        ),
        ("RespondActivityTaskCanceled", {"details": "d"}, "ActivityTaskCanceled", {"details": "d"}),
    ],
)
def test_an_answer_is_recorded_and_asks_the_decider(
    swf: Direct, operation: str, members: dict[str, str], event_type: str, expected: dict[str, str]
) -> None:
    scheduled(swf)
    token = swf.work()["taskToken"]
    swf(operation, taskToken=token, **members)
    assert swf.types(start=7) == [event_type, "DecisionTaskScheduled"]
    assert swf.last(event_type) == {**expected, "scheduledEventId": 5, "startedEventId": 6}
    with pytest.raises(Fault, match="Unknown activity, scheduledEventId = 5"):
        swf(operation, taskToken=token, **members)


@pytest.mark.parametrize(
    ("timeout", "kind", "after_start"),
    [
        ("scheduleToStartTimeout", "SCHEDULE_TO_START", False),
        ("scheduleToCloseTimeout", "SCHEDULE_TO_CLOSE", False),
        ("scheduleToCloseTimeout", "SCHEDULE_TO_CLOSE", True),
        ("startToCloseTimeout", "START_TO_CLOSE", True),
        ("heartbeatTimeout", "HEARTBEAT", True),
    ],
)
def test_each_timeout_closes_the_task_to_the_millisecond(
    swf: Direct, timeout: str, kind: str, after_start: bool
) -> None:
    scheduled(swf, **{timeout: "7"})
    if after_start:
        swf.work()
    swf.advance(6.999)
    assert swf.describe()["openCounts"]["openActivityTasks"] == 1
    swf.advance(0.001)
    assert swf.types()[-2:] == ["ActivityTaskTimedOut", "DecisionTaskScheduled"]
    started_id = 6 if after_start else 0
    assert swf.last("ActivityTaskTimedOut") == {
        "timeoutType": kind,
        "scheduledEventId": 5,
        "startedEventId": started_id,
    }
    assert swf.history()[-1]["eventTimestamp"] == 1767225607.0
    assert swf.work() == {"startedEventId": 0}


def test_a_heartbeat_postpones_its_timeout_and_leaves_its_details(swf: Direct) -> None:
    scheduled(swf, heartbeatTimeout="5", startToCloseTimeout="60")
    token = swf.work()["taskToken"]
    for beat in ("one", "two"):
        swf.advance(4)
        answer = swf("RecordActivityTaskHeartbeat", taskToken=token, details=beat)
        assert answer == {"cancelRequested": False}
    swf.advance(4)
    swf("RecordActivityTaskHeartbeat", taskToken=token)
    swf.advance(4.999)
    assert swf.types()[-1] == "ActivityTaskStarted"
    swf.advance(0.001)
    assert swf.last("ActivityTaskTimedOut") == {
        "timeoutType": "HEARTBEAT",
        "scheduledEventId": 5,
        "startedEventId": 6,
        "details": "two",
    }
    with pytest.raises(Fault, match="Unknown activity, scheduledEventId = 5"):
        swf("RecordActivityTaskHeartbeat", taskToken=token)


def test_a_cancel_request_reaches_the_worker_with_its_next_heartbeat(swf: Direct) -> None:
    scheduled(swf)
    token = swf.work()["taskToken"]
    swf.signal()
    swf.decide(decision("RequestCancelActivityTask", activityId="a1"))
    assert swf.types()[-1] == "ActivityTaskCancelRequested"
    assert swf("RecordActivityTaskHeartbeat", taskToken=token) == {"cancelRequested": True}
    swf("RespondActivityTaskCanceled", taskToken=token)
    assert swf.last("ActivityTaskCanceled") == {
        "scheduledEventId": 5,
        "startedEventId": 6,
        "latestCancelRequestedEventId": 11,
    }


def test_a_task_nobody_has_started_is_canceled_at_once(swf: Direct) -> None:
    scheduled(swf)
    swf.signal()
    swf.decide(decision("RequestCancelActivityTask", activityId="a1"))
    assert swf.types(start=10) == [
        "ActivityTaskCancelRequested",
        "ActivityTaskCanceled",
        "DecisionTaskScheduled",
    ]
    assert swf.last("ActivityTaskCanceled") == {
        "scheduledEventId": 5,
        "startedEventId": 0,
        "latestCancelRequestedEventId": 10,
    }
    assert swf.work() == {"startedEventId": 0}
    assert swf("CountPendingActivityTasks", taskList={"name": "workers"})["count"] == 0


def test_a_cancel_request_for_the_workflow_is_no_matter_of_its_activities(swf: Direct) -> None:
    scheduled(swf)
    token = swf.work()["taskToken"]
    swf("RequestCancelWorkflowExecution", workflowId="o1")
    assert swf("RecordActivityTaskHeartbeat", taskToken=token) == {"cancelRequested": False}


def test_an_id_is_free_again_once_its_task_is_closed(swf: Direct) -> None:
    scheduled(swf)
    swf.complete(swf.work())
    swf.decide(schedule("a1"))
    assert swf.types()[-1] == "ActivityTaskScheduled"


def test_a_task_whose_run_has_closed_is_not_handed_out_and_not_taken_back(swf: Direct) -> None:
    swf.start()
    swf.decide(schedule("a1"), schedule("a2"), timer())
    token = swf.work()["taskToken"]
    swf.advance(5)
    swf.decide(complete())
    assert swf.work() == {"startedEventId": 0}
    run_id = swf.newest("o1")
    for operation in ("RecordActivityTaskHeartbeat", "RespondActivityTaskCompleted"):
        with pytest.raises(Fault) as refused:
            swf(operation, taskToken=token)
        assert refused.value.message == (
            f"Unknown execution: WorkflowExecution=[workflowId=o1, runId={run_id}]"
        )
    assert swf.types()[-1] == "WorkflowExecutionCompleted"
    assert swf.describe()["openCounts"]["openActivityTasks"] == 2


def test_activities_of_higher_priority_go_first(swf: Direct) -> None:
    swf("RegisterActivityType", name="vip", version="1", defaultTaskPriority="9", **ACTIVITY_DEFAULTS)
    swf.start()
    swf.decide(
        schedule("low", taskPriority="-5"),
        schedule("unset"),
        schedule("typed", activityType={"name": "vip", "version": "1"}),
    )
    assert swf("CountPendingActivityTasks", taskList={"name": "workers"})["count"] == 3
    assert [swf.work()["activityId"] for _ in range(3)] == ["typed", "unset", "low"]


def test_the_first_of_several_timeouts_counts(swf: Direct) -> None:
    scheduled(swf, scheduleToCloseTimeout="9", startToCloseTimeout="5", heartbeatTimeout="6")
    swf.advance(1)
    swf.work()
    swf.advance(30)
    assert swf.last("ActivityTaskTimedOut")["timeoutType"] == "START_TO_CLOSE"
    assert swf.types().count("ActivityTaskTimedOut") == 1


def test_a_schedule_to_start_of_nothing_reaches_only_a_worker_that_waits(swf: Direct) -> None:
    scheduled(swf, scheduleToStartTimeout="0")
    assert swf.last("ActivityTaskTimedOut")["timeoutType"] == "SCHEDULE_TO_START"


def test_the_time_of_the_latest_activity_is_told(swf: Direct) -> None:
    swf.start()
    assert "latestActivityTaskTimestamp" not in swf.describe()
    swf.decide(schedule())
    swf.advance(3)
    swf.work()
    assert swf.describe()["latestActivityTaskTimestamp"] == 1767225603.0


def test_a_schedule_to_start_of_nothing_is_in_time_for_a_worker_that_waits(swf: Direct) -> None:
    swf.start()
    task = swf.poll()
    poll = Poll()
    swf.service.join("activity", "shop", "workers", poll)
    swf.respond(task, schedule(scheduleToStartTimeout="0"))
    assert poll.given is not None
    assert swf.types()[-1] == "ActivityTaskStarted"


@pytest.mark.parametrize("timeout", ["startToCloseTimeout", "heartbeatTimeout"])
def test_a_started_task_of_no_time_is_over_at_once(swf: Direct, timeout: str) -> None:
    scheduled(swf, **{timeout: "0"})
    token = swf.work()["taskToken"]
    with pytest.raises(Fault, match="Unknown activity, scheduledEventId = 5"):
        swf("RespondActivityTaskCompleted", taskToken=token)


@pytest.mark.parametrize(
    ("timeouts", "first"),
    [
        (("scheduleToStartTimeout", "scheduleToCloseTimeout"), "SCHEDULE_TO_START"),
        (("startToCloseTimeout", "scheduleToCloseTimeout", "heartbeatTimeout"), "START_TO_CLOSE"),
        (("scheduleToCloseTimeout", "heartbeatTimeout"), "SCHEDULE_TO_CLOSE"),
    ],
)
def test_of_timeouts_at_the_same_time_one_is_first(
    swf: Direct, timeouts: tuple[str, ...], first: str
) -> None:
    scheduled(swf, **dict.fromkeys(timeouts, "7"))
    if first != "SCHEDULE_TO_START":
        swf.work()
    swf.advance(7)
    assert swf.last("ActivityTaskTimedOut")["timeoutType"] == first


def test_an_execution_that_times_out_goes_before_all_that_is_due_with_it(swf: Direct) -> None:
    swf.start(executionStartToCloseTimeout="10")
    swf.decide(schedule(scheduleToStartTimeout="10"), timer(seconds="10"))
    swf.signal()
    swf.poll()
    swf.advance(10)
    assert swf.types()[-2:] == ["DecisionTaskStarted", "WorkflowExecutionTimedOut"]


def test_a_cancel_request_may_be_repeated_and_the_newest_is_named(swf: Direct) -> None:
    scheduled(swf)
    token = swf.work()["taskToken"]
    for _ in range(2):
        swf.signal()
        swf.decide(decision("RequestCancelActivityTask", activityId="a1"))
    swf("RespondActivityTaskCanceled", taskToken=token)
    assert swf.types().count("ActivityTaskCancelRequested") == 2
    assert swf.last("ActivityTaskCanceled")["latestCancelRequestedEventId"] == 16


@pytest.mark.parametrize("how", ["Completed", "Failed"])
def test_a_worker_may_pass_over_a_cancel_request(swf: Direct, how: str) -> None:
    scheduled(swf)
    token = swf.work()["taskToken"]
    swf.signal()
    swf.decide(decision("RequestCancelActivityTask", activityId="a1"))
    swf(f"RespondActivityTask{how}", taskToken=token)
    assert swf.last(f"ActivityTask{how}") == {"scheduledEventId": 5, "startedEventId": 6}


def test_a_task_that_is_closed_can_not_be_canceled(swf: Direct) -> None:
    scheduled(swf)
    swf.complete(swf.work())
    swf.decide(decision("RequestCancelActivityTask", activityId="a1"))
    assert swf.last("RequestCancelActivityTaskFailed")["cause"] == "ACTIVITY_ID_UNKNOWN"


def test_an_empty_text_is_told_as_it_came(swf: Direct) -> None:
    scheduled(swf, input="", control="", heartbeatTimeout="5")
    task = swf.work(identity="")
    assert task["input"] == ""
    assert swf.last("ActivityTaskStarted")["identity"] == ""
    assert swf.last("ActivityTaskScheduled")["control"] == ""
    swf("RecordActivityTaskHeartbeat", taskToken=task["taskToken"], details="")
    swf.advance(5)
    assert swf.last("ActivityTaskTimedOut")["details"] == ""


def test_a_heartbeat_writes_no_event_and_asks_nobody(swf: Direct) -> None:
    scheduled(swf)
    token = swf.work()["taskToken"]
    swf("RecordActivityTaskHeartbeat", taskToken=token, details="d")
    assert swf.types()[-1] == "ActivityTaskStarted"


def test_the_priority_of_a_run_is_not_that_of_its_activities_and_children(swf: Direct) -> None:
    swf.start(taskPriority="7")
    swf.decide(schedule(), child())
    assert "taskPriority" not in swf.last("ActivityTaskScheduled")
    assert "taskPriority" not in swf.last("StartChildWorkflowExecutionInitiated")
    assert "taskPriority" not in swf.last("DecisionTaskScheduled", "c1")


def test_a_task_that_is_scheduled_outlives_its_type(swf: Direct) -> None:
    scheduled(swf)
    swf("DeprecateActivityType", activityType=CHARGE)
    swf("DeleteActivityType", activityType=CHARGE)
    swf.complete(swf.work())
    swf.decide(schedule("a2"))
    assert swf.last("ScheduleActivityTaskFailed")["cause"] == "ACTIVITY_TYPE_DOES_NOT_EXIST"


def test_details_of_a_heartbeat_are_kept_whatever_they_are(tmp_path: Path) -> None:
    file = str(tmp_path / "swf.db")
    swf = Direct(file)
    scheduled(swf, heartbeatTimeout="5")
    details = "\ud800 \u0000 é"
    swf("RecordActivityTaskHeartbeat", taskToken=swf.work()["taskToken"], details=details)
    swf.service.store.close()
    swf = Direct(file)
    swf.advance(5)
    assert swf.last("ActivityTaskTimedOut")["details"] == details
