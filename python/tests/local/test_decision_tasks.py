"""When a decider is asked, and what it is told."""

from __future__ import annotations

import pytest
from local.direct import Direct, attributes, child, complete, decision, function, schedule, timer

from pyflow.local.engine.fault import Fault


def test_a_run_begins_with_two_events_at_one_time(swf: Direct) -> None:
    swf.start(input="x", tagList=["red"])
    first, second = swf.history()
    assert first["eventTimestamp"] == second["eventTimestamp"] == 1767225600.0
    assert attributes(first) == {
        "input": "x",
        "tagList": ["red"],
        "executionStartToCloseTimeout": "3600",
        "taskList": {"name": "deciders"},
        "taskStartToCloseTimeout": "10",
        "childPolicy": "TERMINATE",
        "workflowType": {"name": "order", "version": "1"},
        "parentInitiatedEventId": 0,
    }
    assert second["eventType"] == "DecisionTaskScheduled"
    assert attributes(second) == {
        "taskList": {"name": "deciders"},
        "startToCloseTimeout": "10",
        "scheduleToStartTimeout": "NONE",
    }


def test_the_first_task_brings_the_whole_history_and_no_previous_start(swf: Direct) -> None:
    run_id = swf.start()
    task = swf.poll(identity="me")
    assert task["startedEventId"] == 3
    assert task["previousStartedEventId"] == 0
    assert task["workflowExecution"] == {"workflowId": "o1", "runId": run_id}
    assert task["workflowType"] == {"name": "order", "version": "1"}
    assert [event["eventType"] for event in task["events"]] == [
        "WorkflowExecutionStarted",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
    ]
    assert attributes(task["events"][-1]) == {"identity": "me", "scheduledEventId": 2}


def test_news_while_a_task_runs_schedules_the_next_one_but_holds_it_back(swf: Direct) -> None:
    swf.start()
    swf.decide(schedule("a1"), schedule("a2"))
    first, second = swf.work(), swf.work()
    swf.complete(first)
    task = swf.poll()
    swf.complete(second)
    assert swf.poll() == {"previousStartedEventId": 0, "startedEventId": 0}
    assert swf("CountPendingDecisionTasks", taskList={"name": "deciders"})["count"] == 0
    swf.respond(task)
    following = swf.poll()
    swf.respond(following, complete())
    assert swf.types(start=7) == [
        "ActivityTaskStarted",
        "ActivityTaskStarted",
        "ActivityTaskCompleted",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "ActivityTaskCompleted",
        "DecisionTaskScheduled",
        "DecisionTaskCompleted",
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
        "WorkflowExecutionCompleted",
    ]
    assert (task["previousStartedEventId"], task["startedEventId"]) == (3, 11)
    assert (following["previousStartedEventId"], following["startedEventId"]) == (11, 15)


def test_several_news_before_a_poll_make_one_task(swf: Direct) -> None:
    swf.start()
    swf.signal()
    swf.signal()
    assert swf.types() == [
        "WorkflowExecutionStarted",
        "DecisionTaskScheduled",
        "WorkflowExecutionSignaled",
        "WorkflowExecutionSignaled",
    ]


@pytest.mark.parametrize(
    ("close", "failed"),
    [
        (complete(), "CompleteWorkflowExecutionFailed"),
        (decision("FailWorkflowExecution", reason="no"), "FailWorkflowExecutionFailed"),
        (decision("CancelWorkflowExecution"), "CancelWorkflowExecutionFailed"),
        (decision("ContinueAsNewWorkflowExecution"), "ContinueAsNewWorkflowExecutionFailed"),
    ],
)
def test_a_close_fails_over_a_signal_that_was_not_seen(
    swf: Direct, close: dict[str, object], failed: str
) -> None:
    swf.start()
    task = swf.poll()
    swf.signal()
    swf.respond(task, close)
    assert swf.types(start=4) == [
        "WorkflowExecutionSignaled",
        "DecisionTaskScheduled",
        "DecisionTaskCompleted",
        failed,
    ]
    assert swf.last(failed) == {"cause": "UNHANDLED_DECISION", "decisionTaskCompletedEventId": 6}
    swf.decide(complete())
    assert swf.types()[-1] == "WorkflowExecutionCompleted"


