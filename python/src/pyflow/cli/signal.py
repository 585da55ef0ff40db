"""`pyflow signal`: signals an open execution."""

from __future__ import annotations

import click

from pyflow.cli.options import connection, one_sentence, payloads
from pyflow.cli.values import value_of


@click.command()
@click.argument("workflow_id")
@click.argument("name")
@connection
@payloads
@click.option("--input", "text", help="JSON text, as '\"Hello\"' or '{\"id\": 7}'.")
@click.option("--run-id", help="Default: the open run.")
@click.option(
    "--id", "signal_id", help="The same for each attempt to send one signal; default: a random UUID."
)
@click.option("--plain", is_flag=True, help="Without an id, for a decider that is not pyflow's.")
@one_sentence
def signal(
    workflow_id: str,
    name: str,
    domain: str,
    endpoint_url: str | None,
    region: str | None,
    text: str | None,
    run_id: str | None,
    signal_id: str | None,
    plain: bool,
    key_file: str | None,
    stores: tuple[str, ...],
) -> None:
    """Send the signal NAME to the execution WORKFLOW_ID."""
    from pyflow.client.signaling import signal_workflow
    from pyflow.stores.configuration import configured
    from pyflow.swf.boto import client

    value = None if text is None else value_of(text, "--input")
    swf, seals = client(endpoint_url=endpoint_url, region=region), configured(key_file, stores)
    signal_workflow(
        domain, workflow_id, name, value, run_id, swf, plain=plain, signal_id=signal_id, payloads=seals
    )
    click.echo(f"sent signal {name} to {workflow_id}")
