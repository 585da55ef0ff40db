"""Instructions of decisions, counted by valgrind: the same on every run, whatever the neighbours do."""

from __future__ import annotations

import math
import os
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import report
from played import Play
from shapes import SHAPES
from whole import OfShape

HERE = Path(__file__).parent
MILLION = 1_000_000
SMALL, LARGE = 1000, 4000
BARS = {"cold sequential:100": 17.0, "sequential:100": 30.0}
"""Millions of instructions, of CPython 3.11."""

GROWTH = 1.05
"""The power of N with which a whole resident execution may grow."""

MISSING = "valgrind is not installed: apt-get install -y valgrind"
VALGRIND = ["valgrind", "--tool=callgrind", "--dump-before=getppid"]
TOTALS = re.compile(r"^totals: (\d+)$", re.MULTILINE)


def available() -> bool:
    """Whether instructions can be counted here."""
    return shutil.which("valgrind") is not None


def present() -> list[str]:
    """The shapes that this pyflow has what it takes for."""
    return [name for name, shape in SHAPES.items() if not shape.missing]


def counts(whats: Iterable[str]) -> dict[str, float]:
    """WHAT:N -> millions of instructions, WHAT as `counted.py` takes it; one process for all of them."""
    names = list(whats)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        command = [*VALGRIND, f"--callgrind-out-file={out}", sys.executable, str(HERE / "counted.py")]
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        given = pickle.dumps([played(name) for name in names])
        done = subprocess.run(command, check=False, input=given, capture_output=True, env=environment)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()}")
        # each is written when its second bracket is reached
        written = [Path(f"{out}.{2 * (number + 1)}").read_text() for number in range(len(names))]
    return {name: int(TOTALS.findall(text)[-1]) / MILLION for name, text in zip(names, written, strict=True)}


@cache
def played(name: str) -> tuple[str, Play]:
    """What to count, and the run that it is counted on: WHAT:N."""
    what, _, number = name.partition(":")
    return what, OfShape(SHAPES[what.rpartition(" ")[2]]).played(int(number))


def exponent(small: float, large: float, times: float) -> float:
    """The power of N with which something grows, from its figures at N and at `times` that."""
    return math.log(large / small) / math.log(times)


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    table = report.Table("instructions", "millions, counted by valgrind; every decision checked")
    if not available():
        table.note(MISSING)
        return table.show()
    shapes = present()
    halves: tuple[list[str], list[str]] = ([], [])
    for number, name in enumerate(shapes):
        halves[number % 2].extend([f"{name}:{SMALL}", f"{name}:{LARGE}"])
    halves[1].extend(["floor cold sequential:100", "floor sequential:100", *BARS, "fan-out:100"])
    with ThreadPoolExecutor(2) as two:
        found = {name: millions for each in two.map(counts, halves) for name, millions in each.items()}
    rows = {
        "cold sequential:100": "one cold decision, 100 sequential",
        "floor cold sequential:100": "  by the floor",
        "sequential:100": "whole execution, 100 sequential, resident",
        "floor sequential:100": "  by the floor",
        "fan-out:100": "whole execution, fan-out of 100, resident",
    }
    for name, row in rows.items():
        table.row(row, found[name], "M", bar=BARS.get(name))
    for name in shapes:
        power = exponent(found[f"{name}:{SMALL}"], found[f"{name}:{LARGE}"], LARGE / SMALL)
        table.row(f"growth of {name}, 1,000 to 4,000: power of N", power, "", bar=GROWTH)
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
