"""`pyflow decider`: decides for workflow classes until it is told to stop."""

from __future__ import annotations

import signal
import sys
from types import FrameType

import click

from pyflow.cli.modules import load_attribute
from pyflow.cli.options import connection, log_to_stderr, one_sentence
from pyflow.errors import PyflowException


@click.command()
@click.argument("classes", nargs=-1, required=True, metavar="MODULE:CLASS...")
@connection
@click.option("--task-list", required=True, help="Where it polls for decision tasks.")
@click.option("--identity", help="Shown in histories; default: python@HOST:PID.")
@click.option("--max-resident-runs", type=click.IntRange(0), default=1000, show_default=True)
@one_sentence
def decider(
    classes: tuple[str, ...],
    domain: str,
    endpoint_url: str | None,
    region: str | None,
    task_list: str,
    identity: str | None,
    max_resident_runs: int,
) -> None:
    """Decide for workflow classes, given as MODULE:CLASS.

    Prints `ready` once their types are registered. SIGTERM or SIGINT: the poll in flight and its task are
    answered, then exit 0; a second one ends at once.
    """
    from pyflow.flow.workflow import Workflow
    from pyflow.worker.decider import Decider
    from pyflow.worker.identity import of_this_process

    log_to_stderr()
    found = [load_attribute(spec) for spec in classes]
    for spec, each in zip(classes, found, strict=True):
        if not (isinstance(each, type) and issubclass(each, Workflow)):
            raise PyflowException(f"{spec} is not a subclass of pyflow.Workflow")
    it = Decider(
        found,
        domain,
        task_list,
        identity or of_this_process(),
        max_resident_runs=max_resident_runs,
        endpoint_url=endpoint_url,
        region=region,
    )
    it.ensure_workflows_registered()

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        it.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    click.echo("ready")
    sys.stdout.flush()
    it.run()