def test_events_that_ask_for_nothing_do_not_stand_in_the_way_of_a_close(swf: Direct) -> None:
    swf.start()
    swf.decide(schedule())
    swf.signal()
    task = swf.poll()
    swf.work()
    swf.respond(task, complete())
    assert swf.types(start=8) == [
        "DecisionTaskStarted",
        "ActivityTaskStarted",
        "DecisionTaskCompleted",
        "WorkflowExecutionCompleted",
    ]


def test_a_task_that_is_not_answered_in_time_is_offered_again(swf: Direct) -> None:
    swf.start()
    task = swf.poll()
    swf.advance(9.999)
    assert swf.types()[-1] == "DecisionTaskStarted"
    swf.advance(0.001)
    assert swf.types(start=4) == ["DecisionTaskTimedOut", "DecisionTaskScheduled"]
    timed_out, scheduled = swf.history()[3:]
    assert timed_out["eventTimestamp"] == scheduled["eventTimestamp"] == 1767225610.0
    assert attributes(timed_out) == {
        "timeoutType": "START_TO_CLOSE",
        "scheduledEventId": 2,
        "startedEventId": 3,
    }
    with pytest.raises(Fault, match="Unknown decision task, scheduledEventId = 2"):
        swf.respond(task)
    assert swf.poll()["previousStartedEventId"] == 0


def test_a_time_out_with_news_waiting_schedules_nothing_more(swf: Direct) -> None:
    swf.start()
    swf.poll()
    swf.signal()
    swf.advance(10)
    assert swf.types(start=4) == [
        "WorkflowExecutionSignaled",
        "DecisionTaskScheduled",
        "DecisionTaskTimedOut",
    ]
    assert swf.poll()["startedEventId"] == 7


def test_an_answer_without_decisions_leaves_the_run_waiting(swf: Direct) -> None:
    swf.start()
    swf.decide()
    assert swf.types()[-1] == "DecisionTaskCompleted"
    assert swf.poll()["startedEventId"] == 0
    assert swf.describe()["openCounts"]["openDecisionTasks"] == 0


def test_a_decision_that_fails_is_told_behind_the_rest_of_its_batch(swf: Direct) -> None:
    swf.start()
    swf.decide(schedule(activityType={"name": "nobody", "version": "1"}), timer())
    assert swf.types(start=4) == [
        "DecisionTaskCompleted",
        "ScheduleActivityTaskFailed",
        "TimerStarted",
        "DecisionTaskScheduled",
    ]
    times = {event["eventTimestamp"] for event in swf.history()[3:]}
    assert len(times) == 1


def test_a_batch_that_is_refused_changes_nothing_and_its_token_stays_good(swf: Direct) -> None:
    swf.start()
    task = swf.poll()
    before = swf.history()
    for batch, message in [
        ([complete(), timer()], "Close must be last decision in list"),
        ([complete(), complete()], "Close must be last decision in list"),
        ([timer(), complete()], "Specified decision is incompatible with close decision"),
        ([schedule(), complete()], "Specified decision is incompatible with close decision"),
        (
            [{"decisionType": "CancelTimer"}],
            "Value null at 'decisions.1.member.cancelTimerDecisionAttributes'",
        ),
    ]:
        with pytest.raises(Fault, match=message) as refused:
            swf.respond(task, *batch)
        assert refused.value.type == "ValidationException"
    assert swf.history() == before
    swf.respond(task, decision("RecordMarker", markerName="m"), {"decisionType": "CompleteWorkflowExecution"})
    assert swf.types()[-2:] == ["MarkerRecorded", "WorkflowExecutionCompleted"]


def test_the_execution_context_is_kept_until_another_one_comes(swf: Direct) -> None:
    swf.start()
    swf.decide(timer(seconds="0"), executionContext="")
    assert swf.describe()["latestExecutionContext"] == ""
    swf.decide(timer(seconds="0"), executionContext="half-way")
    swf.decide(timer())
    assert swf.describe()["latestExecutionContext"] == "half-way"


