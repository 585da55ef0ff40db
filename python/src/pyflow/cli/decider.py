"""`pyflow decider`: decides for workflow classes until it is told to stop."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from pyflow.cli.logs import log_to_stderr, logs
from pyflow.cli.modules import load_workflows
from pyflow.cli.options import connection, one_sentence, payloads
from pyflow.cli.traces import traces_to, tracing

if TYPE_CHECKING:
    from pyflow.worker.decisions.decider import Decider

logger = logging.getLogger("pyflow")

PARENT = "PYFLOW_DECIDER_PARENT"
"""Set for a process of `--processes`: its stdin ends with its parent."""


@click.command()
@click.argument("classes", nargs=-1, required=True, metavar="MODULE:CLASS...")
@connection
@click.option("--task-list", required=True, help="Where it polls for decision tasks.")
@click.option("--identity", help="Shown in histories; default: python@HOST:PID.")
@click.option("--processes", type=click.IntRange(1), default=1, show_default=True, help="How many decide.")
@click.option("--max-resident-runs", type=click.IntRange(0), default=1000, show_default=True)
@click.option(
    "--max-resident-bytes",
    type=click.IntRange(0),
    default=512 * 1024 * 1024,
    show_default=True,
    help="Of all resident runs of a process together, estimated.",
)
@click.option(
    "--sticky-timeout",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    metavar="SECONDS",
    help="How long a task waits at the list of the process that holds its run; 0: no such list.",
)
@click.option(
    "--pollers", type=click.IntRange(1), default=2, show_default=True, help="Polls of the task list."
)
@click.option(
    "--private-pollers",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="Polls of a process's own list.",
)
@click.option(
    "--blocked-after",
    type=click.FloatRange(0, min_open=True),
    default=5,
    show_default=True,
    metavar="SECONDS",
    help="When to name a workflow that blocks its process.",
)
@click.option(
    "--on-divergence",
    type=click.Choice(["park", "fail"]),
    default="park",
    show_default=True,
    help="What becomes of a run whose history and code disagree.",
)
@click.option(
    "--operator-key-file",
    metavar="FILE",
    help="Holds the key with which operators sign orders; default: no orders are taken.",
)
@click.option(
    "--metrics-port",
    type=click.IntRange(0, 65535),
    help="Serve /metrics and /health there, on 127.0.0.1; each further process takes the next port.",
)
@payloads
@tracing
@logs
@one_sentence
def decider(classes: tuple[str, ...], processes: int, **options: Any) -> None:
    """Decide for workflow classes, given as MODULE:CLASS.

    Prints `ready` once their types are registered. SIGTERM or SIGINT: polls in flight and their tasks are
    answered, then exit 0; a second one ends at once.
    """
    log_to_stderr(options["log_format"], options["log_level"])
    if processes > 1:
        from pyflow.cli.decider_processes import supervise

        sys.exit(supervise(classes, processes, options))
    del options["log_format"], options["log_level"]
    _decide(classes, **options)


def _decide(
    classes: tuple[str, ...],
    *,
    domain: str,
    task_list: str,
    identity: str | None,
    metrics_port: int | None,
    operator_key_file: str | None,
    key_file: str | None,
    stores: Sequence[str],
    tracing: str | None,
    **options: Any,
) -> None:
    from pyflow.cli.keys import operator_key
    from pyflow.stores.configuration import configured
    from pyflow.worker.decisions.decider import Decider
    from pyflow.worker.process.identity import of_this_process

    key = None if operator_key_file is None else operator_key(operator_key_file)
    with contextlib.ExitStack() as stack:
        it = Decider(
            load_workflows(classes),
            domain,
            task_list,
            identity or of_this_process(),
            operator_key=key,
            payloads=configured(key_file, stores),
            tracing=stack.enter_context(traces_to(tracing, "pyflow-decider")),
            **options,
        )
        it.ensure_workflows_registered()
        _stop_by_signals(it)
        if metrics_port is not None:
            from pyflow.worker.decisions.metrics import metrics_of

            port = stack.enter_context(metrics_of(it, metrics_port))
            logger.info("metrics at http://127.0.0.1:%d", port)
        click.echo("ready")
        sys.stdout.flush()
        it.run()


def _stop_by_signals(it: Decider) -> None:
    """The first one stops it, a second one ends the process; so does the end of a parent."""
    from pyflow.worker.process.signals import ENDING

    def stop(number: int, frame: FrameType | None) -> None:
        for each in ENDING:
            signal.signal(each, signal.SIG_DFL)
        it.stop()

    for each in ENDING:
        signal.signal(each, stop)
    if os.environ.pop(PARENT, None):
        threading.Thread(target=_end_with_parent, name="pyflow-decider-parent", daemon=True).start()


def _end_with_parent() -> None:
    """A parent that was killed can't tell: its end of the pipe is closed all the same."""
    with contextlib.suppress(OSError):
        while os.read(0, 64):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
