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


def health(running: Running) -> Reply:
    """200 where the next call can be answered, else 503; how it is in JSON."""
    status = STOPPING if running.stopping else _status(running)
    clock = running.service.clock
    document: dict[str, Any] = {"status": status, "version": pyflow_version(), "clock": clock.name}
    if status != FAILING:
        document["now"] = clock.now() / 1000
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
