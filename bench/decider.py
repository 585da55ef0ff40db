"""The decider: whole executions kept resident, a cold decision, and memory; beside pyflow-swf 2.0.0."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import report
import sequential

from pyflow.decider.resident import Resident
from pyflow.history.event import Run

HERE = Path(__file__).parent
OLD = HERE.parent / ".build" / "venv-2.0.0" / "bin" / "python"
ROUNDS = 5


def stateless(python: str | Path, what: str, count: int, rounds: int) -> float:
    """Seconds of CPU, measured in a process of that interpreter."""
    alone = ["-E"] if python == OLD else []  # no PYTHONPATH may lead the old library's Python to ours
    command = [str(python), *alone, str(HERE / "stateless.py"), what, str(count), str(rounds)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout))


def resident(count: int) -> float:
    """Seconds of CPU of a whole execution whose run is kept, each decision checked."""
    events, starts = sequential.history(count)
    decider = sequential.decider()
    gc.disable()
    begin = time.process_time()
    run = Resident(decider.execution(Run("w", "r", "Sequential", "1.0")))
    seen = 0
    for number, started in enumerate(starts):
        decisions = run.decide(events[seen:started]).decisions
        sequential.check(decisions, number, count)
        seen = started
    took = time.process_time() - begin
    gc.enable()
    run.execution.close()
    return took


@dataclass
class Best:
    """Seconds of CPU, the best of the rounds so far; in each round the old library's turn comes between ours."""

    with_old: bool
    whole: float = float("inf")
    longer: float = float("inf")
    cold: float = float("inf")
    old: float = float("inf")

    def measure(self) -> None:
        """One more round."""
        self.whole = min(self.whole, resident(1000))
        if self.with_old:
            self.old = min(self.old, stateless(OLD, "last", 1000, 1))
        self.cold = min(self.cold, stateless(sys.executable, "last", 1000, 3))
        self.longer = min(self.longer, resident(4000))


def memory(count: int, runs: int = 1000) -> float:
    """Bytes of resident set a run, each with `count` activities open."""
    command = [sys.executable, str(HERE / "residents.py"), str(count), str(runs)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    table = report.Table("decider", "CPU time, best of five, every decision checked")
    best = Best(OLD.exists())
    for _ in range(ROUNDS):
        best.measure()
    by = None
    if OLD.exists():
        by = report.Yardstick("a cold decision of pyflow-swf 2.0.0", 389, best.old * 1000, "ms")
        table.yardstick(by)
    else:
        table.note("pyflow-swf 2.0.0 is not installed: make setup")
    table.row("1,000 sequential activities, resident", best.whole, "s", bar=0.1, by=by)
    table.row("  growth from 1,000 to 4,000 (linear is 4)", best.longer / best.whole, "×", bar=4.6)
    table.row("one cold decision at 6,003 events", best.cold * 1000, "ms", bar=40, by=by)
    if by is not None:
        table.row("  2.0.0 / ours", best.old / best.cold, "×")
        old_whole = stateless(OLD, "whole", 150, 1)
        table.row("150 sequential by 2.0.0 / ours, resident", old_whole / resident(150), "×")
    one, eleven, hundred = memory(1), memory(11), memory(101)
    table.row("a resident run, 1 invocation open", one, "B", bar=12 * 1024 + 700)
    table.row("a resident run, 11 invocations open", eleven, "B", bar=12 * 1024 + 11 * 700)
    table.row("a resident run, 101 invocations open", hundred, "B", bar=12 * 1024 + 101 * 700)
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
