"""`pyflow conformance`: whether a worker, in whatever language, does what the contract says."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pyflow.cli.options import EXIT_FAILED, fail, one_sentence

if TYPE_CHECKING:
    from pyflow.conformance.verdict import Verdict

EXTRA = "pip install 'pyflow-swf[conformance]'"
FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def conformance() -> None:
    """Check a worker against the contract."""


@conformance.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND...")
@click.option("--json", "json_file", type=FILE, help="Write the verdicts as JSON.")
@click.option("--junit", "junit_file", type=FILE, help="Write the verdicts as JUnit's XML.")
@click.option(
    "--known-failing",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A list of ids that are known to fail, with the reason above each in a comment.",
)
@click.option("--only", multiple=True, metavar="ID|SECTION", help="Only this; may be repeated.")
@one_sentence
def run(
    command: tuple[str, ...],
    json_file: Path | None,
    junit_file: Path | None,
    known_failing: Path | None,
    only: tuple[str, ...],
) -> None:
    """Play every behaviour of protocol/conformance against the worker that COMMAND starts.

    COMMAND gets --endpoint-url, --domain and --task-list behind it, or has {endpoint}, {domain} and {task_list} in
    it, and prints a line that begins with `ready` once it polls. Exit status 0, or 1 where a behaviour failed that
    is not known to, or passed that is.
    """
    try:
        from pyflow.conformance import known_failing as lists
        from pyflow.conformance import report
        from pyflow.conformance.kit import play
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("pyflow"):
            raise
        fail(f"{missing.name} is not installed: {EXTRA}")
    reasons = lists.read(known_failing.read_text("utf-8"), known_failing.name) if known_failing else {}
    verdicts = list(_told(it.known(reasons) for it in play(command, only=only)))
    if json_file:
        json_file.write_text(report.as_json(verdicts, command), "utf-8")
    if junit_file:
        junit_file.write_text(report.as_junit(verdicts), "utf-8")
    for line in report.lines(verdicts):
        click.echo(line)
    if not only and (strangers := reasons.keys() - {it.id for it in verdicts}):
        fail(f"{known_failing} names behaviours that are not there: {', '.join(sorted(strangers))}")
    sys.exit(0 if report.succeeded(verdicts) else EXIT_FAILED)


@conformance.command()
@click.argument(
    "reports",
    nargs=-1,
    required=True,
    metavar="REPORT...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@one_sentence
def compare(reports: tuple[Path, ...]) -> None:
    """Show the refusals that workers do not tell in the same sentence, from the REPORTs that `run --json` wrote.

    Exit status 0 where there are none, else 1.
    """
    from pyflow.conformance.comparison import differences, refusals

    found = list(differences({path.name: refusals(path.read_text("utf-8"), path.name) for path in reports}))
    for it in found:
        click.echo(f"{it.id} ({it.form})")
        for name, told in it.sentences.items():
            click.echo(f"    {name}: {told}")
    click.echo(f"{len(found)} refusals are told differently")
    sys.exit(EXIT_FAILED if found else 0)


def _told(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """The verdicts; on a terminal, how many there are already."""
    for count, verdict in enumerate(verdicts, 1):
        if sys.stderr.isatty():
            click.echo(f"\r\x1b[K{count} {verdict.id[:60]}", nl=False, err=True)
        yield verdict
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
