"""Records histories: `python -m histories.record NAME`, in python/tests, writes what is not there yet.

NAME is a module of this folder with CLASSES, the workflows; POLLED, False for a run without a stamp;
OPERATOR_KEY, if there is one; DECIDED_BEFORE, how many decisions were made by earlier code;
and `record(stage)`, which plays the runs and returns them by the names of their files.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib
import json
import sys
from pathlib import Path
from typing import Any

from histories.stage import stage

ROOT = Path(__file__).parents[3]
HISTORIES = ROOT / "protocol/vectors/histories"
BY = "pyflow-swf 3.0.0"
LARGE = 200_000  # bytes of JSON from which a file is compressed


def record(name: str) -> None:
    """Plays what a module describes, and writes each run's history unless its file is there: files never change."""
    module = importlib.import_module(f"histories.{name}")
    polled = getattr(module, "POLLED", True)
    with stage(*module.CLASSES, polled=polled, operator_key=getattr(module, "OPERATOR_KEY", None)) as played:
        for file, run in module.record(played).items():
            write(file, described(name, polled, played, run))


def described(name: str, polled: bool, played: Any, run: dict[str, str]) -> dict[str, Any]:
    execution = {key: run[key] for key in ("workflowId", "runId")}
    found = played.client.describe_workflow_execution(domain=played.swf.domain, execution=execution)
    return {
        "workflows": f"histories.{name}",
        "by": BY,
        "polled": polled,
        "workflowExecution": execution,
        "workflowType": found["executionInfo"]["workflowType"],
        "events": played.events(run),
    }


def write(file: str, history: dict[str, Any]) -> None:
    path = HISTORIES / f"{file}.json"
    if path.exists() or path.with_suffix(".json.gz").exists():
        print(f"{file} is there already: it is left as it is")
        return
    head = json.dumps({key: value for key, value in history.items() if key != "events"}, ensure_ascii=False)[
        :-1
    ]
    lines = ",\n".join(json.dumps(event, ensure_ascii=False) for event in history["events"])
    text = f'{head}, "events": [\n{lines}\n]}}\n'.replace(str(ROOT), "/srv/pyflow")  # in tracebacks
    if len(text) > LARGE:
        path = path.with_suffix(".json.gz")
        path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    else:
        path.write_text(text, "utf-8")
    with (HISTORIES / "SHA256SUMS").open("a") as sums:
        sums.write(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    print(f"{path.name}: {len(history['events'])} events, {path.stat().st_size} bytes")


if __name__ == "__main__":
    for each in sys.argv[1:]:
        record(each)
