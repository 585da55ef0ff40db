"""Under valgrind: what is counted lies between two calls of getppid, where `instructions.py` has the counts written.

Reads WHAT and how each was played from stdin, pickled. WHAT: a shape's name, for a whole resident execution, `cold` and
a name, or `floor` before either.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys

import floor_decider
from played import Play
from shapes import SHAPES
from whole import OfShape, bit_by_bit

WARM = 10


def count(what: str, play: Play) -> None:
    """Decides once more what was played, after a small run: what happens once in a process is not counted."""
    how, _, name = what.rpartition(" ")
    decider = OfShape(SHAPES[name])
    small = decider.played(WARM)
    decider.cold(small)
    bare = floor_decider.Bare(floor_decider.sequential)
    last = play.events[: play.starts[-1]]
    os.getppid()
    if how == "floor cold":
        answers = [bare.decide(last)]
    elif how == "floor":
        answers = bit_by_bit(play, bare.decide)
    else:
        answers = decider.cold(play) if how == "cold" else decider.whole(play)
    os.getppid()
    assert answers == play.answers[-len(answers) :]


if __name__ == "__main__":
    gc.disable()
    for what, play in pickle.load(sys.stdin.buffer):
        count(what, play)
