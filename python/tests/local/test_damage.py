"""A database that is damaged while nobody looks: found out when it is read, and never answered from."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from local.conftest import Command
from local.direct import CHARGE, ORDER, START, Direct, complete, schedule, timer
from local.test_command import fails

from pyflow.local.service.clock import DrivenClock
from pyflow.local.storage.damage import damaged
from pyflow.local.storage.opening import StoreRefused

PAGE = 4096
GARBAGE: dict[str, Callable[[], bytes]] = {
    "zeros": lambda: bytes(PAGE),
    "noise": lambda: random.Random(7).randbytes(PAGE),
    "text": lambda: b'{"eventId":1}' * 315 + b"x",
}
"""What a page is overwritten with."""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with runs open and closed, short events and long ones, all in one file."""
    return written(tmp_path_factory.mktemp("stored") / "swf.db", START)


def written(file: Path, now: int) -> Path:
    swf = Direct(str(file), DrivenClock(now))
    for number in range(3):
        swf.start(f"o{number}", input=f"{number} " * 2000)
        swf.decide(schedule("a", input="long " * 2000), *(timer(f"t{n}", "60") for n in range(20)))
    swf("RespondActivityTaskCompleted", taskToken=swf.work()["taskToken"], result="r" * 10_000)
    swf.decide(complete(result="so " * 3000))
    swf.service.store.close()
    return file


def everything(file: Path) -> list[Any]:
    """All that a client can read of it, by every way that leads there."""
    swf = Direct(str(file), DrivenClock(START))
    try:
        since = {"startTimeFilter": {"oldestDate": 0}}
        return [
            swf("ListDomains", registrationStatus="REGISTERED"),
            swf("DescribeWorkflowType", workflowType=ORDER),
            swf("DescribeActivityType", activityType=CHARGE),
            swf("ListOpenWorkflowExecutions", **since),
            swf("ListClosedWorkflowExecutions", **since),
            *(swf.history(*execution) for execution in swf.executions()),
            *(swf.describe(*execution) for execution in swf.executions()),
            swf("CountPendingActivityTasks", taskList={"name": "workers"}),
            swf.work()["input"],
            swf("CountPendingDecisionTasks", taskList={"name": "deciders"}),
        ]
    finally:
        swf.service.store.rollback()
        swf.service.store._db.close()


@pytest.mark.parametrize("garbage", GARBAGE)
def test_whichever_page_is_overwritten_the_answers_are_right_or_none(
    stored: Path, tmp_path: Path, garbage: str
) -> None:
    right = everything(Path(shutil.copy(stored, tmp_path / "right.db")))
    pages = stored.stat().st_size // PAGE
    told = 0
    for page in range(pages):
        copy = Path(shutil.copy(stored, tmp_path / f"{page}.db"))
        with copy.open("r+b") as stream:
            stream.seek(page * PAGE)
            stream.write(GARBAGE[garbage]())
        try:
            assert everything(copy) == right, f"page {page}"
        except StoreRefused:
            told += 1
        except sqlite3.Error as error:
            assert damaged(error), f"page {page}: {error!r}"
            told += 1
    assert told > pages / 2


def overwrite(file: Path, word: bytes) -> None:
    """Overwrite the pages that hold the middle of a long text."""
    content = file.read_bytes()
    pages = [content[begin : begin + PAGE] for begin in range(0, len(content), PAGE)]
    assert any(page.count(word) > 500 for page in pages)
    file.write_bytes(b"".join(GARBAGE["text"]() if page.count(word) > 500 else page for page in pages))


def test_a_server_that_meets_damage_ends_and_says_so(tmp_path: Path, command: Command) -> None:
    file = written(tmp_path / "swf.db", time.time_ns() // 1_000_000)
    overwrite(file, b"so ")
    process, client = command("--db", str(file))
    since = {"startTimeFilter": {"oldestDate": 0}}
    [info] = client.list_closed_workflow_executions(domain="shop", **since)["executionInfos"]
    with pytest.raises(ClientError) as broken:
        client.get_workflow_execution_history(domain="shop", execution=info["execution"])
    assert broken.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert broken.value.response["Error"]["Code"] == "InternalFailure"
    assert process.wait(10) == 1
    assert process.stderr is not None
    assert process.stderr.read() == (
        f"pyflow local: database {file} is damaged (database disk image is malformed): "
        "put a copy in its place, or use another file\n"
    )


def test_a_server_that_meets_damage_before_it_is_ready_says_so(tmp_path: Path) -> None:
    file = written(tmp_path / "swf.db", time.time_ns() // 1_000_000 - 3_600_000)  # what is open is overdue
    overwrite(file, b"long ")
    code, said = fails("--port", "0", "--db", str(file))
    assert code == 1
    assert said == (
        f"pyflow local: database {file} is damaged (database disk image is malformed): "
        "put a copy in its place, or use another file\n"
    )