def test_an_override_of_the_task_list_holds_for_the_tasks_to_come(swf: Direct) -> None:
    swf.start()
    swf.decide(timer(), taskList={"name": "mine"})
    swf.advance(5)
    assert swf.poll()["startedEventId"] == 0
    assert swf.last("DecisionTaskScheduled")["taskList"] == {"name": "mine"}
    swf.poll("mine")
    swf.advance(10)
    assert swf.last("DecisionTaskScheduled")["taskList"] == {"name": "mine"}


def test_a_temporary_override_ends_when_nobody_starts_the_task_in_time(swf: Direct) -> None:
    swf.start()
    swf.decide(timer(), taskList={"name": "mine"}, taskListScheduleToStartTimeout="2")
    swf.advance(5)
    assert swf.last("DecisionTaskScheduled")["scheduleToStartTimeout"] == "2"
    swf.advance(2)
    assert swf.last("DecisionTaskTimedOut") == {
        "timeoutType": "SCHEDULE_TO_START",
        "scheduledEventId": 7,
        "startedEventId": 0,
    }
    assert swf.last("DecisionTaskScheduled")["taskList"] == {"name": "deciders"}
    assert swf.poll("mine")["startedEventId"] == 0
    assert swf.poll()["startedEventId"] == 10


def test_a_temporary_override_ends_when_its_decider_does_not_answer(swf: Direct) -> None:
    swf.start()
    swf.decide(timer(), taskList={"name": "mine"}, taskListScheduleToStartTimeout="2")
    swf.advance(5)
    swf.poll("mine")
    swf.advance(10)
    assert swf.last("DecisionTaskTimedOut")["timeoutType"] == "START_TO_CLOSE"
    assert swf.poll()["taskToken"]


def test_a_decider_may_ask_for_the_events_since_the_previous_start_alone(swf: Direct) -> None:
    swf.start()
    swf.advance(1)
    swf.decide(timer())
    swf.advance(5)
    task = swf.poll(startAtPreviousStartedEvent=True)
    assert [event["eventId"] for event in task["events"]] == [3, 4, 5, 6, 7, 8]
    swf.respond(task, complete())


def test_pages_of_a_task_end_with_its_start_whatever_came_later(swf: Direct) -> None:
    swf.start()
    task = swf.poll(maximumPageSize=2)
    assert [event["eventId"] for event in task["events"]] == [1, 2]
    swf.signal()
    page = swf.poll(maximumPageSize=2, nextPageToken=task["nextPageToken"])
    assert [event["eventId"] for event in page["events"]] == [3]
    assert "nextPageToken" not in page
    assert page["taskToken"] == task["taskToken"]
    assert page["startedEventId"] == task["startedEventId"] == 3


def test_pages_may_come_newest_first(swf: Direct) -> None:
    swf.start()
    task = swf.poll(maximumPageSize=2, reverseOrder=True)
    assert [event["eventId"] for event in task["events"]] == [3, 2]
    page = swf.poll(maximumPageSize=2, reverseOrder=True, nextPageToken=task["nextPageToken"])
    assert [event["eventId"] for event in page["events"]] == [1]


def test_higher_priorities_are_handed_out_first_then_the_older_task(swf: Direct) -> None:
    for workflow_id, priority in [("low", "-1"), ("first", "0"), ("second", "0"), ("high", "7")]:
        swf.start(workflow_id, taskPriority=priority)
    order = [swf.poll()["workflowExecution"]["workflowId"] for _ in range(4)]
    assert order == ["high", "first", "second", "low"]
    assert swf.last("DecisionTaskScheduled", "high")["taskPriority"] == "7"


CLOSES = [
    complete(),
    decision("FailWorkflowExecution"),
    decision("CancelWorkflowExecution"),
    decision("ContinueAsNewWorkflowExecution"),
]


