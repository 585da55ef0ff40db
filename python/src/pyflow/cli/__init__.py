"""The command `pyflow`: one file a verb, each imported when it is called."""

from __future__ import annotations

import importlib

import click

VERBS = {  # verb: where it lives, and its line in `pyflow --help`
    "local": ("pyflow.cli.local", "Run a local SWF on this machine."),
    "decider": ("pyflow.cli.decider", "Decide for workflow classes."),
    "worker": ("pyflow.cli.worker", "Do the activities of Python modules."),
    "start": ("pyflow.cli.start", "Start a workflow execution."),
    "status": ("pyflow.cli.status", "Say how an execution stands, and what it waits for."),
    "history": ("pyflow.cli.history", "Print an execution's events, or its timeline."),
}


class Verbs(click.Group):
    """Looks verbs up in VERBS, so that none pays for what another imports."""

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


@click.command(cls=Verbs)
@click.version_option(package_name="pyflow-swf", prog_name="pyflow")
def main() -> None:
    """Durable workflows on Amazon SWF: run deciders and workers, start executions, see how they stand."""
