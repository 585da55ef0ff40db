"""The verb `worker`: runs the activities of Python modules until a signal ends it."""

from __future__ import annotations

import logging
import os
import sys
from types import ModuleType
from typing import Any

import click

from pyflow.cli.modules import load_module
from pyflow.cli.options import connection, log_to_stderr, one_sentence, payloads
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
@payloads
@one_sentence
def worker(
    modules: tuple[str, ...],
    domain: str,
    task_list: str,
    key_file: str | None,
    stores: tuple[str, ...],
    **options: Any,
) -> None:
    """Run every activity decorated with @pyflow.activity that the MODULEs hold.

    Modules are imported by name, as `shop.activities`, from the current directory too. Prints `ready` once the
    activity types are registered. SIGTERM or SIGINT stops it gracefully; a second one tells its activities to stop,
    a third leaves them behind. Exit status 0, or 1 when an activity was cut short.
    """
    log_to_stderr()
    activities = [activity for name in modules for activity in _activities_of(load_module(name))]
    runner = ActivityWorker(domain, task_list, activities, payloads=configured(key_file, stores), **options)
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
