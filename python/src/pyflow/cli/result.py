"""`pyflow result`: waits for an execution to close, and prints what it came to."""

from __future__ import annotations

import click

from pyflow.cli.options import connection, one_sentence, payloads
from pyflow.cli.outcome import say_outcome


@click.command()
@click.argument("workflow_id")
@connection
@payloads
@click.option("--run-id", help="Default: the open run, else the newest closed one.")
@click.option(
    "--timeout", type=click.FloatRange(0), metavar="SECONDS", help="How long to wait; default: for ever."
)
@click.option("--json", "as_json", is_flag=True, help="Print how it ended as well, as one JSON object.")
@one_sentence
def result(
    workflow_id: str,
    domain: str,
    endpoint_url: str | None,
    region: str | None,
    run_id: str | None,
    timeout: float | None,
    as_json: bool,
    key_file: str | None,
    stores: tuple[str, ...],
) -> None:
    """Wait until the execution WORKFLOW_ID has closed, and print its result as JSON.

    Runs that it continues as are followed. Exit status 0 with a result, 1 where it failed, timed out, was canceled
    or terminated, 3 where it is still open after --timeout.
    """
    from pyflow.client.result import get_workflow_result
    from pyflow.stores.configuration import configured
    from pyflow.swf.boto import client

    swf, opens = client(endpoint_url=endpoint_url, region=region), configured(key_file, stores)
    say_outcome(
        lambda: get_workflow_result(domain, workflow_id, run_id, timeout, swf, payloads=opens), as_json
    )
