"""What survives: a restart on the same file, and a commit that fails."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from local.direct import START, Direct, child, complete, decision, function, schedule, timer
from local.invariants import state

from pyflow.local.engine.fault import Fault
from pyflow.local.lambdas.outcome import Completed
from pyflow.local.running.running import Running
from pyflow.local.service.clock import DrivenClock
from pyflow.local.service.service import Service
from pyflow.local.storage.store import Store


def restarted(swf: Direct, file: str) -> Direct:
    """Another process on the same file, as late as the first one was."""
    swf.service.store.close()
    return Direct(file, DrivenClock(swf.clock.now()))


def test_open_work_goes_on_after_a_restart(file: str) -> None:
    swf = Direct(file)
    swf.start(tagList=["t"])
    swf.decide(schedule("a1", heartbeatTimeout="30"), schedule("a2"), timer(seconds="60"), child())
    token = swf.work()["taskToken"]
    swf("RecordActivityTaskHeartbeat", taskToken=token, details="half")
    before = swf.history()
    swf = restarted(swf, file)
    assert swf.history() == before
    assert swf.describe()["openCounts"] == {
        "openActivityTasks": 2,
        "openDecisionTasks": 1,
        "openTimers": 1,
        "openChildWorkflowExecutions": 1,
        "openLambdaFunctions": 0,
    }
    assert swf("CountPendingActivityTasks", taskList={"name": "workers"})["count"] == 1
    assert swf("RecordActivityTaskHeartbeat", taskToken=token) == {"cancelRequested": False}
    assert swf.work()["activityId"] == "a2"
    swf.advance(30)
    assert swf.last("ActivityTaskTimedOut")["details"] == "half"
    swf.decide(task_list="children")
    assert swf.decide(complete())["previousStartedEventId"] == 3


def test_task_tokens_and_page_tokens_are_good_after_a_restart(file: str) -> None:
    swf = Direct(file)
    swf.start()
    task = swf.poll(maximumPageSize=2)
    swf = restarted(swf, file)
    page = swf.poll(maximumPageSize=2, nextPageToken=task["nextPageToken"])
    assert [event["eventId"] for event in page["events"]] == [3]
    swf.respond(task, schedule())
    token = swf.work()["taskToken"]
    swf = restarted(swf, file)
    swf("RespondActivityTaskCompleted", taskToken=token, result="late but fine")
    assert swf.last("ActivityTaskCompleted")["result"] == "late but fine"


def test_tokens_of_another_database_are_not(file: str) -> None:
    swf, other = Direct(file), Direct()
    swf.start()
    other.start()
    task = other.poll()
    swf.poll()
    with pytest.raises(Fault, match="Invalid token"):
        swf.respond(task)


def test_what_fell_due_during_an_outage_happens_at_once_in_order(file: str) -> None:
    swf = Direct(file)
    swf.start("o1")
    swf.decide(timer("late", "20"), timer("soon", "10"))
    swf.start("o2", executionStartToCloseTimeout="15")
    swf.service.store.close()
    swf = Direct(file, DrivenClock(START + 60_000))
    swf("CountPendingDecisionTasks", taskList={"name": "deciders"})
    fired = [
        e["timerFiredEventAttributes"]["timerId"] for e in swf.history("o1")[6:] if "Fired" in e["eventType"]
    ]
    assert swf.types("o1", start=7) == ["TimerFired", "DecisionTaskScheduled", "TimerFired"]
    assert fired == ["soon", "late"]
    assert swf.types("o2")[-1] == "WorkflowExecutionTimedOut"
    assert {event["eventTimestamp"] for event in swf.history("o1")[6:]} == {1767225660.0}


def test_a_decision_task_started_before_a_restart_times_out_when_it_would_have(file: str) -> None:
    swf = Direct(file)
    swf.start()
    task = swf.poll()  # ten seconds to answer it
    swf.advance(4)
    swf = restarted(swf, file)
    swf.advance(5.999)
    assert swf.types()[-1] == "DecisionTaskStarted"
    swf.advance(0.001)
    assert swf.types()[-2:] == ["DecisionTaskTimedOut", "DecisionTaskScheduled"]
    with pytest.raises(Fault, match="Unknown decision task"):
        swf.respond(task)


def test_a_heartbeat_counts_from_when_it_came_whatever_ended_since(file: str) -> None:
    swf = Direct(file)
    swf.start()
    swf.decide(schedule(heartbeatTimeout="30"))
    token = swf.work()["taskToken"]
    swf.advance(20)
    swf("RecordActivityTaskHeartbeat", taskToken=token, details="half")
    swf.advance(10)
    swf = restarted(swf, file)
    swf.advance(19.999)
    assert swf.describe()["openCounts"]["openActivityTasks"] == 1
    swf.advance(0.001)
    assert swf.last("ActivityTaskTimedOut")["timeoutType"] == "HEARTBEAT"


def test_waiting_tasks_keep_their_order_and_priorities(file: str) -> None:
    swf = Direct(file)
    swf.start()
    swf.decide(schedule("first"), schedule("second"), schedule("urgent", taskPriority="5"))
    swf = restarted(swf, file)
    swf.signal()
    swf.decide(schedule("last"))
    assert [swf.work()["activityId"] for _ in range(4)] == ["urgent", "first", "second", "last"]


def test_a_task_list_that_a_decider_chose_is_kept_and_given_up_in_time(file: str) -> None:
    swf = Direct(file)
    swf.start()
    swf.decide(timer(seconds="1"), taskList={"name": "mine"}, taskListScheduleToStartTimeout="7")
    swf = restarted(swf, file)
    swf.advance(1)
    assert swf("CountPendingDecisionTasks", taskList={"name": "mine"})["count"] == 1
    swf = restarted(swf, file)
    swf.advance(7)
    assert swf.last("DecisionTaskTimedOut")["timeoutType"] == "SCHEDULE_TO_START"
    assert swf("CountPendingDecisionTasks", taskList={"name": "deciders"})["count"] == 1


def test_a_parent_hears_of_a_child_that_closes_after_a_restart(file: str) -> None:
    swf = Direct(file)
    swf.start()
    swf.decide(child())
    swf = restarted(swf, file)
    swf.decide(
        decision("ContinueAsNewWorkflowExecution", taskList={"name": "children"}), task_list="children"
    )
    swf = restarted(swf, file)
    swf.decide(complete(result="7"), task_list="children")
    assert swf.last("ChildWorkflowExecutionCompleted")["result"] == "7"


@pytest.mark.parametrize(
    ("operation", "arguments", "members"),
    [
        ("ListOpenWorkflowExecutions", {"startTimeFilter": {"oldestDate": 0}}, "executionInfos"),
        ("ListWorkflowTypes", {"registrationStatus": "REGISTERED"}, "typeInfos"),
        ("ListDomains", {"registrationStatus": "REGISTERED"}, "domainInfos"),
    ],
)
def test_lists_go_on_where_they_were(
    file: str, operation: str, arguments: dict[str, object], members: str
) -> None:
    swf = Direct(file)
    for name in ("a", "b"):
        swf("RegisterDomain", name=name, workflowExecutionRetentionPeriodInDays="1")
        swf("RegisterWorkflowType", name=name, version="1")
        swf.start(name)
    whole = swf(operation, **arguments)[members]
    page = swf(operation, maximumPageSize=1, **arguments)
    swf = restarted(swf, file)
    rest = swf(operation, nextPageToken=page["nextPageToken"], **arguments)
    assert page[members] + rest[members] == whole


def test_a_lambda_task_is_called_again_with_the_time_that_is_left(file: str) -> None:
    swf = Direct(file)
    swf.start(lambdaRole="arn:aws:iam::123456789012:role/r")
    swf.decide(function(startToCloseTimeout="60"))
    swf.invoke()
    swf.advance(20)
    swf = restarted(swf, file)
    calls: list[tuple[str, str, float]] = []

    class Hosted:
        async def invoke(self, name: str, payload: str, seconds: float) -> Completed:
            calls.append((name, payload, seconds))
            return Completed("7")

        async def close(self) -> None:
            pass

    async def story() -> None:
        running = Running(swf.service, Hosted(), ticks=False)
        while swf.service.store.tasks("lambda"):
            await asyncio.sleep(0)
        await running.stop()

    asyncio.run(story())
    assert calls == [("price", "{}", 40.0)]
    assert swf.types().count("LambdaFunctionStarted") == 1
    assert swf.last("LambdaFunctionCompleted")["result"] == "7"


def test_registrations_survive(file: str) -> None:
    swf = Direct(file)
    swf("DeprecateActivityType", activityType={"name": "charge", "version": "1"})
    swf("RegisterWorkflowType", name="gone", version="1")
    swf("DeprecateWorkflowType", workflowType={"name": "gone", "version": "1"})
    swf("DeleteWorkflowType", workflowType={"name": "gone", "version": "1"})
    swf(
        "RegisterDomain",
        name="t",
        workflowExecutionRetentionPeriodInDays="3",
        tags=[{"key": "k", "value": "v"}],
    )
    before = [swf("ListActivityTypes", registrationStatus="DEPRECATED"), swf("DescribeDomain", name="t")]
    swf = restarted(swf, file)
    after = [swf("ListActivityTypes", registrationStatus="DEPRECATED"), swf("DescribeDomain", name="t")]
    assert before == after
    arn = "arn:aws:swf:us-east-1:123456789012:/domain/t"
    assert swf("ListTagsForResource", resourceArn=arn) == {"tags": [{"key": "k", "value": "v"}]}
    with pytest.raises(Fault, match="Unknown type"):
        swf("DescribeWorkflowType", workflowType={"name": "gone", "version": "1"})


def test_folding_what_was_stored_gives_the_run_that_wrote_it(file: str) -> None:
    swf = Direct(file)
    swf.start(lambdaRole="arn:aws:iam::1:role/r")
    swf.decide(
        schedule("a1", heartbeatTimeout="9"),
        schedule("a2"),
        timer(),
        child(),
        function(),
        decision("SignalExternalWorkflowExecution", workflowId="c1", signalName="s"),
        taskList={"name": "mine"},
        taskListScheduleToStartTimeout="7",
        executionContext="c",
    )
    token = swf.work()["taskToken"]
    swf("RecordActivityTaskHeartbeat", taskToken=token, details="d")
    swf("RequestCancelWorkflowExecution", workflowId="o1")
    run = swf.service.runs.open("shop", "o1")
    swf.service.store.close()
    folded = Service(Store(file)).runs.open("shop", "o1")
    assert state(folded) == state(run)


def test_an_answer_is_durable_when_it_is_given(file: str) -> None:
    swf = Direct(file)
    swf.start()
    log = Path(file + "-wal").read_bytes()
    assert b"WorkflowExecutionStarted" in log


def test_what_could_not_be_written_has_not_happened(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    swf = Direct(file)
    swf.start("kept")

    def full(self: Store) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched, pytest.raises(sqlite3.OperationalError):
        patched.setattr(Store, "commit", full)
        swf.start("lost")
    assert [workflow_id for workflow_id, _ in swf.executions()] == ["kept"]
    assert swf.poll()["workflowExecution"]["workflowId"] == "kept"


def test_only_runs_in_use_are_kept_in_memory(swf: Direct, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyflow.local.service.runs.RESIDENT", 2)
    for number in range(6):
        swf.start(f"o{number}")
    assert len(swf.service.runs._resident) == 2
    for number in range(6):
        assert swf.decide(complete())["workflowExecution"]["workflowId"] == f"o{number}"
        assert swf.types(f"o{number}")[-1] == "WorkflowExecutionCompleted"


def test_stored_events_are_the_text_that_goes_over_the_wire(file: str) -> None:
    swf = Direct(file)
    swf.start(input="é \ud800")
    before = swf.history()
    swf.service.store.close()
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT body FROM events ORDER BY id").fetchall()
    assert [json.loads(body) for (body,) in rows] == before
