"""The log of long-running verbs: an object a line, with ids."""

from __future__ import annotations

import json
import logging
import sys
import threading
from typing import Any

import pytest
from activities.fake_swf import FakeSWF

import pyflow
from pyflow.cli.logs import JsonFormatter
from pyflow.worker.activities.worker import ActivityWorker
from pyflow.worker.process.about import about

IDS = {
    "workflow_id": "order-7",
    "run_id": "run-1",
    "activity_id": "activity1",
    "activity": "charge",
    "version": "1.0",
    "task_list": "cards",
}


@pytest.fixture
def told(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """The lines of pyflow and of a logger of the author's, read."""
    lines: list[dict[str, Any]] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(JsonFormatter().format(record)))

    handler = Keeping()
    for name in ("pyflow", "shop"):
        logger = logging.getLogger(name)
        level = logger.level
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        request.addfinalizer(
            lambda logger=logger, level=level: (logger.removeHandler(handler), logger.setLevel(level))
        )
    return lines


def record(**extra: Any) -> logging.LogRecord:
    made = logging.LogRecord("shop", logging.WARNING, __file__, 1, "%d left", (3,), None)
    made.created = 1795771747.25
    made.__dict__.update(extra)
    return made


def test_a_line_has_time_level_and_message():
    assert json.loads(JsonFormatter().format(record())) == {
        "time": "2026-11-27T09:29:07.250Z",
        "level": "warn",
        "message": "3 left",
    }


@pytest.mark.parametrize(
    ("level", "name"), [(5, "debug"), (10, "debug"), (20, "info"), (30, "warn"), (40, "error"), (50, "error")]
)
def test_levels_are_the_four_of_all_languages(level, name):
    assert json.loads(JsonFormatter().format(record(levelno=level)))["level"] == name


def test_an_error_has_a_key_of_its_own():
    try:
        raise ValueError("no")
    except ValueError:
        line = json.loads(JsonFormatter().format(record(exc_info=sys.exc_info())))
    assert line["error"] == "ValueError: no"
    assert line["stack"].endswith("ValueError: no")


def test_ids_come_from_the_block_or_from_the_record():
    with about({"workflow_id": "order-7", "run_id": "run-1"}):
        line = json.loads(JsonFormatter().format(record(run_id="run-2", about={})))
    assert (line["workflow_id"], line["run_id"]) == ("order-7", "run-2")


def test_every_line_about_an_activity_says_which_whoever_logs_it(told):
    @pyflow.activity
    def charge() -> None:
        pyflow.current_activity().logger.info("by its own logger")
        logging.getLogger("shop").info("by the author's")
        thread = threading.Thread(
            target=pyflow.current_activity().logger.info, args=("by a thread of its own",)
        )
        thread.start()
        thread.join()
        raise ValueError("no")

    @pyflow.activity
    async def refund() -> None:
        logging.getLogger("shop").info("on the event loop")

    swf = FakeSWF()
    swf.offer("charge")
    swf.offer("refund")
    swf.offer("ship")
    worker = ActivityWorker("shop", "cards", [charge, refund], client=swf)
    for _ in range(3):
        assert worker.step()
    ids = [{key: line[key] for key in IDS} for line in told]
    assert ids == [*[IDS] * 4, {**IDS, "activity": "refund"}, {**IDS, "activity": "ship"}]
    assert told[3]["error"] == "ValueError: no"
    assert told[4]["message"] == "on the event loop"
    assert told[5]["level"] == "error"
