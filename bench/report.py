"""A table of measurements beside their bars."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

RESULTS = os.environ.get("BENCH_RESULTS")
"""Where measurements are added as JSON lines, for scripts; nowhere unless set."""


class Table:
    """Rows of one subject. A bar is the largest good value, or the smallest with `at_least`."""

    def __init__(self, subject: str, how: str) -> None:
        self._subject = subject
        self._good = True
        click.echo(click.style(f"\n{subject}", bold=True) + f"  ({how})")

    def row(
        self,
        what: str,
        value: float,
        unit: str,
        *,
        bar: float | None = None,
        at_least: bool = False,
    ) -> None:
        """Prints one measurement, and whether it passes its bar."""
        verdict = ""
        if bar is not None:
            good = value >= bar if at_least else value <= bar
            self._good = self._good and good
            word = click.style("ok", fg="green") if good else click.style("MISSED", fg="red", bold=True)
            verdict = f"{'≥' if at_least else '≤'} {_text(bar):>8} {unit:<6} {word}"
        click.echo(f"  {what:<48} {_text(value):>10} {unit:<6} {verdict}")
        if RESULTS:
            line = {
                "subject": self._subject,
                "what": what.strip(),
                "value": value,
                "unit": unit,
                "bar": bar,
            }
            with Path(RESULTS).open("a") as file:
                file.write(json.dumps(line) + "\n")

    def note(self, text: str) -> None:
        """Prints what could not be measured, and why."""
        click.echo(f"  {text}")

    def show(self) -> bool:
        """Whether every bar was passed."""
        return self._good


def _text(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3f}" if abs(value) < 1 else f"{value:.2f}"
