"""`--clock virtual`: when time is skipped and when it is not, with real clients.

What is waited for is a poll, held for a fraction of a second of the machine's time: many times the pause before a jump.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from local.direct import (
    ACTIVITY_DEFAULTS,
    CHARGE,
    ORDER,
    WORKFLOW_DEFAULTS,
    Direct,
    function,
    schedule,
    timer,
)

from pyflow.local.running.jumping import PAUSE, Jumping
from pyflow.local.running.running import Running
from pyflow.local.service.clock import VirtualClock
from pyflow.local.wire.wire import Call
from pyflow.testing.local import LocalSWF, local_swf

MONTH = timedelta(days=30)
DECIDERS, WORKERS = {"name": "deciders"}, {"name": "workers"}
HELD = 8 * PAUSE
"""Seconds that a poll which finds nothing is held: what is not skipped by then is not skipped."""


@pytest.fixture
def swf() -> Iterator[LocalSWF]:
    """A server whose clock jumps, with an order and a charge registered."""
    with local_swf(domain="shop", clock="virtual", poll_seconds=HELD) as swf:
        register(swf.client())
        yield swf


def register(client: Any) -> None:
    client.register_workflow_type(
        domain="shop",
        **ORDER,
        **{
            **WORKFLOW_DEFAULTS,
            "defaultExecutionStartToCloseTimeout": "31536000",
            "defaultTaskStartToCloseTimeout": "NONE",
        },
    )
    client.register_activity_type(domain="shop", **CHARGE, **ACTIVITY_DEFAULTS)


def start(client: Any, workflow_id: str = "o1", **settings: Any) -> None:
    client.start_workflow_execution(domain="shop", workflowId=workflow_id, workflowType=ORDER, **settings)


def poll(client: Any, **options: Any) -> dict[str, Any]:
    """A decision poll; empty after its time."""
    return dict(client.poll_for_decision_task(domain="shop", taskList=DECIDERS, **options))


def work(client: Any, **options: Any) -> dict[str, Any]:
    """An activity poll; empty after its time."""
    return dict(client.poll_for_activity_task(domain="shop", taskList=WORKERS, **options))


def decide(client: Any, *decisions: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Poll until there is a decision task, and answer it."""
    while not (task := poll(client, **options)).get("taskToken"):
        pass
    client.respond_decision_task_completed(taskToken=task["taskToken"], decisions=list(decisions))
    return task


def types(task: dict[str, Any]) -> list[str]:
    return [event["eventType"] for event in task["events"]]


def between(task: dict[str, Any], first: str, then: str) -> timedelta:
    """The time between two events of a decision task's history."""
    times = {event["eventType"]: event["eventTimestamp"] for event in task["events"]}
    return times[then] - times[first]  # type: ignore[no-any-return]


def started_activity(swf: LocalSWF, worker: Any, **poll_options: Any) -> tuple[Any, dict[str, Any]]:
    """A decider that waits, and the charge that the worker has taken: a minute to do it."""
    decider = swf.client()
    start(decider)
    decide(decider, schedule(startToCloseTimeout="60"))
    return decider, work(worker, **poll_options)


# what is skipped


def test_a_month_passes_while_the_decider_waits_for_it(swf: LocalSWF) -> None:
    client = swf.client()
    start(client)
    decide(client, timer(seconds="2592000"))
    task = decide(client, timer("t2", "2592000"))
    assert MONTH <= between(task, "TimerStarted", "TimerFired") < MONTH + timedelta(hours=1)
    task = decide(client)
    assert types(task).count("TimerFired") == 2
    assert between(task, "WorkflowExecutionStarted", "DecisionTaskStarted") >= 2 * MONTH


def test_a_task_without_a_poller_times_out(swf: LocalSWF) -> None:
    client = swf.client()
    start(client)
    decide(client, schedule(scheduleToStartTimeout="3600"))
    task = decide(client)
    assert timedelta(hours=1) <= between(task, "ActivityTaskScheduled", "ActivityTaskTimedOut")


def test_an_execution_that_waits_for_nothing_else_times_out(swf: LocalSWF) -> None:
    client = swf.client()
    start(client, executionStartToCloseTimeout="3600")
    execution = decide(client)["workflowExecution"]
    end = None
    while end is None:  # asked for less often than every moment, else time could not be skipped
        assert "taskToken" not in poll(client)
        found = client.describe_workflow_execution(domain="shop", execution=execution)
        end = found["executionInfo"].get("closeStatus")
    assert end == "TIMED_OUT"


