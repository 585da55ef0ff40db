"""The decider: whole executions kept resident, a cold decision, and memory; beside pyflow-swf 2.0.0."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from pathlib import Path

import report
import sequential

from pyflow.history.event import Run
from pyflow.worker.residence import Resident

HERE = Path(__file__).parent
OLD = HERE.parent / ".build" / "venv-2.0.0" / "bin" / "python"
ROUNDS = 5


def stateless(python: str | Path, what: str, count: int, rounds: int) -> float:
    """Seconds of CPU, measured in a process of that interpreter."""
    command = [str(python), str(HERE / "stateless.py"), what, str(count), str(rounds)]
    return float(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def resident(count: int) -> float:
    """Seconds of CPU of a whole execution whose run is kept, each decision checked; best of five."""
    events, starts = sequential.history(count)
    decider, best = sequential.decider(), float("inf")
    for _ in range(ROUNDS):
        begin = time.process_time()
        run = Resident(decider.execution(Run("w", "r", "Sequential", "1.0")))
        seen = 0
        for number, started in enumerate(starts):
            decisions = run.decide(events[seen:started])
            sequential.check(decisions, number, count)
            seen = started
        best = min(best, time.process_time() - begin)
        run.execution.close()
    return best


def memory(count: int, runs: int = 1000) -> float:
    """Bytes of resident set a run, each with `count` activities open."""
    command = [sys.executable, str(HERE / "residents.py"), str(count), str(runs)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    table = report.Table("decider", "CPU time, best of five, every decision checked")
    gc.disable()
    whole = {count: resident(count) for count in (1000, 4000)}
    gc.enable()
    cold = stateless(sys.executable, "last", 1000, ROUNDS)
    by = None
    if OLD.exists():
        old = stateless(OLD, "last", 1000, 3)
        by = report.Yardstick("a cold decision of pyflow-swf 2.0.0", 389, old * 1000, "ms")
        table.yardstick(by)
    table.row("1,000 sequential activities, resident", whole[1000], "s", bar=0.1, by=by)
    table.row(
        "  growth from 1,000 to 4,000 (linear is 4)",
        whole[4000] / whole[1000],
        "×",
        bar=4.6,
    )
    table.row("one cold decision at 6,003 events", cold * 1000, "ms", bar=40, by=by)
    if by is not None:
        table.row("  2.0.0 / ours", old / cold, "×")
        old_whole = stateless(OLD, "whole", 150, 1)
        ours = resident(150)
        table.row("150 sequential by 2.0.0 / ours, resident", old_whole / ours, "×")
    else:
        table.note("pyflow-swf 2.0.0 is not installed: make setup")
    one, eleven, hundred = memory(1), memory(11), memory(101)
    table.row("a resident run, 1 invocation open", one, "B", bar=12 * 1024 + 700)
    table.row("a resident run, 11 invocations open", eleven, "B", bar=12 * 1024 + 11 * 700)
    table.row("a resident run, 101 invocations open", hundred, "B", bar=12 * 1024 + 101 * 700)
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