@pytest.mark.parametrize("close", CLOSES, ids=lambda close: close["decisionType"])
@pytest.mark.parametrize(
    ("beside", "compatible"),
    [
        (schedule("a2"), False),
        (timer("t2"), False),
        (function(), False),
        (decision("CancelTimer", timerId="t1"), True),
        (decision("RecordMarker", markerName="m"), True),
        (child(), True),
        (decision("RequestCancelActivityTask", activityId="a1"), True),
        (decision("SignalExternalWorkflowExecution", workflowId="w", signalName="s"), True),
        (decision("RequestCancelExternalWorkflowExecution", workflowId="w"), True),
    ],
    ids=lambda value: value["decisionType"] if isinstance(value, dict) else "",
)
def test_what_a_close_may_have_beside_it(
    swf: Direct, close: dict[str, object], beside: dict[str, object], compatible: bool
) -> None:
    run_id = swf.start()
    swf.decide(schedule(), timer())
    swf.signal()
    task = swf.poll()
    if compatible:
        swf.respond(task, beside, close)
        assert swf.describe(run_id=run_id)["executionInfo"]["executionStatus"] == "CLOSED"
    else:
        with pytest.raises(Fault, match="^ValidationException: Specified decision is incompatible"):
            swf.respond(task, beside, close)
        assert swf.types(run_id=run_id)[-1] == "DecisionTaskStarted"


def test_a_decision_that_fails_does_not_make_the_close_behind_it_fail(swf: Direct) -> None:
    swf.start()
    swf.decide(decision("CancelTimer", timerId="nobody"), complete())
    assert swf.types(start=4) == [
        "DecisionTaskCompleted",
        "CancelTimerFailed",
        "WorkflowExecutionCompleted",
    ]


def test_what_was_decided_before_a_close_that_failed_stays(swf: Direct) -> None:
    swf.start()
    task = swf.poll()
    swf.signal()
    swf.respond(task, decision("RecordMarker", markerName="m"), complete())
    assert swf.types(start=6) == [
        "DecisionTaskCompleted",
        "MarkerRecorded",
        "CompleteWorkflowExecutionFailed",
    ]


def test_a_batch_may_be_as_long_as_a_request(swf: Direct) -> None:
    swf.start()
    swf.decide(*[decision("RecordMarker", markerName="m")] * 5000)
    assert len(swf.history()) == 5004


def test_an_override_is_recorded_as_it_was_given(swf: Direct) -> None:
    swf.start()
    swf.decide(timer(seconds="0"), taskList={"name": "mine"}, taskListScheduleToStartTimeout="2")
    assert swf.last("DecisionTaskCompleted") == {
        "scheduledEventId": 2,
        "startedEventId": 3,
        "taskList": {"name": "mine"},
        "taskListScheduleToStartTimeout": "2",
    }
    swf.decide(task_list="mine")
    assert swf.last("DecisionTaskCompleted") == {"scheduledEventId": 7, "startedEventId": 8}


def test_an_override_of_no_limit_is_permanent(swf: Direct) -> None:
    swf.start()
    swf.decide(timer(), taskList={"name": "mine"}, taskListScheduleToStartTimeout="NONE")
    swf.advance(5)
    assert swf.last("DecisionTaskScheduled")["scheduleToStartTimeout"] == "NONE"
    swf.poll("mine")
    swf.advance(10)
    assert swf.last("DecisionTaskScheduled")["taskList"] == {"name": "mine"}


def test_a_limit_without_a_list_overrides_nothing(swf: Direct) -> None:
    swf.start()
    swf.decide(timer(seconds="0"), taskListScheduleToStartTimeout="2")
    assert swf.last("DecisionTaskScheduled") == {
        "taskList": {"name": "deciders"},
        "startToCloseTimeout": "10",
        "scheduleToStartTimeout": "NONE",
    }


def test_an_override_while_a_task_waits_holds_from_the_next_one_on(swf: Direct) -> None:
    swf.start()
    task = swf.poll()
    swf.signal()
    swf.respond(task, timer(), taskList={"name": "mine"})
    swf.decide()
    swf.advance(5)
    assert swf.poll("mine")["startedEventId"] == 12


def test_an_override_is_not_for_activities(swf: Direct) -> None:
    swf.start()
    swf.decide(schedule(), taskList={"name": "mine"})
    assert swf.work()["activityId"] == "a1"


