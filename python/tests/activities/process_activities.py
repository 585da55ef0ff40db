"""Activities that tests run in processes, which find them here by name."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyflow


@pyflow.activity
def where() -> dict[str, Any]:
    """Which process this is."""
    return {"process": os.getpid(), "parent": os.getppid()}


@pyflow.activity
async def later(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


@pyflow.activity
def fail(message: str) -> None:
    raise pyflow.ApplicationError(message, type="Refused", details={"code": 7}) from KeyError("cause")


@pyflow.activity
def fail_oddly() -> None:
    """With details that no payload can hold, and more causes than a failure has room for."""
    error = pyflow.ApplicationError("no", type="Odd", details={1})
    last: BaseException = error
    for number in range(20):
        last.__cause__ = ValueError(number)
        last = last.__cause__
    raise error


@pyflow.activity
def odd() -> Any:
    return {"tags": {1}}


@pyflow.activity
def long(length: int) -> str:
    return "x" * length


@pyflow.activity(heartbeat="manual")
def hold(details: Any) -> None:
    """Beats once, and waits to be told to stop."""
    context = pyflow.current_activity()
    try:
        context.heartbeat(details)
        context.wait(60)
    except pyflow.ActivityCanceled as canceled:
        canceled.details = {"reason": canceled.reason}
        raise


@pyflow.activity
def die(number: int) -> None:
    os.kill(os.getpid(), number)


@pyflow.activity
def leave() -> None:
    os._exit(7)


@pyflow.activity
def quit() -> None:
    sys.exit(3)


@pyflow.activity
def defer() -> str:
    return pyflow.current_activity().complete_later()


@pyflow.activity
def chat() -> None:
    logging.getLogger("shop").warning("%d left", 3, extra={"odd": object()})
    raise ValueError("no")


@pyflow.activity(heartbeat="manual")
def stuck(folder: str) -> None:
    """Heeds nothing, and has a process of its own; both say in the folder who they are."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen(["sleep", "60"])
    for name, process in (("grandchild", child.pid), ("child", os.getpid())):
        (Path(folder) / f".{name}").write_text(str(process))
        (Path(folder) / f".{name}").rename(Path(folder) / name)
    while True:
        time.sleep(60)


def doubling(context: pyflow.ActivityContext, proceed: Any) -> Any:
    """An interceptor."""
    return [context.info.name, os.getpid(), proceed()]


class Hidden:
    activity = pyflow.activity(lambda: None)
