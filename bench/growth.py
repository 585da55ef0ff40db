"""How the CPU time of a whole resident execution grows with N, for every shape of workflow."""

from __future__ import annotations

import math
import sys

import report
from shapes import SHAPES
from whole import OfShape, seconds

SMALL, LARGE, ROUNDS = 1000, 4000, 5
GROWTH = 1.15


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    how = f"CPU from {SMALL:,} to {LARGE:,}, best of {ROUNDS}; a power of N: 1 is linear; every decision checked"
    table = report.Table("growth of whole resident executions", how)
    for name, shape in SHAPES.items():
        if shape.missing:
            table.note(f"{name}: this pyflow has no {shape.needs} yet")
            continue
        decider = OfShape(shape)
        small, large = decider.played(SMALL), decider.played(LARGE)
        of_small, of_large = [], []
        for _ in range(ROUNDS):  # in turn: a slow moment of the machine is not all on one side
            of_small.append(seconds(decider.whole, small))
            of_large.append(seconds(decider.whole, large))
        table.row(f"{name}, N = 1,000", min(of_small) * 1000, "ms")
        power = math.log(min(of_large) / min(of_small), LARGE / SMALL)
        table.row("  grows with N to the power of", power, "", bar=GROWTH)
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
