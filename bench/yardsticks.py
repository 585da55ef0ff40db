"""Deciders that are not ours, in environments of their own, measured in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
BUILT = HERE.parent / ".build"
OLD = BUILT / "venv-2.0.0" / "bin" / "python"
OTHERS = BUILT / "venv-bench" / "bin" / "python"
COLD = {
    "botoflow 0.8": "cold_botoflow.py",
    "simpleflow 0.36": "cold_simpleflow.py",
    "Temporal's Replayer": "cold_temporal.py",
}
"""Name -> the program that prints the seconds of CPU of its cold decision."""

PATIENCE = 120  # seconds


def stateless(python: str | Path, what: str, count: int, rounds: int) -> float:
    """Seconds of CPU of a pyflow's `process_decision_task`: the last decision, or the whole run without residence."""
    return _seconds(python, "stateless.py", what, count, rounds, alone=python == OLD)


def ours(count: int, rounds: int) -> float:
    """The same of the last decision by the pyflow that is here."""
    return stateless(sys.executable, "last", count, rounds)


def cold(name: str, count: int, rounds: int) -> float | None:
    """Seconds of CPU of another's cold decision; None where it is not installed or does not run here."""
    if not OTHERS.exists():
        return None
    try:
        return _seconds(OTHERS, COLD[name], count, rounds, alone=True)
    except subprocess.SubprocessError:
        return None


def _seconds(python: str | Path, program: str, *arguments: object, alone: bool) -> float:
    isolated = ["-E"] if alone else []  # no PYTHONPATH may lead another's Python to ours
    command = [str(python), *isolated, str(HERE / program), *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE)
    return float(json.loads(done.stdout))