def test_one_whose_task_waits_for_a_poller_to_come_does_not(swf: LocalSWF) -> None:
    client = swf.client()
    start(client, executionStartToCloseTimeout="3600")
    assert "taskToken" not in work(client)
    decide(client, schedule())
    assert "taskToken" not in poll(client)
    assert work(client)["activityId"] == "a1"


def test_each_server_has_a_clock_of_its_own(swf: LocalSWF) -> None:
    with local_swf(domain="shop", clock="virtual", poll_seconds=HELD) as other:
        assert "taskToken" not in poll(other.client())
        client = swf.client()
        start(client)
        decide(client, timer(seconds="2592000"))
        decide(client)
        assert swf.now - other.now > timedelta(days=29)


def test_a_clock_that_jumps_cannot_be_driven(swf: LocalSWF) -> None:
    with pytest.raises(TypeError, match="goes by itself"):
        swf.advance(1)


# what is not: somebody is at work


def test_an_activity_does_not_time_out_while_its_worker_is_there_and_does_once_it_has_gone(
    swf: LocalSWF,
) -> None:
    worker = swf.client()
    decider, _ = started_activity(swf, worker)
    assert "taskToken" not in poll(decider)
    worker.close()
    task = decide(decider)
    assert types(task)[-3:-1] == ["ActivityTaskTimedOut", "DecisionTaskScheduled"]
    assert timedelta(minutes=1) <= between(task, "ActivityTaskStarted", "ActivityTaskTimedOut")


def test_nor_does_a_decision_task(swf: LocalSWF) -> None:
    decider, client = swf.client(), swf.client()
    start(client, taskStartToCloseTimeout="600")
    poll(decider)
    assert "taskToken" not in poll(client)
    decider.close()
    task = decide(client)
    assert types(task) == [
        "WorkflowExecutionStarted",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskTimedOut",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
    ]


def test_an_answer_sets_time_free(swf: LocalSWF) -> None:
    worker = swf.client()
    decider, charge = started_activity(swf, worker)
    worker.respond_activity_task_completed(taskToken=charge["taskToken"])
    decide(decider, timer(seconds="2592000"))
    assert "TimerFired" in types(decide(decider))


def test_another_connection_of_the_same_identity_is_the_worker(swf: LocalSWF) -> None:
    worker, colleague = swf.client(), swf.client()
    decider, _ = started_activity(swf, worker, identity="worker 7")
    work(colleague, identity="worker 7")
    worker.close()
    assert "taskToken" not in poll(decider)
    colleague.close()
    assert "ActivityTaskTimedOut" in types(decide(decider))


def test_a_connection_that_brought_a_heartbeat_is_the_worker(swf: LocalSWF) -> None:
    worker, heart = swf.client(), swf.client()
    decider, charge = started_activity(swf, worker)
    heart.record_activity_task_heartbeat(taskToken=charge["taskToken"])
    worker.close()
    assert "taskToken" not in poll(decider)
    heart.close()
    assert "ActivityTaskTimedOut" in types(decide(decider))


def test_a_poller_that_is_there_gets_its_task_however_long_it_takes_to_ask_again(swf: LocalSWF) -> None:
    worker, decider = swf.client(), swf.client()
    assert "taskToken" not in work(worker)
    start(decider)
    decide(decider, schedule(scheduleToStartTimeout="60"))
    assert "taskToken" not in poll(decider)
    assert work(worker)["activityId"] == "a1"


def test_a_task_whose_poller_has_gone_times_out(swf: LocalSWF) -> None:
    worker, decider = swf.client(), swf.client()
    assert "taskToken" not in work(worker)
    start(decider)
    decide(decider, schedule(scheduleToStartTimeout="60"))
    worker.close()
    assert "ActivityTaskTimedOut" in types(decide(decider))


def test_what_is_due_while_somebody_is_at_work_comes_by_itself(swf: LocalSWF) -> None:
    worker = swf.client()
    decider, charge = started_activity(swf, worker)
    start(decider, "o2")
    decide(decider, timer(seconds="1"))
    task = decide(decider)
    assert types(task)[-3:-1] == ["TimerFired", "DecisionTaskScheduled"]
    worker.respond_activity_task_completed(taskToken=charge["taskToken"])


