"""The verb `worker`: runs the activities of Python modules until a signal ends it."""

from __future__ import annotations

import logging
import os
import sys
from types import ModuleType
from typing import Any

import click

from pyflow.cli.logs import log_to_stderr, logs
from pyflow.cli.modules import load_attribute, load_module
from pyflow.cli.options import connection, one_sentence, payloads
from pyflow.cli.traces import traces_to, tracing
from pyflow.declare.activity import Activity
from pyflow.errors import PyflowException
from pyflow.stores.configuration import configured
from pyflow.worker.activities.worker import ActivityWorker


@click.command()
@click.argument("modules", nargs=-1, required=True, metavar="MODULE...")
@connection
@click.option("--task-list", required=True, help="Task list to poll.")
@click.option(
    "--concurrency", type=click.IntRange(1), default=10, show_default=True, help="Activities at a time."
)
@click.option("--pollers", type=click.IntRange(1), default=2, show_default=True, help="Polls at a time.")
@click.option(
    "--executor",
    type=click.Choice(["threads", "processes"]),
    default="threads",
    show_default=True,
    help="Where activities run; processes: one for each that runs, for those that compute.",
)
@click.option(
    "--graceful-timeout",
    type=click.FloatRange(0),
    default=70,
    show_default=True,
    metavar="SECONDS",
    help="How long a stop waits for polls in flight (SWF holds one for 60 s) and for activities.",
)
@click.option("--identity", help="Shown in histories; default: python@HOST:PID.")
@click.option(
    "--register/--no-register", default=True, show_default=True, help="Register the activity types first."
)
@click.option(
    "--strict-registration",
    is_flag=True,
    help="Exit 2 where a registered type has other defaults than its activity, in place of a warning.",
)
@click.option(
    "--configure",
    "configures",
    multiple=True,
    metavar="MODULE:FUNCTION",
    help="Called with the worker's settings, a dict, to change them: interceptors, codecs, client …; repeatable.",
)
@click.option(
    "--metrics-port",
    type=click.IntRange(0, 65535),
    help="Serve /metrics and /health there, on 127.0.0.1; 0: a free port, which the log names.",
)
@payloads
@tracing
@logs
@one_sentence
def worker(
    modules: tuple[str, ...],
    domain: str,
    task_list: str,
    key_file: str | None,
    stores: tuple[str, ...],
    tracing: str | None,
    configures: tuple[str, ...],
    log_format: str,
    log_level: str,
    **options: Any,
) -> None:
    """Run every activity decorated with @pyflow.activity that the MODULEs hold.

    Modules are imported by name, as `shop.activities`, from the current directory too. Prints `ready` once the
    activity types are registered. SIGTERM or SIGINT stops it gracefully; a second one tells its activities to stop,
    a third leaves them behind. Exit status 0, or 1 when an activity was cut short.

    The settings of `--configure` are the arguments of `pyflow.ActivityWorker`, and besides `codecs`, by name, and
    `apply`, those of them that are applied.
    """
    log_to_stderr(log_format, log_level)
    activities = [activity for name in modules for activity in _activities_of(load_module(name))]
    settings: dict[str, Any] = {**options, "interceptors": [], "codecs": {}, "apply": None}
    for each in configures:
        load_attribute(each)(settings)
    codecs = {name: settings.pop(name) for name in ("codecs", "apply")}
    settings.setdefault("payloads", configured(key_file, stores, **codecs))
    with traces_to(tracing, "pyflow-worker") as traces:
        if traces is not None:
            settings["interceptors"] = [traces.activity, *settings["interceptors"]]
        runner = ActivityWorker(domain, task_list, activities, **settings)
        status = runner.run(on_ready=lambda: click.echo("ready"))
    if runner.left_behind:
        logging.shutdown()
        os._exit(status)  # what an activity left behind started would be waited for, perhaps for ever
    sys.exit(status)


def _activities_of(module: ModuleType) -> list[Activity[..., Any]]:
    found = {id(value): value for value in vars(module).values() if isinstance(value, Activity)}
    if not found:
        raise PyflowException(
            f"module {module.__name__} has no activity: decorate a function with @pyflow.activity"
        )
    return list(found.values())
