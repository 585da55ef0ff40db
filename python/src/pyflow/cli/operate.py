"""`pyflow operate`: an operator's order to an open execution."""

from __future__ import annotations

import getpass

import click

from pyflow.cli.keys import operator_key
from pyflow.cli.options import connection, one_sentence
from pyflow.cli.values import value_of
from pyflow.codec import OPERATIONS
from pyflow.errors import PyflowException


@click.command()
@click.argument("workflow_id")
@click.argument("operation", type=click.Choice(list(OPERATIONS)))
@click.argument("target", required=False)
@connection
@click.option("--run-id", help="Default: the open run.")
@click.option(
    "--value",
    "text",
    help='Of result: JSON text; of failure: as \'{"reason": "CardDeclined", "details": "by hand"}\'.',
)
@click.option("--by", help="Who asks, kept in the history; default: your user name here.")
@click.option(
    "--key-file", required=True, metavar="FILE", help="Holds the key that the decider has as operator key."
)
@one_sentence
def operate(
    workflow_id: str,
    operation: str,
    target: str | None,
    domain: str,
    endpoint_url: str | None,
    region: str | None,
    run_id: str | None,
    text: str | None,
    by: str | None,
    key_file: str,
) -> None:
    """Order the execution WORKFLOW_ID to go on otherwise than by itself.

    retry TARGET: try that step again now. result TARGET, failure TARGET: take --value for its outcome. pause: start
    nothing more. resume: go on. TARGET is a step's id, as activity3, which pyflow history shows.
    """
    from pyflow.client.operating import operate_workflow
    from pyflow.swf.boto import client

    takes_value = operation in ("result", "failure")
    if takes_value is not (text is not None):
        raise PyflowException(f"{operation} {'needs a --value: JSON' if takes_value else 'takes no --value'}")
    order = operate_workflow(
        domain,
        workflow_id,
        operation,
        target,
        None if text is None else value_of(text, "--value"),
        key=operator_key(key_file),
        by=by or getpass.getuser(),
        run_id=run_id,
        client=client(endpoint_url=endpoint_url, region=region),
    )
    click.echo(
        f"ordered {workflow_id}: {' '.join(filter(None, (operation, target)))}, by {order.by}\n"
        f"a decider that obeys records the marker pyflow.operator.{order.nonce}"
    )
