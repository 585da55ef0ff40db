"""A disk that is full while the server runs: calls are told, nothing of them has happened, and the server goes on."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager

import pytest
from local.direct import START, Direct, complete, function, timer
from local.test_running import SHOP, on_loop, poll, start

from pyflow.local.engine.fault import Fault
from pyflow.local.engine.records import Event
from pyflow.local.lambdas.outcome import Completed
from pyflow.local.running.running import Running
from pyflow.local.wire.wire import Call

LONG = "x" * 30_000
"""An input that no page has room for."""

SAID = "database :memory: can't be used: database or disk is full"


@contextmanager
def full_disk(swf: Direct) -> Iterator[None]:
    """The database can't have another page meanwhile."""
    database = swf.service.store._db
    [(pages,)] = database.execute("PRAGMA page_count")
    database.execute(f"PRAGMA max_page_count = {pages}").fetchall()
    try:
        yield
    finally:
        database.execute("PRAGMA max_page_count = 1000000").fetchall()


def test_nothing_is_written_once_sqlite_has_given_up_a_transaction(swf: Direct) -> None:
    store = swf.service.store
    signaled = {"signalName": "s", "externalInitiatedEventId": 0}
    store.append(7, Event(1, "WorkflowExecutionSignaled", 0, signaled))
    store.flush()
    store._db.execute("ROLLBACK")  # as SQLite itself may, when the disk is full
    store.append(7, Event(2, "WorkflowExecutionSignaled", 0, signaled))
    with pytest.raises(sqlite3.OperationalError, match="given up the transaction"):
        store.flush()
    store.rollback()
    assert store.last_event(7) == 0


def signal(running: Running, workflow_id: str) -> Awaitable[object]:
    request = {**SHOP, "workflowId": workflow_id, "signalName": "s", "input": LONG}
    return running.call(Call("SignalWorkflowExecution", request), lambda: True, [])


def test_calls_that_share_a_commit_are_told_alike(swf: Direct, caplog: pytest.LogCaptureFixture) -> None:
    swf.start("o1")

    async def story(running: Running) -> None:
        running.arrivals.count = 1
        with full_disk(swf):
            calls = [signal(running, "o1"), start(running, "o2")]
            failures = await asyncio.gather(*calls, return_exceptions=True)
        for failure in failures:
            assert isinstance(failure, Fault)
            assert failure.type == "InternalFailure"
            assert failure.message == f"{SAID}; nothing of this call has happened"

    on_loop(swf, story)
    assert [workflow_id for workflow_id, _ in swf.executions()] == ["o1"]
    assert swf.types("o1") == ["WorkflowExecutionStarted", "DecisionTaskScheduled"]
    assert caplog.record_tuples == [("pyflow.local", logging.ERROR, SAID)]


def test_the_server_goes_on_once_there_is_room(swf: Direct) -> None:
    async def story(running: Running) -> None:
        await start(running, "o1")
        assert json.loads(await poll(running, lambda: True, []))["startedEventId"] == 3
        with full_disk(swf), pytest.raises(Fault, match="disk is full"):
            await signal(running, "o1")
        waiting = poll(running, lambda: True, [])
        await asyncio.sleep(0)
        await start(running, "o2")
        assert json.loads(await waiting)["workflowExecution"]["workflowId"] == "o2"
        await signal(running, "o1")

    on_loop(swf, story)
    assert swf.types("o1", start=4) == ["WorkflowExecutionSignaled", "DecisionTaskScheduled"]


def test_a_poll_that_was_given_what_could_not_be_written_goes_empty_and_the_task_stays(swf: Direct) -> None:
    async def story(running: Running) -> None:
        waiting = poll(running, lambda: True, [])
        await asyncio.sleep(0)
        with full_disk(swf):
            request = {**SHOP, "workflowId": "o1", "workflowType": {"name": "order", "version": "1"}}
            begun = Call("StartWorkflowExecution", {**request, "input": LONG})
            with pytest.raises(Fault, match="disk is full"):
                await running.call(begun, lambda: True, [])
            assert await waiting == {"previousStartedEventId": 0, "startedEventId": 0}
        await start(running, "o1")

    on_loop(swf, story)
    assert swf.poll()["startedEventId"] == 3


def open_timers(swf: Direct) -> int:
    """Of o1, without a request."""
    run = swf.service.runs.open("shop", "o1")
    assert run is not None
    return len(run.timers)


def test_timers_that_could_not_be_recorded_fire_once_there_is_room(
    swf: Direct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflow.local.running.running.RETRY", 0.0)
    swf.start("o1")
    swf.decide(
        *(timer(f"t{number}", "5", control=LONG) for number in range(3)), *(timer(f"u{n}") for n in range(90))
    )

    async def story() -> None:
        running = Running(swf.service, None, ticks=True)
        swf.clock.set(START + 5000)
        with full_disk(swf):
            with pytest.raises(Fault, match="disk is full"):
                await start(running, "o2")
            for _ in range(9):
                await asyncio.sleep(0)
            assert open_timers(swf) == 93
        while open_timers(swf):  # the alarm alone does it
            await asyncio.sleep(0)
        await running.stop()

    asyncio.run(story())


class Hosted:
    """Functions that return what is too long for a full disk, and count how often."""

    def __init__(self) -> None:
        self.calls = 0

    async def invoke(self, name: str, payload: str, seconds: float) -> Completed:
        """Return."""
        self.calls += 1
        return Completed(f'"{LONG}"')

    async def close(self) -> None:
        """End."""


def test_a_function_whose_result_could_not_be_recorded_is_called_again(
    swf: Direct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflow.local.running.invoking.RETRY", 0.0)
    swf.start("o1", lambdaRole="arn:aws:iam::123456789012:role/r")
    swf.decide(function())
    functions = Hosted()

    async def story(running: Running) -> None:
        with full_disk(swf):
            while functions.calls < 3:
                await asyncio.sleep(0)
        while "LambdaFunctionCompleted" not in swf.types("o1"):
            await asyncio.sleep(0)

    on_loop(swf, story, functions)
    assert swf.types("o1").count("LambdaFunctionStarted") == 1
    assert swf.types("o1")[-2:] == ["LambdaFunctionCompleted", "DecisionTaskScheduled"]
    swf.decide(complete())
