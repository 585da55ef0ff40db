"""`pyflow history`: an execution's events, or its timeline."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from pyflow.cli.options import connection, one_sentence, payloads
from pyflow.client.timeline import Step, timeline
from pyflow.history.event import Event, attributes_key

COLOURS = {
    "completed": "green",
    "fired": "green",
    "recorded": "green",
    "received": "green",
    "delivered": "green",
    "open": "cyan",
    "canceled": "yellow",
}
BAR = 32  # columns of the timeline's bars


@click.command()
@click.argument("workflow_id")
@connection
@payloads
@click.option("--run-id", help="Default: the open run, else the newest closed one.")
@click.option("--timeline", "as_timeline", is_flag=True, help="What ran where, for how long, as bars.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the events, or the timeline's steps, as a JSON array."
)
@one_sentence
def history(
    workflow_id: str,
    domain: str,
    endpoint_url: str | None,
    region: str | None,
    run_id: str | None,
    as_timeline: bool,
    as_json: bool,
    key_file: str | None,
    stores: tuple[str, ...],
) -> None:
    """Print the events of the execution WORKFLOW_ID, oldest first.

    What is encrypted or lies in a store is opened with --key-file and --store; --json leaves what it can't open as it is.
    """
    from pyflow.client.runs import UnknownRun, newest_run
    from pyflow.client.status import history as events_of
    from pyflow.stores.configuration import configured
    from pyflow.stores.shown import open_events, show_events
    from pyflow.swf.boto import client
    from pyflow.swf.faults import UNKNOWN_RESOURCE, is_fault

    swf, opens = client(endpoint_url=endpoint_url, region=region), configured(key_file, stores)
    run_id = run_id or newest_run(swf, domain, workflow_id)
    try:
        events = list(events_of(swf, domain, workflow_id, run_id))
    except Exception as error:
        if is_fault(error, UNKNOWN_RESOURCE):
            raise UnknownRun(domain, workflow_id, run_id) from None
        raise
    if as_json:
        shown = [asdict(step) for step in timeline(events)] if as_timeline else open_events(events, opens)
        click.echo(json.dumps(shown, default=lambda value: value.isoformat()))
    elif as_timeline:
        for line in render_timeline(events):
            click.echo(line)
    else:
        columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        shown, unreadable = show_events(events, opens)
        for line in render_events(shown, columns):
            click.echo(line)
        if unreadable:
            more = f", and {len(unreadable) - 1} more like it" if unreadable[1:] else ""
            click.echo(f"pyflow: {unreadable[0]}{more}", err=True)


def render_events(events: Sequence[Event], columns: int | None = None) -> list[str]:
    """One line an event: id, seconds since the start, type, attributes. columns: where lines are cut."""
    lines = []
    for event in events:
        offset = (event["eventTimestamp"] - events[0]["eventTimestamp"]).total_seconds()
        attributes = event.get(attributes_key(event["eventType"])) or {}
        head = f"{event['eventId']:>5} {offset:>10.3f}  {event['eventType']:<40} "
        text = " ".join(f"{key}={_short(value)}" for key, value in attributes.items())
        lines.append(f"{head}{text}"[:columns].rstrip())
    return lines


def render_timeline(events: Sequence[Event]) -> list[str]:
    """One line a step: bar, id, name, where it ran, how long it waited and took, how it ended."""
    steps = timeline(events)
    if not steps:
        return ["no steps"]
    begin, end = events[0]["eventTimestamp"], events[-1]["eventTimestamp"]
    rows = [_row(step, end) for step in steps]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for step, row in zip(steps, rows, strict=True):
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        state = click.style(step.state, fg=COLOURS.get(step.state, "red"))
        failure = f" ({step.failure})" if step.failure else ""
        lines.append(f"{_bar(step, begin, end)}  {cells}  {state}{failure}")
    return lines


def _row(step: Step, end: datetime) -> tuple[str, ...]:
    closed = step.closed or end
    waited = (step.started or closed) - step.asked
    took = closed - (step.started or closed)
    own_id = step.id if len(step.id) <= 24 else f"{step.id[:23]}…"
    return (
        own_id,
        step.name,
        step.where or "-",
        _seconds(waited.total_seconds()),
        _seconds(took.total_seconds()),
    )


def _bar(step: Step, begin: datetime, end: datetime) -> str:
    whole = max((end - begin).total_seconds(), 0.001)

    def column(time: datetime) -> int:
        return min(BAR - 1, int((time - begin).total_seconds() / whole * BAR))

    first = column(step.asked)
    running = column(step.started) if step.started else BAR
    last = column(step.closed or end)
    return "".join(" " if at < first or at > last else "█" if at >= running else "░" for at in range(BAR))


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return "/".join(str(each) for each in value.values())
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
