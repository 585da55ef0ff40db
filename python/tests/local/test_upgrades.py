"""Stores of every older version, as their code left them: upgraded in one transaction, and gone on with."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from local.direct import Direct, complete

from pyflow.local.engine.fault import Fault
from pyflow.local.service.clock import DrivenClock
from pyflow.local.storage.opening import StoreRefused, opened
from pyflow.local.storage.schema import VERSION
from pyflow.local.storage.upgrades import UPGRADES

STORES = Path(__file__).parent / "stores"
OLDER = sorted(UPGRADES)


def copied(version: int, tmp_path: Path) -> str:
    """A copy of the store of that version."""
    return str(shutil.copy(STORES / f"version-{version}.sqlite", tmp_path / "swf.db"))


def held(version: int) -> Mapping[str, Any]:
    """What workers hold of it."""
    return dict(json.loads((STORES / f"version-{version}.json").read_text()))


def query(file: str, statement: str) -> list[Any]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(statement).fetchall()


def test_every_older_version_has_a_step_and_a_store() -> None:
    assert list(range(1, VERSION)) == OLDER
    assert [f"version-{version}.sqlite" for version in OLDER] == sorted(
        p.name for p in STORES.glob("*.sqlite")
    )


@pytest.mark.parametrize("version", OLDER)
def test_an_upgraded_store_is_as_a_new_one(version: int, tmp_path: Path) -> None:
    file, new = copied(version, tmp_path), str(tmp_path / "new.db")
    assert query(file, "PRAGMA user_version") == [(version,)]
    for path in (file, new):
        opened(path).close()
    assert query(file, "PRAGMA user_version") == [(VERSION,)]
    assert query(file, "PRAGMA auto_vacuum") == query(new, "PRAGMA auto_vacuum") == [(2,)]
    names = "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    assert query(file, names) == query(new, names)
    for (name,) in query(new, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        columns = f"SELECT name, type, \"notnull\", pk FROM pragma_table_info('{name}')"
        assert query(file, columns) == query(new, columns)


@pytest.mark.parametrize("version", OLDER)
def test_every_event_is_kept(version: int, tmp_path: Path) -> None:
    file = copied(version, tmp_path)
    events = "SELECT run, id, body FROM events ORDER BY run, id"
    before = query(file, events)
    opened(file).close()
    assert query(file, events) == before
    swf = Direct(file, DrivenClock(held(version)["now"]))
    assert swf.history("closed")[0]["workflowExecutionStartedEventAttributes"]["input"] == "é \ud800"
    assert swf.last("WorkflowExecutionCompleted", "closed")["result"] == "x" * 5000


@pytest.mark.parametrize("version", OLDER)
def test_what_was_open_goes_on(version: int, tmp_path: Path) -> None:
    holds = held(version)
    swf = Direct(copied(version, tmp_path), DrivenClock(holds["now"]))
    assert swf.describe("open")["openCounts"] == {
        "openActivityTasks": 3,
        "openDecisionTasks": 0,
        "openTimers": 1,
        "openChildWorkflowExecutions": 1,
        "openLambdaFunctions": 1,
    }
    assert swf("DescribeDomain", name="shut")["domainInfo"]["status"] == "DEPRECATED"
    page = swf.poll(maximumPageSize=2, nextPageToken=holds["page"])
    assert [event["eventId"] for event in page["events"]] == [3]
    swf("RespondActivityTaskCompleted", taskToken=holds["activity"], result="done")
    assert swf.last("ActivityTaskCompleted", "open")["result"] == "done"
    assert swf.work()["activityId"] == "a3"
    swf("RespondDecisionTaskCompleted", taskToken=holds["decision"], decisions=[])
    assert swf.decide(task_list="children")["workflowExecution"]["workflowId"] == "c1"
    swf.advance(30)
    assert swf.last("ActivityTaskTimedOut", "open")["details"] == "half"
    swf.advance(30)
    assert swf.last("TimerFired", "open")["timerId"] == "t1"
    assert swf.decide(complete())["workflowExecution"]["workflowId"] == "open"
    with pytest.raises(Fault, match="Unknown execution"):
        swf("RecordActivityTaskHeartbeat", taskToken=holds["beating"])


def test_an_upgrade_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = copied(1, tmp_path)

    def half_way(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE tasks")
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched, pytest.raises(StoreRefused) as refused:
        patched.setattr("pyflow.local.storage.upgrades.UPGRADES", {1: half_way})
        opened(file)
    assert str(refused.value) == (
        f"database {file} can't be opened, the disk is full: make room, or use a file elsewhere"
    )
    assert query(file, "PRAGMA user_version") == [(1,)]
    assert query(file, "SELECT count(*) FROM tasks") == [(3,)]
    Direct(file).service.store.close()
