"""`pyflow terminate`: closes an open execution at once."""

from __future__ import annotations

import click

from pyflow.cli.options import connection, one_sentence

POLICIES = ["TERMINATE", "REQUEST_CANCEL", "ABANDON"]


@click.command()
@click.argument("workflow_id")
@connection
@click.option("--run-id", help="Default: the open run.")
@click.option("--reason", help="At most 256 characters.")
@click.option("--details", help="At most 32768 characters.")
@click.option(
    "--child-policy", type=click.Choice(POLICIES), help="Fate of its children; default: the run's own."
)
@one_sentence
def terminate(
    workflow_id: str,
    domain: str,
    endpoint_url: str | None,
    region: str | None,
    run_id: str | None,
    reason: str | None,
    details: str | None,
    child_policy: str | None,
) -> None:
    """Close the execution WORKFLOW_ID at once; its code learns nothing of it."""
    from pyflow.client.ending import terminate_workflow
    from pyflow.swf.boto import client

    swf = client(endpoint_url=endpoint_url, region=region)
    said = {"reason": reason, "details": details, "child_policy": child_policy}
    terminate_workflow(domain, workflow_id, run_id, swf, **said)
    click.echo(f"terminated {workflow_id}")
