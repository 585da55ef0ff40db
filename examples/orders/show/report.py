"""What the demo says: a line for what just happened, a table of results, one execution's timeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from pyflow.cli.history import render_timeline
from pyflow.client.timeline import Step, timeline
from show.verdict import differences, is_right
from show.watching import Execution

COLOURS = {
    "lambda": "magenta",
    "ruby": "red",
    "java": "yellow",
    "python": "blue",
    "swf": "cyan",
}  # by language
DONE = {  # what it means that a step is done; steps that are not listed are told by their name and state
    "price_order": "priced",
    "charge_card": "charged",
    "render_invoice": "invoiced",
    "void_invoice": "invoice taken back",
    "store_receipt": "receipt kept",
    "ShipmentWorkflow": "parcel sent",
}
UNTOLD = ("timer", "marker")  # the timeline has them
GOOD = ("completed", "fired", "recorded")


def ready(identity: str, does: str, seconds: float) -> str:
    """The line for a process that is ready."""
    return f"  {_coloured(identity.ljust(16), identity)}  {seconds:5.1f} s  {does}"


def progress(execution: Execution, steps: Sequence[Step], seconds: float, width: int) -> Iterator[str]:
    """The line for what was new in one look at an execution, if anything was: its steps, and how it ended."""
    told = [_told(step) for step in steps if step.kind not in UNTOLD]
    if execution.close_status:
        told.append(_mark(is_right(execution)) + " " + _outcome(execution))
    if told:
        yield f"  {seconds:5.1f} s  {str(execution.order.id).rjust(width)}  {' · '.join(told)}"


def table(executions: Sequence[Execution]) -> Iterator[str]:
    """A line for each order; the customer last, since no two terminals agree how wide a script is."""
    rows = [("order", "", "total", "result", "tries", "parcel", "customer"), *map(_row, executions)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for index, row in enumerate(rows):
        cells = [
            cell.rjust(width) if at in (0, 2) else cell.ljust(width)
            for at, (cell, width) in _zipped(row, widths)
        ]
        line = "  " + "  ".join(cells).rstrip()
        if index == 0:
            yield click.style(line, bold=True)
        else:
            yield click.style(line, fg=None if is_right(executions[index - 1]) else "red")


def wrong(executions: Sequence[Execution]) -> Iterator[str]:
    """What is wrong with each order that did not come out right."""
    for execution in executions:
        if not is_right(execution):
            yield ""
            yield click.style(f"order {execution.order.id} is wrong:", fg="red", bold=True)
            for line in differences(execution):
                yield click.style(line, fg={"-": "green", "+": "red"}.get(line.strip()[:1]))


def busiest(executions: Sequence[Execution]) -> Execution:
    """The execution with most steps, the first of them."""
    return max(executions, key=lambda execution: len(timeline(execution.events)))


def steps_of(execution: Execution) -> Iterator[str]:
    """One execution's timeline: what ran where, in which language, how long."""
    yield (
        click.style(f"order {execution.order.id}, step by step", bold=True)
        + " (░ waits, █ runs; language@worker)"
    )
    yield from (f"  {line}" for line in render_timeline(execution.events))


def _told(step: Step) -> str:
    name = step.name.rpartition(" ")[0] or step.name
    language = step.where.partition("@")[0]
    if step.state not in GOOD:
        return click.style(f"{name} {step.state}: {step.failure}", fg="yellow")
    by = f" ({_coloured(language, language)})" if language else ""
    return DONE.get(name, f"{name} {step.state}") + by


def _outcome(execution: Execution) -> str:
    if execution.close_status != "COMPLETED":
        return (
            click.style(execution.close_status.lower(), fg="red")
            + f" {execution.failure.partition(chr(10))[0]}"
        )
    result = _result(execution)
    return click.style(str(result.get("status", "completed")), bold=True) + f" {_total(result)}"


def _row(execution: Execution) -> tuple[str, ...]:
    result = _result(execution)
    charge, parcel = (
        part if isinstance(part, dict) else {} for part in (result.get("charge"), result.get("parcel"))
    )
    return (
        str(execution.order.id),
        "✓" if is_right(execution) else "✗",
        _total(result),
        str(result.get("code") or result.get("status") or execution.close_status.lower() or "open"),
        str(charge.get("attempts", "")),
        str(parcel.get("tracking", "")),
        execution.order.name,
    )


def _result(execution: Execution) -> dict[str, Any]:
    return execution.result if isinstance(execution.result, dict) else {}


def _total(result: dict[str, Any]) -> str:
    return f"{result.get('total', '')} {result.get('currency', '')}".strip()


def _mark(right: bool) -> str:
    return click.style("✓", fg="green") if right else click.style("✗", fg="red")


def _coloured(text: str, identity: str) -> str:
    return click.style(text, fg=COLOURS.get(identity.partition("@")[0]))


def _zipped(row: Sequence[str], widths: Sequence[int]) -> Iterator[tuple[int, tuple[str, int]]]:
    return enumerate(zip(row, widths, strict=True))
