"""Activities that are `async def`: one event loop, cancels at an await."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from typing import Any

import pytest
from activities.fake_swf import FakeSWF

import pyflow
from pyflow.declare.activity import Activity, activity
from pyflow.worker.activities.worker import ActivityWorker

SOON = 30  # seconds that no test should need


def answer(*activities: Activity[..., Any], cancel: bool = False) -> tuple[str, dict[str, Any]]:
    """The answer to a task of the first activity; cancel: the first heartbeat hears that it is asked to stop."""
    swf = FakeSWF()
    swf.cancel_requested = cancel
    swf.offer(activities[0].name)
    assert ActivityWorker("shop", "cards", activities, client=swf).step()
    (given,) = swf.answers
    return given


def test_activities_wait_side_by_side_on_one_thread():
    swf = FakeSWF(holding=True)
    here: list[asyncio.Event] = []
    threads = set()

    @activity
    async def meet() -> None:
        """Ends once two are here."""
        threads.add(threading.current_thread().name)
        here.append(mine := asyncio.Event())
        if len(here) == 2:
            for event in here:
                event.set()
        await mine.wait()

    worker = ActivityWorker("shop", "cards", [meet], client=swf, concurrency=2)
    with worker:
        swf.offer("meet")
        swf.offer("meet")
        assert {swf.answered.get(timeout=SOON)[0] for _ in range(2)} == {"completed"}
        swf.let_go(4)
    assert threads == {"pyflow-event-loop"}


def test_a_cancel_is_raised_at_the_next_await():
    @activity(heartbeat="manual")
    async def hold() -> None:
        pyflow.current_activity().heartbeat({"page": 1})
        try:
            await asyncio.sleep(SOON)
        except pyflow.ActivityCanceled as canceled:
            assert canceled.reason == pyflow.current_activity().reason == "requested"
            canceled.details = {"page": 1}
            raise

    assert answer(hold, cancel=True) == ("canceled", {"taskToken": "token1", "details": '{"page": 1}'})


def test_to_asyncio_it_is_a_cancel_too():
    @activity(heartbeat="manual")
    async def hold() -> None:
        pyflow.current_activity().heartbeat()
        try:
            await asyncio.wait_for(asyncio.gather(asyncio.sleep(SOON), asyncio.sleep(SOON)), SOON)
        except asyncio.CancelledError:
            await asyncio.sleep(0)  # cleans up
            raise

    assert answer(hold, cancel=True)[0] == "canceled"


@pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio has no TaskGroup before 3.11")
def test_a_cancel_that_ends_a_group_of_tasks_is_one():
    @activity(heartbeat="manual")
    async def hold() -> None:
        pyflow.current_activity().heartbeat()
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(SOON))
            await asyncio.sleep(SOON)

    assert answer(hold, cancel=True)[0] == "canceled"


def test_who_cancels_himself_has_failed():
    @activity
    async def odd() -> None:
        task = asyncio.create_task(asyncio.sleep(SOON))
        task.cancel()
        await task

    kind, arguments = answer(odd)
    assert (kind, arguments["reason"]) == ("failed", "asyncio.exceptions.CancelledError")


@pytest.mark.parametrize("beside", [False, True], ids=["itself", "a task of its own"])
def test_an_exit_is_answered_and_the_loop_goes_on(beside):
    swf = FakeSWF()
    swf.offer("leave")
    swf.offer("stay")

    @activity
    async def leave() -> None:
        async def leaving() -> None:
            sys.exit(3)

        if not beside:
            await leaving()
        beside_it = asyncio.create_task(leaving())
        assert not beside_it.done()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        raise SystemExit(3)

    @activity
    async def stay() -> str:
        await asyncio.sleep(0)
        return "here"

    worker = ActivityWorker("shop", "cards", [leave, stay], client=swf)
    assert [worker.step(), worker.step()] == [True, True]
    (_, failed), completed = swf.answers
    assert failed["reason"] == "SystemExit"
    assert completed == ("completed", {"taskToken": "token2", "result": '"here"'})


def test_a_stop_cancels_what_waits():
    swf = FakeSWF(holding=True)
    began = threading.Event()

    @activity
    async def hold() -> None:
        began.set()
        await asyncio.sleep(SOON)

    worker = ActivityWorker("shop", "cards", [hold], client=swf, concurrency=1, graceful_timeout=0)
    worker.start()
    swf.offer("hold")
    assert began.wait(SOON)
    assert worker.stop() == 1
    ((_, arguments),) = swf.answers
    assert arguments["reason"] == "pyflow.WorkerShutdown"


def test_the_stack_of_a_failure_is_the_activitys_own():
    @activity
    async def fail() -> None:
        await asyncio.sleep(0)
        raise ValueError("no")

    stack = json.loads(answer(fail)[1]["details"])["failure"]["stack"]
    assert [line.rpartition(" in ")[2] for line in stack] == ["fail"]
