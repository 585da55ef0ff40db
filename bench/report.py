"""A table of measurements beside their bars.

A bar is an issue's absolute figure. It was set on a reference machine; where a yardstick says that this machine is
slower, the bar is widened by that factor, and both figures are printed.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import click

RESULTS = os.environ.get("BENCH_RESULTS")
"""Where measurements are added as JSON lines, for scripts; nowhere unless set."""


@dataclass(frozen=True)
class Yardstick:
    """Something that is not ours, measured beside us, and what it took on the reference machine.

    at_least: whether more is better, as for a rate.
    """

    name: str
    reference: float
    measured: float
    unit: str
    at_least: bool = False

    @property
    def factor(self) -> float:
        """How many times slower than the reference this machine is now; 1 where it is not slower."""
        slower = self.reference / self.measured if self.at_least else self.measured / self.reference
        return max(1.0, slower)


class Table:
    """Rows of one subject. A bar is the largest good value, or the smallest with `at_least`."""

    def __init__(self, subject: str, how: str) -> None:
        self._subject = subject
        self._good = True
        click.echo(click.style(f"\n{subject}", bold=True) + f"  ({how})")

    def yardstick(self, yardstick: Yardstick) -> None:
        """Prints what this machine is measured by."""
        was = f"{_text(yardstick.reference)} {yardstick.unit}"
        click.echo(
            f"  {'yardstick: ' + yardstick.name:<52} {_text(yardstick.measured):>9} {yardstick.unit:<5}"
            f"   was {was}: bars × {yardstick.factor:.2f}"
        )
        self._keep({"what": f"yardstick: {yardstick.name}", **asdict(yardstick), "factor": yardstick.factor})

    def row(
        self,
        what: str,
        value: float,
        unit: str,
        *,
        bar: float | None = None,
        at_least: bool = False,
        by: Yardstick | None = None,
    ) -> None:
        """Prints one measurement, and whether it passes its bar, widened by the yardstick's factor."""
        factor = by.factor if by is not None else 1.0
        verdict, widened = "", None
        if bar is not None:
            widened = bar / factor if at_least else bar * factor
            good = value >= widened if at_least else value <= widened
            self._good = self._good and good
            word = click.style("ok", fg="green") if good else click.style("MISSED", fg="red", bold=True)
            verdict = f"  {'≥' if at_least else '≤'} {_text(bar):>7}"
            verdict += f" {'÷' if at_least else '×'} {factor:.2f} = {_text(widened):<7}" if by else " " * 17
            verdict += word
        click.echo(f"  {what:<52} {_text(value):>9} {unit:<5} {verdict}")
        self._keep(
            {"what": what.strip(), "value": value, "unit": unit, "bar": bar}
            | ({"yardstick": by.name, "factor": factor, "widened": widened} if by else {})
        )

    def note(self, text: str) -> None:
        """Prints what could not be measured, and why."""
        click.echo(f"  {text}")

    def show(self) -> bool:
        """Whether every bar was passed."""
        return self._good

    def _keep(self, line: dict[str, object]) -> None:
        if RESULTS:
            with Path(RESULTS).open("a") as file:
                file.write(json.dumps({"subject": self._subject, **line}) + "\n")


def _text(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3f}" if abs(value) < 1 else f"{value:.2f}"
