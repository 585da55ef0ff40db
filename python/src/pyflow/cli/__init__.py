"""The command `pyflow`: one file a verb, each imported when it is called."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Any

import click

from pyflow.cli.options import EXIT_FAILED, fail

VERBS = {  # verb: where it lives, and its line in `pyflow --help`
    "local": ("pyflow.cli.local", "Run a local SWF on this machine."),
    "decider": ("pyflow.cli.decider", "Decide for workflow classes."),
    "worker": ("pyflow.cli.worker", "Do the activities of Python modules."),
    "start": ("pyflow.cli.start", "Start a workflow execution."),
    "signal": ("pyflow.cli.signal", "Signal an open execution."),
    "cancel": ("pyflow.cli.cancel", "Ask an open execution to cancel."),
    "terminate": ("pyflow.cli.terminate", "Close an open execution at once."),
    "result": ("pyflow.cli.result", "Wait for an execution to close, and print its result."),
    "status": ("pyflow.cli.status", "Say how an execution stands, and what it waits for."),
    "parked": ("pyflow.cli.parked", "Show, test and wake runs that no decider could decide."),
    "history": ("pyflow.cli.history", "Print an execution's events, or its timeline."),
    "operate": ("pyflow.cli.operate", "Give an open execution an operator's order: retry, result, pause …"),
    "conformance": ("pyflow.cli.conformance", "Check a worker, in whatever language, against the contract."),
}


class Verbs(click.Group):
    """Looks verbs up in VERBS, so that none pays for what another imports."""

    def main(  # type: ignore[override]  # click's own has overloads for what it returns
        self, args: Sequence[str] | None = None, *, standalone_mode: bool = True, **extra: Any
    ) -> Any:
        """As click's, but a wrong call is answered by one sentence, like any other bad input."""
        try:
            status = super().main(args, standalone_mode=False, **extra)
        except click.UsageError as error:
            fail(_sentence(error))
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(EXIT_FAILED)
        if standalone_mode:
            sys.exit(status or 0)
        return status

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs, in the order of the table."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the verb's file; its command has the verb's name."""
        if cmd_name not in VERBS:
            return None
        command = getattr(importlib.import_module(VERBS[cmd_name][0]), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table's lines, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(verb, line) for verb, (_, line) in VERBS.items()])


def _sentence(error: click.UsageError) -> str:
    """What is wrong, and where the right call is shown."""
    wrong = error.format_message().rstrip(".")
    help_of = error.ctx.command_path if error.ctx is not None else "pyflow"
    return f"{wrong[:1].lower()}{wrong[1:]}: see {help_of} --help"


@click.command(cls=Verbs)
@click.version_option(package_name="pyflow-swf", prog_name="pyflow")
def main() -> None:
    """Durable workflows on Amazon SWF: run deciders and workers, start executions, see how they stand."""
