"""The decider: cold decisions, whole executions kept resident, memory, import; beside others and a floor."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import floor_decider
import report
import yardsticks
from played import Play
from shapes import SHAPES
from whole import Decisions, OfShape, bit_by_bit, seconds

HERE = Path(__file__).parent
ROUNDS = 5
BARE, IMPORT = "pass", "import sys, pyflow; assert 'boto3' not in sys.modules"


def bare_whole(workflow: Callable[[floor_decider.Bare, int], int]) -> Callable[[Play], list[Decisions]]:
    """A whole execution by the floor."""
    return lambda play: bit_by_bit(play, floor_decider.Bare(workflow).decide)


def bare_cold(play: Play) -> list[Decisions]:
    """A cold decision by the floor."""
    return [floor_decider.Bare(floor_decider.sequential).decide(play.events[: play.starts[-1]])]


class Best:
    """Milliseconds of CPU, the best of the rounds so far; all take their turns in each round."""

    def __init__(self, what: dict[str, Callable[[], float]]) -> None:
        self._what = what
        self.found = dict.fromkeys(what, float("inf"))

    def measure(self) -> None:
        """One more round."""
        for name, measured in self._what.items():
            self.found[name] = min(self.found[name], measured() * 1000)


def deciding() -> dict[str, Callable[[], float]]:
    """Everything that takes its turn with everything else."""
    sequential, fan_out = OfShape(SHAPES["sequential"]), OfShape(SHAPES["fan-out"])
    line, fan = sequential.played(1000), fan_out.played(1000)
    what = {
        "whole": lambda: seconds(sequential.whole, line),
        "floor whole": lambda: seconds(bare_whole(floor_decider.sequential), line),
        "cold": lambda: yardsticks.ours(1000, 3),
        "floor cold": lambda: seconds(bare_cold, line),
        "small": lambda: yardsticks.ours(10, 100),
        "fan": lambda: seconds(fan_out.whole, fan),
        "floor fan": lambda: seconds(bare_whole(floor_decider.fan_out), fan),
    }
    if yardsticks.OLD.exists():
        what["old"] = lambda: yardsticks.stateless(yardsticks.OLD, "last", 1000, 1)
    return what


def memory(count: int, runs: int = 1000) -> float:
    """Bytes of resident set a run, each with `count` activities open."""
    command = [sys.executable, str(HERE / "residents.py"), str(count), str(runs)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def started(code: str) -> float:
    """Milliseconds of CPU, user and system, of a Python that runs this; the best of many."""

    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    return min(once() for _ in range(ROUNDS * 4)) * 1000


def others(table: report.Table) -> None:
    """A cold decision by deciders that are not ours."""
    for name in yardsticks.COLD:
        took = yardsticks.cold(name, 1000, 2)
        if took is None:
            table.note(f"  {name} is not installed, or does not run here: make -C bench setup")
        else:
            table.row(f"  by {name}", took * 1000, "ms")


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    table = report.Table("decider", "CPU time, best of five, every decision checked")
    best = Best(deciding())
    for _ in range(ROUNDS):
        best.measure()
    found, by = best.found, None
    if "old" in found:
        by = report.Yardstick("a cold decision of pyflow-swf 2.0.0", 389, found["old"], "ms")
        table.yardstick(by)
    else:
        table.note("pyflow-swf 2.0.0 is not installed: make setup")
    table.row("one cold decision at 6,003 events (aim 16)", found["cold"], "ms", bar=32, by=by)
    table.row("  by the floor, which checks nothing", found["floor cold"], "ms")
    others(table)
    if by is not None:
        table.row("  2.0.0 / ours", found["old"] / found["cold"], "×")
    table.row("one cold decision at 63 events", found["small"], "ms", bar=0.25, by=by)
    table.row("1,000 sequential activities, resident (aim 36)", found["whole"], "ms", bar=60, by=by)
    table.row("  by the floor", found["floor whole"], "ms")
    table.row("fan-out of 1,000, resident (aim 30)", found["fan"], "ms", bar=50, by=by)
    table.row("  by the floor", found["floor fan"], "ms")
    for count, what in (1, "1 invocation"), (11, "11 invocations"), (101, "101 invocations"):
        table.row(f"a resident run, {what} open", memory(count), "B", bar=12 * 1024 + count * 700)
    table.row("import of pyflow, without boto3", started(IMPORT) - started(BARE), "ms", bar=60, by=by)
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
