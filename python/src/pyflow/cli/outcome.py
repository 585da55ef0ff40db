"""What a run came to, for people and for scripts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click

from pyflow.cli.options import EXIT_FAILED, fail
from pyflow.cli.values import json_of
from pyflow.errors import (
    WorkflowCanceledException,
    WorkflowException,
    WorkflowFailedException,
    WorkflowTerminatedException,
    WorkflowTimedOutException,
)

STATES: dict[type[WorkflowException], str] = {
    WorkflowFailedException: "FAILED",
    WorkflowTimedOutException: "TIMED_OUT",
    WorkflowCanceledException: "CANCELED",
    WorkflowTerminatedException: "TERMINATED",
}


def say_outcome(wait: Callable[[], Any], as_json: bool, **beside: Any) -> None:
    """Prints what `wait` returns; where the run ended otherwise, one sentence on stderr and exit status 1.

    as_json: one object with `state`, `result`, and on failure `reason`, `details`, `type` and `message`, after beside.
    """
    try:
        value = wait()
    except WorkflowException as error:
        if as_json:
            click.echo(json.dumps({**beside, **_of(error)}))
        fail(str(error), EXIT_FAILED)
    else:
        shown = json_of(value)
        click.echo(json.dumps({**beside, "state": "COMPLETED", "result": shown} if as_json else shown))


def _of(error: WorkflowException) -> dict[str, Any]:
    said = {"state": STATES.get(type(error), "CLOSED"), "reason": error.reason, "details": error.details}
    if isinstance(error, WorkflowFailedException):
        said |= {"type": error.type, "message": error.message}
    return said
