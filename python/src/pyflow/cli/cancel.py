"""`pyflow cancel`: asks an open execution to cancel."""

from __future__ import annotations

import click

from pyflow.cli.options import connection, one_sentence


@click.command()
@click.argument("workflow_id")
@connection
@click.option("--run-id", help="Default: the open run.")
@one_sentence
def cancel(
    workflow_id: str, domain: str, endpoint_url: str | None, region: str | None, run_id: str | None
) -> None:
    """Ask the execution WORKFLOW_ID to cancel; it may clean up first."""
    from pyflow.client.ending import cancel_workflow
    from pyflow.swf.boto import client

    cancel_workflow(domain, workflow_id, run_id, client(endpoint_url=endpoint_url, region=region))
    click.echo(f"asked {workflow_id} to cancel")
