"""Closed runs past their retention leave the file, little by little: it does not grow for ever."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from local.direct import ORDER, START, Direct, complete
from local.test_store import restarted

from pyflow.local.engine.fault import Fault
from pyflow.local.running.running import Running
from pyflow.local.service.removal import EVENTS, RUNS
from pyflow.local.storage.store import SPARE_PAGES, Store
from pyflow.testing import local_swf

DAY = 24 * 3600
LONG = "x" * 20_000


def brief(swf: Direct, retention: str) -> None:
    """Register domain `brief`."""
    swf("RegisterDomain", name="brief", workflowExecutionRetentionPeriodInDays=retention)
    swf("RegisterWorkflowType", domain="brief", **ORDER)


def begin(swf: Direct, workflow_id: str, **options: Any) -> str:
    """Start a run in domain `brief`; its run id."""
    answer = swf(
        "StartWorkflowExecution",
        domain="brief",
        workflowId=workflow_id,
        workflowType=ORDER,
        taskList={"name": "l"},
        executionStartToCloseTimeout="9",
        taskStartToCloseTimeout="9",
        childPolicy="TERMINATE",
        **options,
    )
    return str(answer["runId"])


def terminate(swf: Direct, workflow_id: str) -> None:
    swf("TerminateWorkflowExecution", domain="brief", workflowId=workflow_id)


def rows(swf: Direct) -> dict[str, int]:
    """How many runs, events and runs to be erased the store holds."""
    count = swf.service.store._db.execute
    return {
        table: count(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("runs", "events", "removed")
    }


NOTHING = {"runs": 0, "events": 0, "removed": 0}


@pytest.mark.parametrize("retention", ["NONE", "0"])
def test_a_domain_that_retains_nothing_forgets_a_run_as_it_closes(swf: Direct, retention: str) -> None:
    brief(swf, retention)
    execution = {"workflowId": "o1", "runId": begin(swf, "o1")}
    terminate(swf, "o1")
    for operation in ("DescribeWorkflowExecution", "GetWorkflowExecutionHistory"):
        with pytest.raises(Fault, match="Unknown execution"):
            swf(operation, domain="brief", execution=execution)
    swf.advance(0)
    assert rows(swf) == NOTHING


def test_a_run_is_kept_as_long_as_its_domain_says(swf: Direct) -> None:
    brief(swf, "2")
    begin(swf, "o1")
    terminate(swf, "o1")
    assert swf.service.removal.next == START + 2 * DAY * 1000
    swf.advance(2 * DAY - 0.001)
    assert rows(swf) == {"runs": 1, "events": 3, "removed": 0}
    swf.advance(0.001)
    assert rows(swf) == NOTHING
    assert swf.service.removal.next is None


def test_open_runs_and_those_of_other_domains_stay(swf: Direct) -> None:
    brief(swf, "1")
    swf.start("kept")
    swf.decide(complete())
    begin(swf, "closed")
    terminate(swf, "closed")
    swf.start("open", executionStartToCloseTimeout=str(9 * DAY))
    swf.advance(DAY)
    assert {workflow_id for workflow_id, _ in swf.executions()} == {"kept", "open"}
    assert rows(swf) == {"runs": 2, "events": 7, "removed": 0}
    assert swf.service.removal.next == START + 7 * DAY * 1000


def test_a_bite_is_bounded(swf: Direct) -> None:
    brief(swf, "NONE")
    begin(swf, "long")
    for number in range(3 * EVENTS):
        swf("SignalWorkflowExecution", domain="brief", workflowId="long", signalName=str(number))
    for number in range(RUNS + 1):
        begin(swf, f"o{number}")
        terminate(swf, f"o{number}")
    terminate(swf, "long")
    left = [rows(swf)]
    while swf.service.sweep():
        left.append(rows(swf))
    for before, after in pairwise(left):
        assert before["runs"] - after["runs"] <= RUNS
        assert before["events"] - after["events"] <= EVENTS
    assert left[-1] == NOTHING


def test_what_is_half_erased_is_known_to_nobody_and_erased_after_a_restart(file: str) -> None:
    swf = Direct(file)
    brief(swf, "NONE")
    run_id = begin(swf, "o1")
    for number in range(3 * EVENTS):
        swf("SignalWorkflowExecution", domain="brief", workflowId="o1", signalName=str(number))
    terminate(swf, "o1")
    assert swf.service.sweep()
    assert swf.service.sweep()
    assert rows(swf) == {"runs": 0, "events": 2 * EVENTS + 3, "removed": 1}
    swf = restarted(swf, file)
    with pytest.raises(Fault, match="Unknown execution"):
        execution = {"workflowId": "o1", "runId": run_id}
        swf("GetWorkflowExecutionHistory", domain="brief", execution=execution)
    swf.advance(0)
    assert rows(swf) == NOTHING


def test_the_number_of_a_run_that_is_gone_is_not_used_again(file: str) -> None:
    swf = Direct(file)
    brief(swf, "NONE")
    begin(swf, "o1")
    token = swf("PollForDecisionTask", domain="brief", taskList={"name": "l"})["taskToken"]
    terminate(swf, "o1")
    swf.advance(0)
    swf = restarted(swf, file)
    begin(swf, "o1")
    swf("PollForDecisionTask", domain="brief", taskList={"name": "l"})
    with pytest.raises(Fault, match="Unknown execution"):
        swf("RespondDecisionTaskCompleted", taskToken=token)


def test_the_pages_of_runs_that_are_gone_are_used_again(file: str) -> None:
    swf = Direct(file)
    brief(swf, "NONE")
    sizes = []
    for number in range(400):
        begin(swf, f"o{number}", input=LONG)
        terminate(swf, f"o{number}")
        while swf.service.sweep():
            pass
        swf.service.commit()
        sizes.append(swf.service.store._db.execute("PRAGMA page_count").fetchone()[0])
    assert max(sizes[100:]) <= max(sizes[:100]) + 8


def test_the_file_shrinks_when_many_runs_are_gone(tmp_path: Path) -> None:
    file = tmp_path / "swf.db"
    with local_swf(database=str(file)) as swf:
        client = swf.client()
        client.register_domain(name="brief", workflowExecutionRetentionPeriodInDays="1")
        client.register_workflow_type(domain="brief", **ORDER)
        for number in range(150):
            client.start_workflow_execution(
                domain="brief",
                workflowId=f"o{number}",
                workflowType=ORDER,
                input=LONG,
                taskList={"name": "l"},
                executionStartToCloseTimeout="9",
                taskStartToCloseTimeout="9",
                childPolicy="TERMINATE",
            )
        swf.advance(9)
        swf.do(lambda service: service.store.settle())
        full = file.stat().st_size
        assert full > 150 * len(LONG)
        swf.advance(DAY)
        assert file.stat().st_size <= (SPARE_PAGES + 64) * 4096 < full
        assert (tmp_path / "swf.db-wal").stat().st_size == 0


def test_a_server_sweeps_by_itself(file: str) -> None:
    swf = Direct(file)
    brief(swf, "NONE")
    for number in range(3 * RUNS):
        begin(swf, f"o{number}")
        terminate(swf, f"o{number}")

    async def story() -> None:
        running = Running(swf.service, None, ticks=False)
        while swf.service.removal.next is not None:
            await asyncio.sleep(0)
        await running.stop()

    asyncio.run(story())
    assert rows(swf) == NOTHING


def test_a_sweep_that_the_disk_has_no_room_for_is_tried_again(
    swf: Direct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflow.local.running.sweeping.RETRY", 0.0)
    brief(swf, "NONE")
    begin(swf, "o1")
    terminate(swf, "o1")
    database = swf.service.store._db

    async def story() -> None:
        database.execute("PRAGMA query_only = ON")  # SQLite refuses every change
        running = Running(swf.service, None, ticks=False)
        for _ in range(9):
            await asyncio.sleep(0)
        assert rows(swf) == {"runs": 1, "events": 3, "removed": 0}
        database.execute("PRAGMA query_only = OFF")
        while swf.service.removal.next is not None:
            await asyncio.sleep(0)
        await running.stop()

    asyncio.run(story())
    assert rows(swf) == NOTHING


def test_what_the_last_server_left_over_is_given_back(file: str) -> None:
    swf = Direct(file)
    brief(swf, "NONE")
    for number in range(100):
        begin(swf, f"o{number}", input=LONG)
        terminate(swf, f"o{number}")
    swf.service.store.close()
    store = Store(file)
    store.forget(range(1, 101))
    while store.erase(EVENTS):
        pass
    assert store.untidy
    store.close()
    swf = Direct(file, swf.clock)
    swf.advance(0)
    assert not swf.service.store.untidy
    assert Path(file).stat().st_size <= (SPARE_PAGES + 64) * 4096
