"""Bytes of resident set that a resident run costs, each with N activities open. Prints a number."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import pyflow
from pyflow.decider.resident import Resident
from pyflow.history.event import Run
from pyflow.testing.story import HistoryBuilder
from pyflow.worker.decisions.decider import Decider


class FanOut(pyflow.Workflow):
    NAME = "FanOut"

    def run(self, count):
        futures = [self.swf.invoke_activity("add_one", "1", number) for number in range(count)]
        self.swf.wait_for_all(futures)


def resident(decider: Decider, number: int, count: int) -> Resident:
    """A run whose activities SWF has confirmed, and none is done."""
    story = HistoryBuilder(count).turn()
    it = Resident(decider.execution(Run(f"w{number}", f"r{number}", "FanOut", "1.0")))
    it.decide(story.events)
    story.decided()
    for activity in range(count):
        story.activity(f"activity{activity + 1}", "add_one")
    story.signaled("wake").turn()
    it.decide(story.events)
    return it


def resident_set() -> int:
    """Bytes, as the kernel counts them."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


if __name__ == "__main__":
    count, runs = int(sys.argv[1]), int(sys.argv[2])
    decider = Decider([FanOut], "domain", "t", "bench", client=object())
    warm = [resident(decider, -number, count) for number in range(50)]
    gc.collect()
    before = resident_set()
    kept = [resident(decider, number, count) for number in range(runs)]
    gc.collect()
    print((resident_set() - before) / runs)
