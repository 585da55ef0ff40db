"""Requests at random, time, restarts and full disks between them, against what must hold whatever is asked.

The same stories each time; `PYFLOW_EXPLORE=5000 pytest tests/local/test_properties.py` takes so many new ones.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from local import random_requests
from local.direct import ORDER, Direct
from local.invariants import check_service, snapshot
from local.random_requests import Reference

from pyflow.local.engine.accept import decisions, lambdas
from pyflow.local.engine.fault import Fault
from pyflow.local.operations import OPERATIONS
from pyflow.local.service.clock import DrivenClock
from pyflow.local.service.queues import Poll

EXPLORE = int(os.environ.get("PYFLOW_EXPLORE", "0"))
DAY = 24 * 3600

steps = st.one_of(
    *(st.tuples(st.just("ask_all"), random_requests.deciding) for _ in range(6)),
    *(st.tuples(st.just("ask_all"), random_requests.working) for _ in range(4)),
    *(st.tuples(st.just("ask"), random_requests.telling) for _ in range(2)),
    *(st.tuples(st.just("ask"), random_requests.requests) for _ in range(3)),
    st.tuples(st.just("ask_on_a_full_disk"), random_requests.requests),
    st.tuples(st.just("wait"), st.sampled_from([("decision", "deciders"), ("activity", "workers")])),
    *(st.tuples(st.just("invoke"), st.sampled_from(["complete", "fail", "time_out"])) for _ in range(2)),
    st.tuples(st.just("advance"), st.sampled_from([0.5, 1, 2, 2, 11, DAY])),
    st.tuples(st.just("restart"), st.sampled_from(["closed", "killed"])),
)

stories = st.lists(steps, min_size=40, max_size=60)


class Story:
    """Takes steps. What is refused has changed nothing; everything else keeps the rules."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lives = 0
        self.swf = Direct(str(folder / "0.db"))
        self.held: dict[str, list[Any]] = defaultdict(list)
        """What answers held, by kind; see Reference."""
        self.polls: list[Poll] = []

    def take(self, step: str, value: Any) -> None:
        getattr(self, step)(value)
        for poll in self.polls:
            if poll.given is not None:
                self.swf.service.leave(poll)
        self.polls = [poll for poll in self.polls if poll.given is None]

    def ask(self, request: tuple[str, dict[str, Any]]) -> None:
        operation, arguments = request
        before = snapshot(self.swf.service)
        try:
            answer = self.swf(operation, **self.resolved(arguments)) or {}
        except Fault:
            assert snapshot(self.swf.service) == before, f"{operation} was refused and changed something"
        else:
            self.keep(operation, arguments, answer)

    def ask_all(self, requests: list[tuple[str, dict[str, Any]] | None]) -> None:
        for request in requests:
            if request is not None:
                self.ask(request)

    def ask_on_a_full_disk(self, request: tuple[str, dict[str, Any]]) -> None:
        database = self.swf.service.store._db
        before = snapshot(self.swf.service)
        [(pages,)] = database.execute("PRAGMA page_count")
        database.execute(f"PRAGMA max_page_count = {pages}").fetchall()
        try:
            self.ask(request)
        except sqlite3.OperationalError:
            self.swf.service.abandon()
            self.polls.clear()
            assert snapshot(self.swf.service) == before, "what could not be written has happened"
        finally:
            database.execute("PRAGMA max_page_count = 1000000").fetchall()

    def keep(self, operation: str, arguments: dict[str, Any], answer: dict[str, Any]) -> None:
        if "taskToken" in answer:
            self.held["activity" if "activityId" in answer else "decision"].append(answer["taskToken"])
        if "nextPageToken" in answer:
            self.held["page"].append(answer["nextPageToken"])
        if "runId" in answer:
            self.held["run"].append({"workflowId": arguments["workflowId"], "runId": answer["runId"]})

    def resolved(self, thing: Any) -> Any:
        if isinstance(thing, Reference):
            held = self.held[thing.kind]
            if thing.kind == "run":
                return held[-1 - thing.number % len(held)] if held else {"workflowId": "o1", "runId": "none"}
            return held[-1 - thing.number % len(held)] if held else "none"
        if isinstance(thing, dict):
            return {name: self.resolved(value) for name, value in thing.items()}
        return thing

    def wait(self, place: tuple[str, str]) -> None:
        poll = Poll("waits")
        self.swf.service.join(place[0], "shop", place[1], poll)
        self.swf.service.settle(self.swf.service.begin())
        self.swf.service.commit()
        self.polls.append(poll)

    def invoke(self, outcome: str) -> None:
        service = self.swf.service
        waiting = service.store.tasks("lambda")
        if not waiting:
            return
        run = service.runs.get(waiting[0].run)
        assert run is not None
        task = run.lambdas.by_event[waiting[0].scheduled_id]
        now = service.begin()
        if not task.started_id:
            service.perform(run, lambdas.start(run, task, now), now)
        elif outcome == "complete":
            service.perform(run, lambdas.complete(run, task, "7", now), now)
        elif outcome == "fail":
            service.perform(run, lambdas.fail(run, task, "UnhandledError", "{}", now), now)
        else:
            service.perform(run, lambdas.time_out(run, task, now), now)
        service.settle(now)
        service.commit()

    def advance(self, seconds: float) -> None:
        self.swf.advance(seconds)

    def restart(self, how: str) -> None:
        """Go on as another process would; killed: with what is in the files, the log among them, at this instant."""
        check_service(self.swf.service)
        before = snapshot(self.swf.service)
        old = self.folder / f"{self.lives}.db"
        store, clock = self.swf.service.store, DrivenClock(self.swf.clock.now())
        new = old
        if how == "killed":
            self.lives += 1
            new = self.folder / f"{self.lives}.db"
            for suffix in ("", "-wal"):
                shutil.copy(f"{old}{suffix}", f"{new}{suffix}")
        store.close()
        self.swf = Direct(str(new), clock)
        self.polls.clear()
        assert snapshot(self.swf.service) == before, "a restart changed something"


@settings(
    max_examples=EXPLORE or 120,
    derandomize=not EXPLORE,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(stories)
def test_the_rules_hold_whatever_is_asked(story: list[tuple[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        taken = Story(Path(folder))
        try:
            taken.take("ask", ("RegisterWorkflowType", {"name": "order", "version": "2"}))
            taken.take("ask", ("StartWorkflowExecution", {"workflowId": "o1", "workflowType": ORDER}))
            for step, value in story:
                taken.take(step, value)
            check_service(taken.swf.service)
        finally:
            taken.swf.service.store.close()


def test_every_operation_and_decision_may_be_asked_for() -> None:
    assert random_requests.OPERATIONS.keys() == OPERATIONS.keys()
    assert random_requests.DECISIONS.keys() == decisions.DECISIONS.keys()