def test_a_task_list_of_decisions_is_none_of_activities(swf: Direct) -> None:
    swf.start(taskList={"name": "same"})
    assert swf.work("same") == {"startedEventId": 0}
    swf.decide(schedule(taskList={"name": "same"}), task_list="same")
    assert swf.poll("same")["startedEventId"] == 0
    assert swf.work("same")["activityId"] == "a1"


def test_events_since_the_previous_start_come_in_pages_too(swf: Direct) -> None:
    swf.start()
    swf.advance(1)
    swf.decide(timer())
    swf.advance(5)
    options = {"startAtPreviousStartedEvent": True, "maximumPageSize": 4}
    task = swf.poll(**options)
    assert [event["eventId"] for event in task["events"]] == [3, 4, 5, 6]
    page = swf.poll(**options, nextPageToken=task["nextPageToken"])
    assert [event["eventId"] for event in page["events"]] == [7, 8]
    with pytest.raises(Fault, match="Invalid token"):
        swf.poll(maximumPageSize=4, nextPageToken=task["nextPageToken"])


def test_events_since_the_previous_start_may_come_newest_first(swf: Direct) -> None:
    swf.start()
    swf.advance(1)
    swf.decide(timer())
    swf.advance(5)
    options = {"startAtPreviousStartedEvent": True, "maximumPageSize": 4, "reverseOrder": True}
    task = swf.poll(**options)
    assert [event["eventId"] for event in task["events"]] == [8, 7, 6, 5]
    page = swf.poll(**options, nextPageToken=task["nextPageToken"])
    assert [event["eventId"] for event in page["events"]] == [4, 3]
    assert "nextPageToken" not in page


def test_the_first_task_has_no_previous_start_and_brings_everything(swf: Direct) -> None:
    swf.start()
    swf.advance(1)
    task = swf.poll(startAtPreviousStartedEvent=True)
    assert [event["eventId"] for event in task["events"]] == [1, 2, 3]


def test_the_previous_start_is_the_latest_even_where_nobody_answered_it(swf: Direct) -> None:
    swf.start()
    swf.advance(1)
    swf.poll()
    swf.advance(10)
    task = swf.poll(startAtPreviousStartedEvent=True)
    assert [event["eventId"] for event in task["events"]] == [3, 4, 5, 6]
    assert task["previousStartedEventId"] == 0


def test_a_further_page_of_a_task_that_has_ended_is_unknown(swf: Direct) -> None:
    run_id = swf.start()
    task = swf.poll(maximumPageSize=1)
    token = task["nextPageToken"]
    with pytest.raises(Fault, match="Invalid token"):
        execution = {"workflowId": "o1", "runId": run_id}
        swf("GetWorkflowExecutionHistory", execution=execution, maximumPageSize=1, nextPageToken=token)
    swf.respond(task)
    with pytest.raises(Fault, match="Unknown decision task, scheduledEventId = 2"):
        swf.poll(maximumPageSize=1, nextPageToken=token)


def test_a_further_page_starts_no_other_task(swf: Direct) -> None:
    swf.start("one")
    task = swf.poll(maximumPageSize=1)
    swf.start("two")
    page = swf.poll(maximumPageSize=1, nextPageToken=task["nextPageToken"])
    assert page["workflowExecution"]["workflowId"] == "one"
    assert swf("CountPendingDecisionTasks", taskList={"name": "deciders"})["count"] == 1


def test_a_decision_task_of_no_limit_is_waited_for_until_the_run_ends(swf: Direct) -> None:
    swf.start(taskStartToCloseTimeout="NONE")
    task = swf.poll()
    swf.advance(3599)
    swf.respond(task, complete())
    assert swf.types()[-1] == "WorkflowExecutionCompleted"


def test_a_decision_task_of_no_time_is_over_at_once(swf: Direct) -> None:
    swf.start(taskStartToCloseTimeout="0", taskList={"name": "none"})
    swf.advance(0)
    task = swf.poll("none")
    with pytest.raises(Fault, match="Unknown decision task, scheduledEventId = 2"):
        swf.respond(task)
