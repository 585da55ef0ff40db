"""`pyflow start`: starts an execution."""

from __future__ import annotations

import json

import click

from pyflow import codec
from pyflow.cli.options import connection, one_sentence
from pyflow.errors import PayloadDecodeError, PyflowException, UnknownCodec, UnsupportedPayloadVersion


@click.command()
@click.argument("name")
@click.option("--version", default="1.0", show_default=True, help="Of the workflow type.")
@connection
@click.option("--task-list", required=True, help="Where the decider polls.")
@click.option("--input", "text", help="JSON text, as '\"Hello\"' or '{\"id\": 7}'.")
@click.option("--workflow-id", help="Default: NAME@ and a random UUID.")
@click.option("--lambda-role", help="ARN of the role as which SWF invokes Lambda functions.")
@click.option("--tag", "tags", multiple=True, help="At most five.")
@click.option(
    "--execution-timeout", type=int, metavar="SECONDS", help="Of the whole execution; default: the type's."
)
@click.option("--json", "as_json", is_flag=True, help="Print the ids as JSON.")
@one_sentence
def start(
    name: str,
    version: str,
    domain: str,
    endpoint_url: str | None,
    region: str | None,
    task_list: str,
    text: str | None,
    workflow_id: str | None,
    lambda_role: str | None,
    tags: tuple[str, ...],
    execution_timeout: int | None,
    as_json: bool,
) -> None:
    """Start an execution of the workflow type NAME."""
    from pyflow.client.start import start_workflow
    from pyflow.swf.boto import client

    if text is not None:
        _check(text)
    started = start_workflow(
        domain,
        name,
        version,
        task_list,
        lambda_role,
        text,
        client(endpoint_url=endpoint_url, region=region),
        execution_start_to_close_timeout=execution_timeout,
        tag_list=tags or None,
        workflow_id=workflow_id,
    )
    if as_json:
        click.echo(json.dumps(started))
    else:
        click.echo(f"workflow id  {started['workflowId']}\nrun id       {started['runId']}")


def _check(text: str) -> None:
    """Raises PyflowException for an input that no decider could read: one whose run would only fail, or wait."""
    if not text:
        raise PyflowException("--input is empty: leave it out, or give JSON such as null or '\"Hello\"'")
    try:
        codec.decode(text)
    except UnknownCodec:  # the decider's affair: it may have it
        return
    except UnsupportedPayloadVersion as error:
        raise PyflowException(f"--input can't be read: {error}") from None
    except PayloadDecodeError as error:
        raise PyflowException(
            f"--input can't be read: {error}; it takes JSON, in which a text has quotes of its own, as '\"Hello\"'"
        ) from None