def test_also_after_a_jump_past_the_alarm(swf: LocalSWF) -> None:
    decider, worker = swf.client(), swf.client()
    start(decider)
    decide(decider, timer(seconds="2592000"))
    decide(decider, schedule(), timer("t2", "1"))
    assert work(worker)["activityId"] == "a1"
    task = decide(decider)
    assert types(task).count("TimerFired") == 2  # before or after the worker took its task
    assert "ActivityTaskTimedOut" not in types(task)


def test_who_is_waited_for_is_not_asked_again_and_again(
    swf: LocalSWF, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []
    whole = Jumping._all_wait

    def counted(self: Jumping) -> bool:
        looks.append(self)
        return whole(self)

    worker = swf.client()
    decider, _ = started_activity(swf, worker)
    monkeypatch.setattr(Jumping, "_all_wait", counted)
    assert "taskToken" not in poll(decider)
    assert len(looks) <= 3, "one at most after each thing that happened: the decision, the poll, its end"


# a file


def test_time_does_not_go_back_and_a_worker_is_known_again_on_the_same_file(tmp_path: Path) -> None:
    options: Any = {"domain": "shop", "clock": "virtual", "poll_seconds": HELD}
    database = str(tmp_path / "swf.db")
    with local_swf(database=database, **options) as swf:
        client = swf.client()
        register(client)
        start(client)
        decide(client, timer(seconds="2592000"))
        decide(client, schedule(startToCloseTimeout="60"))
        charge = work(client, identity="worker 7")
        history = client.get_workflow_execution_history(domain="shop", execution=charge["workflowExecution"])
        then = history["events"][-1]["eventTimestamp"]
    with local_swf(database=database, **options) as swf:
        worker, decider = swf.client(), swf.client()
        work(worker, identity="worker 7")
        assert timedelta(0) <= swf.now - then < timedelta(days=1)
        assert "taskToken" not in poll(decider)
        worker.respond_activity_task_completed(taskToken=charge["taskToken"])
        assert "ActivityTaskCompleted" in types(decide(decider))


def test_the_time_of_closed_runs_does_not_come_again_either(tmp_path: Path) -> None:
    database = str(tmp_path / "swf.db")
    with local_swf(domain="shop", clock="virtual", database=database) as swf:
        client = swf.client()
        register(client)
        start(client)
        decide(client, timer(seconds="2592000"))
        decide(client, {"decisionType": "CompleteWorkflowExecution"})
        ever = {"oldestDate": 0}
        (closed,) = client.list_closed_workflow_executions(domain="shop", startTimeFilter=ever)[
            "executionInfos"
        ]
        then = closed["closeTimestamp"]
    with local_swf(domain="shop", clock="virtual", database=database) as swf:
        assert timedelta(0) <= swf.now - then < timedelta(days=1)


# nobody, and functions


def test_nothing_is_skipped_while_nobody_is_there() -> None:
    async def story() -> None:
        direct = Direct(clock=VirtualClock())
        run_id = direct.start()
        direct.decide(timer(seconds="60"))
        running = Running(direct.service, poll_seconds=HELD)
        quiet: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(HELD, quiet.set_result, None)
        await quiet
        assert direct.types("o1", run_id, start=5) == ["TimerStarted"]
        request = {"domain": "shop", "taskList": {"name": "elsewhere"}}
        await running.call(Call("PollForDecisionTask", request), lambda: True, [])
        assert direct.types("o1", run_id, start=6) == ["TimerFired", "DecisionTaskScheduled"]
        await running.stop()

    asyncio.run(story())


def test_a_function_that_is_being_called_holds_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app.py").write_text("def read(event, context):\n    return open(event).read()\n")
    monkeypatch.chdir(tmp_path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    functions = {"read": "app:read"}
    with local_swf(domain="shop", clock="virtual", poll_seconds=HELD, functions=functions) as swf:
        client = swf.client()
        register(client)
        start(client, lambdaRole="arn:aws:iam::123456789012:role/swf-lambda")
        decide(client, function(name="read", input=json.dumps(str(pipe)), startToCloseTimeout="300"))
        assert "taskToken" not in poll(client)
        pipe.write_text("at last")  # opening it waits for the function, which waits for this
        task = decide(client)
    assert types(task)[5:7] == ["LambdaFunctionStarted", "LambdaFunctionCompleted"]
    assert between(task, "LambdaFunctionStarted", "LambdaFunctionCompleted") < timedelta(seconds=300)
