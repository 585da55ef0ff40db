"""Runs every order of a file through pyflow on this machine, tells what happens, and ends whatever it started.

Exit 0: every result is right. 1: one is not, or a process did not come up. 2: the file is not one of orders, or the
set-up is missing.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click
from show import report
from show.fields import OrdersFileError
from show.orders_file import Order, read_orders
from show.processes import DOMAIN, HERE, ROOT, TASK_LIST, Running, missing, running
from show.verdict import is_right
from show.watching import Execution, start

from pyflow.errors import PyflowException
from pyflow.swf.boto import client
from pyflow.swf.faults import is_transient, message_of

LOOK_EVERY = 0.2  # seconds
SECONDS_IN_ALL = 120


@click.command()
@click.argument("file", type=click.Path(path_type=Path), default=HERE / "orders.json")
@click.option(
    "--receipts",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT / ".build/examples-orders/receipts",
    help="Folder for receipts, invoices and labels.",
)
@click.option("--verbose", is_flag=True, help="Print at the end what the processes logged.")
def demo(file: Path, receipts: Path, verbose: bool) -> None:
    """Run the orders of FILE; README.md says what such a file holds. Default: orders.json."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # as nohup asks for
            signal.signal(number, _terminated)
    began = time.monotonic()
    try:
        orders = read_orders(file)
    except OrdersFileError as error:
        _fail(str(error), 2)
    if sentence := missing():
        _fail(sentence, 2)
    say(f"{_count(len(orders))} of {_near(file)}")
    try:
        executions, logged = run(orders, receipts.resolve())
    except PyflowException as error:
        _fail(str(error), 1)
    told = [
        "",
        *report.table(executions),
        "",
        *report.steps_of(report.busiest(executions)),
        *report.wrong(executions),
    ]
    for line in told + (logged if verbose else []):
        say(line)
    right, seconds = sum(map(is_right, executions)), time.monotonic() - began
    say(f"\n{right} of {_count(len(orders))} right in {seconds:.1f} s; receipts are in {_near(receipts)}")
    sys.exit(0 if right == len(orders) else 1)


def run(orders: Sequence[Order], receipts: Path) -> tuple[list[Execution], list[str]]:
    """Starts all processes, an execution for each order, and ends the processes when all are closed.

    Returns the executions, and what each process logged. Raises PyflowException.
    """
    pyflow = Path(sys.executable).with_name("pyflow")
    with running(pyflow, receipts, lambda *part: say(report.ready(*part))) as processes:
        swf = client(endpoint_url=processes.endpoint)
        try:
            executions = list(start(swf, DOMAIN, TASK_LIST, orders))
            say("")
            follow(executions, processes, swf)
        except Exception as error:
            if not is_transient(error):
                raise
            processes.check()  # that the local SWF ended is the reason, if it did
            raise PyflowException(message_of(error)) from None
        return executions, [f"\n{process.name} said:\n{process.said()}" for process in processes.processes]


def follow(executions: Sequence[Execution], processes: Running, swf: Any) -> None:
    """Tells what happens, until all executions closed or the time is up. Raises PyflowException if a process ends."""
    began = time.monotonic()
    width = max(len(str(execution.order.id)) for execution in executions)
    while open_ones := [execution for execution in executions if not execution.close_status]:
        if time.monotonic() - began > SECONDS_IN_ALL:
            return
        processes.check()
        for execution in open_ones:
            steps = execution.look(swf, DOMAIN)
            for line in report.progress(execution, steps, time.monotonic() - began, width):
                say(line)
        time.sleep(LOOK_EVERY)


def say(line: str) -> None:
    """Prints a line: in colour on a terminal, unless NO_COLOR is set."""
    click.echo(line, color=False if os.environ.get("NO_COLOR") else None)


def _count(orders: int) -> str:
    return f"{orders} order" if orders == 1 else f"{orders} orders"


def _near(path: Path) -> Path:
    """The path as it is called from here, where it is below this directory."""
    path = path.resolve()
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _fail(sentence: str, status: int) -> NoReturn:
    click.echo(f"demo: {sentence}", err=True)
    sys.exit(status)


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    """SIGTERM, or a terminal that was closed, ends the demo as an error would: what it started is ended first."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that lacks a letter
    demo()
