"""The server is killed again and again, at any instant and under load, and keeps every promise that it made.

`PYFLOW_KILLS=300 pytest -s tests/local_crash` kills it so often; `PYFLOW_CRASH_SEED=2` at other instants.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from pathlib import Path

from local.direct import WORKFLOW_DEFAULTS
from local.invariants import check_service
from local_crash.clients import ACTIVITY, BRIEF, DOMAIN, WORKFLOW, Client, Document, Run
from local_crash.lives import Lives, zygote

from pyflow.local.engine.registry import ACTIVITY as ACTIVITY_KIND
from pyflow.local.service.service import Service
from pyflow.local.storage.store import Store

KILLS = int(os.environ.get("PYFLOW_KILLS", "150"))
SEED = int(os.environ.get("PYFLOW_CRASH_SEED", "1"))
CLIENTS = 6
LONGEST_LIFE = 0.2
"""Seconds from ready to the kill, at most."""


def test_nothing_that_was_acknowledged_is_lost(tmp_path: Path) -> None:
    file = str(tmp_path / "swf.db")
    with zygote() as lives:
        prepare(lives, file)
        clients = [Client(lives, f"c{number}", 1000 * SEED + number) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        begun = time.monotonic()
        kill_again_and_again(lives, file, clients)
        lives.end()
        for client in clients:
            client.join(60)
            assert client.failure is None, f"{client.name}: {client.failure!r}"
    events = check_promises(file, clients)
    print(
        f"\nseed {SEED}: {KILLS} kills in {time.monotonic() - begun:.0f} s under {CLIENTS} clients: "
        f"{sum(c.acknowledged for c in clients)} calls acknowledged, {sum(c.unknown for c in clients)} cut off, "
        f"{sum(c.over_a_kill for c in clients)} tasks answered to a later server than the one that gave them, "
        f"{sum(len(c.runs) for c in clients)} runs, {events} events"
    )


def prepare(lives: Lives, file: str) -> None:
    """Domains and types, acknowledged and then killed, too."""
    lives.begin("--db", file, "--port", "0")
    lives.wait_until_ready()
    first = Client(lives, "first", 0)
    for domain, retention in ((DOMAIN, "7"), (BRIEF, "NONE")):
        first.call("RegisterDomain", name=domain, workflowExecutionRetentionPeriodInDays=retention)
        defaults = {
            **WORKFLOW_DEFAULTS,
            "defaultTaskStartToCloseTimeout": "NONE",
            "defaultChildPolicy": "ABANDON",
        }
        first.call("RegisterWorkflowType", domain=domain, **WORKFLOW, **defaults)
        none = ("ScheduleToStart", "ScheduleToClose", "StartToClose", "Heartbeat")
        timeouts = {f"defaultTask{which}Timeout": "NONE" for which in none}
        first.call("RegisterActivityType", domain=domain, **ACTIVITY, **timeouts)
    lives.kill()


def kill_again_and_again(lives: Lives, file: str, clients: list[Client]) -> None:
    """As often as is asked for; one in six lives ends before it is ready."""
    instants = random.Random(SEED)
    for _ in range(KILLS):
        durability = instants.choice(["normal", "normal", "full"])
        lives.begin("--db", file, "--port", "0", "--poll-seconds", "0.02", "--durability", durability)
        if instants.random() < 1 / 6:
            time.sleep(instants.uniform(0, 0.03))
        else:
            lives.wait_until_ready()
            time.sleep(instants.uniform(0, LONGEST_LIFE))
        lives.kill()
        if any(client.failure is not None for client in clients):
            return


def check_promises(file: str, clients: list[Client]) -> int:
    """Assert that every promise is in the file, and that it is sound; how many events it holds."""
    service = Service(Store(file))
    service.settle(service.begin())
    check_service(service)
    for client in clients:
        for name in client.types:
            assert service.registry.find(DOMAIN, ACTIVITY_KIND, {"name": name, "version": "1"}) is not None
        for run in client.runs:
            check_run(service, run)
    events = service.store._db.execute("SELECT count(*) FROM events").fetchone()[0]
    service.store.close()
    return int(events)


def check_run(service: Service, run: Run) -> None:
    """Assert that a run is as its client was told."""
    query = "SELECT key, run_id FROM runs WHERE domain = ? AND workflow_id = ?"
    found = service.store._db.execute(query, (run.domain, run.workflow_id)).fetchall()
    terminated_perhaps = any(type_ == "WorkflowExecutionTerminated" for type_, _, _ in run.at_most_once)
    if run.domain == BRIEF and (run.closed or terminated_perhaps) and not found:
        return
    if not run.once:
        return  # its start was never answered
    [(key, run_id)] = found
    assert run.run_id in (run_id, None)
    rows = service.store._db.execute("SELECT body FROM events WHERE run = ?", (key,))
    happened = Counter(promise for (body,) in rows for promise in promises(json.loads(body)))
    for promise in run.once:
        assert happened[promise] == 1, (
            f"{promise} of {run.workflow_id} is {happened[promise]} times in its history"
        )
    for promise in run.at_most_once:
        assert happened[promise] <= 1, f"{promise} of {run.workflow_id} happened twice"
    state = service.runs.get(key)
    assert state is not None
    details = {task.started_id: task.details for task in state.activities.by_event.values()}
    if state.open:
        assert {started: details[started] for started in run.beats} == run.beats


def promises(event: Document) -> list[tuple[str, str, str]]:
    """All that an event could be promised as."""
    type_ = event["eventType"]
    members = event[f"{type_[0].lower()}{type_[1:]}EventAttributes"]
    return [(type_, name, value) for name, value in members.items() if isinstance(value, str)]
