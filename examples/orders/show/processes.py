"""The processes of the demo: a local SWF, a decider, and a worker for each language, started side by side."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyflow.errors import PyflowException
from pyflow.testing.processes import Process

HERE = Path(__file__).parent.parent
ROOT = HERE.parent.parent
CLASSES = ROOT / ".build/examples-orders/classes"  # the Makefile here compiles Invoices.java to it
JAR = ROOT / "java-worker/target/pyflow-worker-all.jar"
DOMAIN = "orders"
TASK_LIST = "orders"  # the decider's; workflows.py names those of the activities
SECONDS_TO_GET_READY = 60
SECONDS_TO_DRAIN = 5  # for activities under way when the demo is ended early
SECONDS_TO_END = 15

Say = Callable[[str, str, float], None]
"""Told of each process that is ready: its identity, what it does, and after how many seconds."""


@dataclass(frozen=True)
class Part:
    """A process beside the local SWF. identity: language@name, which histories show; does: in a person's words."""

    identity: str
    does: str
    task_list: str
    command: tuple[str | Path, ...]


@dataclass(frozen=True)
class Running:
    """What runs. endpoint: of the local SWF; processes: all, the local SWF first."""

    endpoint: str
    processes: Sequence[Process]

    def check(self) -> None:
        """Raises PyflowException when one of them has ended, with what it said last."""
        for process in self.processes:
            if (status := process.process.poll()) is not None:
                said = process.said().strip()[-2000:] or "it said nothing"
                raise PyflowException(f"{process.name} ended with status {status}: {said}")


def parts(pyflow: Path) -> list[Part]:
    """The decider and the three workers. pyflow: where that command is."""
    ruby = (_program("ruby"), ROOT / "ruby-worker/exe/pyflow-worker", "-r", HERE / "charge.rb")
    java = (ROOT / "java-worker/bin/pyflow-worker", "--classpath", CLASSES, "--activities", "Invoices")
    workflows = ("workflows:OrderWorkflow", "workflows:ShipmentWorkflow")
    return [
        Part("python@decider", "decides, by workflows.py", TASK_LIST, (pyflow, "decider", *workflows)),
        Part("python@receipts", "works, by receipts.py", "receipts", (pyflow, "worker", "receipts")),
        Part("ruby@charge", "works, by charge.rb", "charges", ruby),
        Part("java@invoices", "works, by Invoices.java", "invoices", java),
    ]


def missing() -> str | None:
    """What must be there and is not, in a sentence; None when all is."""
    for path in (JAR, CLASSES / "Invoices.class"):
        if not path.exists():
            return f"{path} does not exist: run make setup in {ROOT}"
    for name in ("ruby", "java"):
        if shutil.which(_program(name)) is None:
            return f"there is no {_program(name)} here: run make setup in {ROOT}, or set {name.upper()} to its path"
    return None


@contextlib.contextmanager
def running(pyflow: Path, receipts: Path, say: Say) -> Iterator[Running]:
    """All processes, ready; ended when left, whatever happened.

    receipts: the folder for receipts.py. Raises PyflowException when one does not get ready.
    """
    began = time.monotonic()
    processes: list[Process] = []
    try:
        with _held_back():
            processes.append(_local_swf())
        endpoint = processes[0].wait_until_ready(SECONDS_TO_GET_READY).split()[1]
        say("swf@local", f"is SWF, and Lambda by pricing.py: {endpoint}", time.monotonic() - began)
        for part in (all_parts := parts(pyflow)):
            with _held_back():
                processes.append(_started(part, endpoint, receipts))
        for part, process in zip(all_parts, processes[1:], strict=True):
            process.wait_until_ready(SECONDS_TO_GET_READY)
            say(part.identity, part.does, time.monotonic() - began)
        yield Running(endpoint, processes)
    finally:
        _end([*processes[1:], *processes[:1]])
        for process in processes:
            process.forget()


@contextlib.contextmanager
def _held_back() -> Iterator[None]:
    """A signal that comes meanwhile is acted on afterwards, when what is being started is known and can be ended."""
    came: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    heard = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]
    found = {number: signal.signal(number, lambda it, frame: came.append(it)) for number in heard}
    try:
        yield
    finally:
        for number, handler in found.items():
            signal.signal(number, handler)
        for it in came:
            signal.raise_signal(it)


def _program(name: str) -> str:
    """A program's name or path: the environment variable in capitals says where another one is."""
    return os.environ.get(name.upper(), name)


def _local_swf() -> Process:
    hosted = ("--domain", DOMAIN, "--lambda", "price_order=pricing:handler")
    return Process("local-swf", (sys.executable, "-m", "pyflow.local", "--port", "0", *hosted), cwd=HERE)


def _started(part: Part, endpoint: str, receipts: Path) -> Process:
    where = ("--domain", DOMAIN, "--task-list", part.task_list, "--endpoint-url", endpoint)
    environment = {"ORDERS_RECEIPTS": str(receipts), "PYTHONUNBUFFERED": "1"}
    stopping = () if part.identity == "python@decider" else ("--graceful-timeout", str(SECONDS_TO_DRAIN))
    command = (*part.command, *where, *stopping, "--identity", part.identity)
    return Process(part.identity.replace("@", "-"), command, cwd=HERE, environment=environment)


def _end(processes: Sequence[Process]) -> None:
    """Ends them in this order, all at once.

    Whoever polls is told first and then waits for its poll, which the local SWF, told last, answers empty.
    """
    for process in processes:
        process.ask_to_stop()
    for process in processes:
        process.wait(SECONDS_TO_END)
