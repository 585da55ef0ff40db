"""`pyflow status`: how an execution stands, and what it waits for."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import click

from pyflow.cli.options import connection, one_sentence, payloads
from pyflow.cli.values import json_of

COLOURS = {
    "COMPLETED": "green",
    "OPEN": "cyan",
    "CONTINUED_AS_NEW": "cyan",
    "CANCELED": "yellow",
    "FAILED": "red",
    "TERMINATED": "red",
    "TIMED_OUT": "red",
}


@click.command()
@click.argument("workflow_id")
@connection
@payloads
@click.option("--run-id", help="Default: the open run, else the newest closed one.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
@one_sentence
def status(
    workflow_id: str,
    domain: str,
    endpoint_url: str | None,
    region: str | None,
    run_id: str | None,
    as_json: bool,
    key_file: str | None,
    stores: tuple[str, ...],
) -> None:
    """Say how the execution WORKFLOW_ID stands, and what it waits for.

    `reported` is what the workflow itself says (set_state); `parked`, why no decider at hand can decide it.
    """
    from pyflow.client.runs import UnknownRun, newest_run
    from pyflow.client.status import get_workflow_status, history
    from pyflow.client.waiting import waits_for
    from pyflow.stores.configuration import configured
    from pyflow.stores.shown import show_text
    from pyflow.swf.boto import client

    swf, opens = client(endpoint_url=endpoint_url, region=region), configured(key_file, stores)
    run_id = run_id or newest_run(swf, domain, workflow_id)
    found = get_workflow_status(domain, workflow_id, run_id, swf, payloads=opens)
    if found is None:
        raise UnknownRun(domain, workflow_id, run_id)
    waits: list[str] = []
    if found.execution_status == "OPEN":
        waits = waits_for(list(history(swf, domain, workflow_id, run_id)), datetime.now(timezone.utc))
    for name in () if as_json else ("result", "failure_details"):
        if (text := getattr(found, name)) is not None:
            setattr(found, name, show_text(text, opens, name.removeprefix("failure_")))
    info = found.workflow_description["executionInfo"]
    shown: dict[str, Any] = {
        "workflow_id": workflow_id,
        "run_id": run_id,
        "type": f"{info['workflowType']['name']} {info['workflowType']['version']}",
        "state": found.close_status or found.execution_status,
        "reported": None if found.state is None else json_of(found.state),
        "reported_unreadable": found.state_unreadable,
        "parked": found.parked,
        "parked_since": found.parked_since,
        "started": _time(info.get("startTimestamp")),
        "closed": _time(info.get("closeTimestamp")),
        "result": found.result,
        "reason": found.failure_reason,
        "details": found.failure_details,
        "open": found.workflow_description.get("openCounts"),
        "waits_for": waits,
    }
    if as_json:
        click.echo(json.dumps(shown))
        return
    shown["state"] = click.style(shown["state"], fg=COLOURS.get(shown["state"]), bold=True)
    shown["open"] = None
    unreadable = shown.pop("reported_unreadable")
    shown["reported"] = f"({unreadable})" if unreadable else None
    if found.state is not None:
        shown["reported"] = json.dumps(json_of(found.state))
    if found.parked is not None:
        shown["parked"] = click.style(found.parked, fg="yellow")
    for key, value in shown.items():
        if value not in (None, []):
            for line in value if isinstance(value, list) else [value]:
                click.echo(f"{key.replace('_', ' '):<12} {line}")


def _time(value: datetime | None) -> str | None:
    return (
        None if value is None else value.astimezone(timezone.utc).isoformat(sep=" ", timespec="milliseconds")
    )
