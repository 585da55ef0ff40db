"""`pyflow start`: starts an execution."""

from __future__ import annotations

import json
from typing import Any

import click

from pyflow.cli.options import connection, one_sentence, payloads
from pyflow.cli.outcome import say_outcome
from pyflow.cli.terminate import POLICIES
from pyflow.cli.values import check, signal_of


@click.command()
@click.argument("name")
@click.option("--version", default="1.0", show_default=True, help="Of the workflow type.")
@connection
@payloads
@click.option("--task-list", required=True, help="Where the decider polls.")
@click.option("--input", "text", help="JSON text, as '\"Hello\"' or '{\"id\": 7}'.")
@click.option("--workflow-id", help="Default: NAME@ and a random UUID.")
@click.option(
    "--signal",
    "signal",
    metavar="NAME[=JSON]",
    help="Signal the open run of --workflow-id, or start one that has the signal already.",
)
@click.option("--lambda-role", help="ARN of the role as which SWF invokes Lambda functions.")
@click.option("--tag", "tags", multiple=True, help="At most five.")
@click.option("--task-priority", type=int, help="Of its decision tasks; default: the type's.")
@click.option(
    "--child-policy", type=click.Choice(POLICIES), help="Fate of its children; default: the type's."
)
@click.option(
    "--task-timeout", type=int, metavar="SECONDS", help="Of each decision task; default: the type's."
)
@click.option(
    "--execution-timeout", type=int, metavar="SECONDS", help="Of the whole execution; default: the type's."
)
@click.option(
    "--wait", is_flag=True, help="Wait until it has closed, and print its result as pyflow result does."
)
@click.option("--json", "as_json", is_flag=True, help="Print the ids, and the outcome, as one JSON object.")
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
    signal: str | None,
    wait: bool,
    as_json: bool,
    key_file: str | None,
    stores: tuple[str, ...],
    **options: Any,
) -> None:
    """Start an execution of the workflow type NAME.

    The same call again, with the same --workflow-id, finds the execution that it started.
    """
    from pyflow.client.result import get_workflow_result
    from pyflow.client.signaling import signal_with_start
    from pyflow.client.start import new_workflow_id, start_workflow
    from pyflow.stores.configuration import configured
    from pyflow.swf.boto import client

    if text is not None:
        check(text, "--input")
    swf, seals = client(endpoint_url=endpoint_url, region=region), configured(key_file, stores)
    settings: dict[str, Any] = {
        "input": text,
        "client": swf,
        "payloads": seals,
        "lambda_role": options["lambda_role"],
        "tag_list": options["tags"] or None,
        "task_priority": options["task_priority"],
        "child_policy": options["child_policy"],
        "task_start_to_close_timeout": options["task_timeout"],
        "execution_start_to_close_timeout": options["execution_timeout"],
    }
    started: dict[str, Any]
    if signal is None:
        started = start_workflow(domain, name, version, task_list, workflow_id=workflow_id, **settings)
    else:
        signaled = (workflow_id or new_workflow_id(name), *signal_of(signal))
        started = signal_with_start(domain, name, version, task_list, *signaled, **settings)
    if not (as_json and wait):
        click.echo(json.dumps(started) if as_json else _lines(started))
    if wait:
        own_id, run_id = str(started["workflowId"]), started["runId"]
        say_outcome(
            lambda: get_workflow_result(domain, own_id, run_id, client=swf, payloads=seals),
            as_json,
            **started,
        )


def _lines(started: dict[str, Any]) -> str:
    run = started["runId"] or "that of the open run, which has the signal"
    return f"workflow id  {started['workflowId']}\nrun id       {run}"
