"""Whether the service can answer, for those who start and watch it."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from pyflow.local.running.running import Running, logger
from pyflow.local.wire.wire import Reply

OK, STOPPING, FAILING = "ok", "stopping", "failing"


@lru_cache(1)
def pyflow_version() -> str:
    """Of the distribution."""
    return version("pyflow-swf")


def clock_kind(running: Running) -> str:
    """`wall`, `driven` or whatever else its clock's class is named for."""
    return type(running.service.clock).__name__.removesuffix("Clock").lower()


def health(running: Running) -> Reply:
    """200 where the next call can be answered, else 503; how it is in JSON."""
    status = STOPPING if running.stopping else _status(running)
    document: dict[str, Any] = {"status": status, "version": pyflow_version(), "clock": clock_kind(running)}
    if status != FAILING:
        document["now"] = running.service.clock.now() / 1000
        document["domains"] = len(running.service.registry.domains)
        document["open_executions"] = sum(running.service.runs.open_counts.values())
        document["waiting_polls"] = sum(running.waiting_polls().values())
    return Reply(200 if status == OK else 503, json.dumps(document).encode("ascii"))


def _status(running: Running) -> str:
    try:
        running.service.store.next_due()
    except Exception:
        logger.exception("the database can't be read")
        return FAILING
    return OK
