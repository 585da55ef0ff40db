"""The engine by itself: requests make records or are refused, records make the run, the run knows its deadlines."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest
from local.direct import START, complete, decision, schedule, timer

from pyflow.local import engine
from pyflow.local.engine.accept import decisions, executions
from pyflow.local.engine.accept.expiry import expire
from pyflow.local.engine.apply import apply
from pyflow.local.engine.due import due, soonest
from pyflow.local.engine.fault import Fault
from pyflow.local.engine.records import Event, Record
from pyflow.local.engine.registry import Registry, TypeRecord, World
from pyflow.local.engine.run import Deadline, Kind, Run

SETTINGS = {
    "workflowType": {"name": "order", "version": "1"},
    "taskList": {"name": "deciders"},
    "executionStartToCloseTimeout": "3600",
    "taskStartToCloseTimeout": "10",
    "childPolicy": "TERMINATE",
    "parentInitiatedEventId": 0,
}
NONE = dict.fromkeys(
    ("scheduleToStartTimeout", "scheduleToCloseTimeout", "startToCloseTimeout", "heartbeatTimeout"), "NONE"
)


def take(run: Run, records: Iterable[Record]) -> list[str]:
    """Apply each record before the next one is made; the types of the events."""
    types = []
    for record in records:
        apply(run, record)
        if isinstance(record, Event):
            types.append(record.type)
    return types


@pytest.fixture
def world() -> World:
    """One activity type, without defaults."""
    registry = Registry()
    registry.take(TypeRecord("shop", "ActivityType", "charge", "1", START, {}))
    return World(registry, 1)


@pytest.fixture
def run() -> Run:
    """A run that has begun and whose decider is at work."""
    run = Run(1, "shop", "o1", "22=")
    take(run, executions.start(run, dict(SETTINGS), START))
    take(run, decisions.start(run, 2, None, START))
    return run


def test_a_request_changes_nothing_until_its_records_are_applied(run: Run, world: World) -> None:
    batch = {"decisions": [timer(), decision("RecordMarker", markerName="m")]}
    records = list(decisions.respond(run, world, run.deciding, batch, START))
    assert [record.type for record in records] == ["DecisionTaskCompleted", "TimerStarted", "MarkerRecorded"]
    assert (run.last_id, len(run.timers), run.deciding.started_id) == (3, 0, 3)


def test_a_refusal_comes_before_the_first_record(run: Run, world: World) -> None:
    batch = {"decisions": [timer(), complete()]}
    with pytest.raises(Fault):
        next(decisions.respond(run, world, run.deciding, batch, START))


def test_a_decision_sees_what_the_ones_before_it_did(run: Run, world: World) -> None:
    batch = {"decisions": [timer(), timer(), decision("CancelTimer", timerId="t1"), timer()]}
    types = take(run, decisions.respond(run, world, run.deciding, batch, START))
    assert types == [
        "DecisionTaskCompleted",
        "TimerStarted",
        "StartTimerFailed",
        "TimerCanceled",
        "TimerStarted",
        "DecisionTaskScheduled",
    ]


def test_timestamps_never_decrease_whatever_the_clock_says(run: Run) -> None:
    signal = executions.signal(run, {"signalName": "s"}, START - 5000)
    assert next(signal).time == START


def test_deadlines_are_the_runs_own(run: Run, world: World) -> None:
    activity = schedule(taskList={"name": "l"}, **{**NONE, "scheduleToCloseTimeout": "30"})
    batch = {"decisions": [timer(seconds="5"), activity]}
    take(run, decisions.respond(run, world, run.deciding, batch, START))
    assert sorted(due(run)) == [
        Deadline(START + 5_000, Kind.TIMER, 5),
        Deadline(START + 30_000, Kind.ACTIVITY_SCHEDULE_TO_CLOSE, 6),
        Deadline(START + 3_600_000, Kind.EXECUTION, 1),
    ]
    assert soonest(run) == Deadline(START + 5_000, Kind.TIMER, 5)
    assert take(run, expire(run, soonest(run), START + 5_000)) == ["TimerFired", "DecisionTaskScheduled"]
    assert soonest(run) == Deadline(START + 30_000, Kind.ACTIVITY_SCHEDULE_TO_CLOSE, 6)


def test_deadlines_that_are_void_do_not_pile_up(run: Run, world: World) -> None:
    keep = {"decisions": [timer("keep", "1")]}
    take(run, decisions.respond(run, world, run.deciding, keep, START))
    for _ in range(1000):
        take(run, executions.signal(run, {"signalName": "s"}, START))
        take(run, decisions.start(run, run.waiting.scheduled_id, None, START))
        again = {"decisions": [timer("t"), decision("CancelTimer", timerId="t")]}
        take(run, decisions.respond(run, world, run.deciding, again, START))
        assert soonest(run) == Deadline(START + 1_000, Kind.TIMER, 5)
    assert len(run.deadlines) < 100


def test_the_engine_knows_no_clock_no_chance_and_no_outside() -> None:
    pure = {"__future__", "base64", "collections", "dataclasses", "enum", "hashlib", "heapq", "typing"}
    for path in Path(engine.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            for module in modules:
                assert module.startswith("pyflow.local.engine") or module.split(".")[0] in pure, (
                    path,
                    module,
                )
