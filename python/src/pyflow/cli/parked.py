"""`pyflow parked`: the runs that deciders have parked, instead of failing them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import click

from pyflow.cli.modules import load_workflows
from pyflow.cli.options import EXIT_FAILED, connection, one_sentence, payloads

if TYPE_CHECKING:
    from pyflow.worker.decisions.parked_runs import ParkedRun

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")


@click.group()
def parked() -> None:
    """Show, test and wake runs that no decider could decide.

    Such a run is not failed: it waits for a decider that fits. See docs/operating.md.
    """


@parked.command("list")
@connection
@as_json
@one_sentence
def list_(domain: str, endpoint_url: str | None, region: str | None, as_json: bool) -> None:
    """List parked runs: why, since when, and when they will time out."""
    from pyflow.swf.boto import client
    from pyflow.worker.decisions.parked_runs import parked_runs

    found = parked_runs(client(endpoint_url=endpoint_url, region=region), domain)
    if as_json:
        click.echo(json.dumps([_document(each) for each in found]))
        return
    _print_table(found, [each.reason for each in found])


@parked.command()
@click.argument("classes", nargs=-1, required=True, metavar="MODULE:CLASS...")
@connection
@payloads
@as_json
@one_sentence
def test(
    classes: tuple[str, ...],
    domain: str,
    endpoint_url: str | None,
    region: str | None,
    as_json: bool,
    key_file: str | None,
    stores: tuple[str, ...],
) -> None:
    """Replay each parked run against the code at hand, and say which would go on now.

    Nothing is sent, and nothing is called that has an effect. Exit status 1 when a run of these classes would
    stay parked; runs of other types are left out.
    """
    from pyflow.stores.configuration import configured
    from pyflow.swf.boto import client
    from pyflow.worker.decisions.parked_runs import obstacle, parked_runs

    found = load_workflows(classes)
    types = {(each.NAME, each.VERSION) for each in found}
    swf, opens = client(endpoint_url=endpoint_url, region=region), configured(key_file, stores)
    tested = [
        (each, obstacle(swf, domain, each.run, found, opens))
        for each in parked_runs(swf, domain)
        if each.run.type in types
    ]
    if as_json:
        answers = [
            {**_document(each), "goes_on": hinders is None, "obstacle": hinders} for each, hinders in tested
        ]
        click.echo(json.dumps(answers))
    else:
        goes_on = click.style("goes on", fg="green")
        _print_table([each for each, _ in tested], [hinders or goes_on for _, hinders in tested])
    sys.exit(EXIT_FAILED if any(hinders for _, hinders in tested) else 0)


@parked.command()
@click.argument("workflow_id")
@connection
@click.option("--run-id", help="Default: the open run.")
@one_sentence
def resume(
    workflow_id: str, domain: str, endpoint_url: str | None, region: str | None, run_id: str | None
) -> None:
    """Wake the run WORKFLOW_ID at once, for the decider that is there now."""
    from pyflow.swf.boto import client
    from pyflow.worker.decisions.parked_runs import resume as wake

    wake(client(endpoint_url=endpoint_url, region=region), domain, workflow_id, run_id)
    click.echo(f"{workflow_id} is woken")


def _document(each: ParkedRun) -> dict[str, Any]:
    return {
        "workflow_id": each.run.workflow_id,
        "run_id": each.run.run_id,
        "type": f"{each.run.name} {each.run.version}",
        "since": each.since,
        "times_out": None if each.times_out is None else each.times_out.isoformat(),
        "reason": each.reason,
    }


def _print_table(found: Sequence[ParkedRun], last: Sequence[str]) -> None:
    """last: what the last column says of each."""
    if not found:
        click.echo("no parked run")
        return
    now = datetime.now(timezone.utc)
    rows = [["WORKFLOW ID", "TYPE", "PARKED SINCE", "TIMES OUT", ""]] + [
        [
            each.run.workflow_id,
            f"{each.run.name} {each.run.version}",
            each.since,
            _in(each.times_out, now),
            text,
        ]
        for each, text in zip(found, last, strict=True)
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("  ".join([*cells, " ".join(row[4].split())]).rstrip())


def _in(time: datetime | None, now: datetime) -> str:
    """`in 2 days, 3:00:00`."""
    if time is None:
        return "never"
    left = time.astimezone(timezone.utc) - now
    return "now" if left <= timedelta() else f"in {timedelta(seconds=int(left.total_seconds()))}"
