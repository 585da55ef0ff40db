"""Executions that pyflow-swf 2.0.0 has open go on: it starts them and is stopped in the middle, ours finishes them."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from codec.notation import PROTOCOL, same, value
from old_runs import ALL, HERE, OLD_PYTHON, Case, Ending, play
from servers import local
from worker_processes import Worker, launch

CORPUS = PROTOCOL / "corpus"
AT_A_TIME = 4  # runs; they wait for timers more than they work
ORDER = {"id": 9007199254740993, "note": "小林", "weight": 0.1}


def stopped(after: tuple[int, ...], workflow: str, given: Any, result: Any) -> list[Case]:
    """A case for each number of decision tasks after which the old library is stopped."""
    return [Case(workflow, given, result, tasks) for tasks in after]


CASES = [
    *stopped((ALL, 1, 2), "Steps", ORDER, {"steps": [ORDER, "CardDeclined"], "order": ORDER}),
    *stopped((ALL, 1), "SideBySide", None, [["first", "fast"], "dozed", "fast"]),
    # The timer of the timed wait that is won is not canceled: it is there until the run closes, …
    *stopped((ALL, 2, 3), "Timed", 600, ["won", "between", "timed out", False]),
    # … or it fires when nobody waits for it any more.
    *stopped((1, 3), "Timed", 3, ["won", "between", "timed out", False]),
    # The old library writes a marker and signals itself, and goes on in the decision task that the signal makes.
    *stopped((ALL, 1, 2, 4), "Once", 3, [3, True, "Exception raised while invoking callable", 42, "end"]),
    # The first child has the workflow id `child_workflow1`, and is open when ours takes over.
    *stopped((1, 3), "Parent", False, [10, "between", 20]),
    *stopped((ALL, 2), "Parent", True, ["TOLD_TO_FAIL: child 1", "between", 20]),
    *stopped((ALL, 1), "Lambdas", "straße", ["STRASSE", "UnhandledError", "AGAIN"]),
    *stopped(
        (ALL, 3, 5, 6, 7, 8),
        "Everything",
        "text",
        ["text", "once", "TEXT", "in time", 40, ["RIGHT", "left"], True],
    ),
]


def test_the_old_library_reads_what_is_written_plainly() -> None:
    """By all three writers of this release: protocol/corpus."""
    entries = [
        entry
        for path in sorted(CORPUS.glob("*/[pjr]*.json"))
        for entry in json.loads(path.read_text("utf-8"))
        if "$pyflow" not in entry.get("text", "$pyflow")
    ]
    assert len(entries) > 100
    script = (
        "import json, sys; from pyflow.utils import decode_task_result as read;"
        " print(json.dumps([read(text) for text in json.load(sys.stdin)]))"
    )
    texts = json.dumps([entry["text"] for entry in entries])
    done = subprocess.run(
        [OLD_PYTHON, "-I", "-c", script], input=texts, capture_output=True, text=True, check=True
    )
    assert same(json.loads(done.stdout), [value(entry["value"]) for entry in entries])


@pytest.fixture(scope="module")
def workers() -> Iterator[list[Worker]]:
    """Python workers, each in a domain of its own, on a local SWF that hosts the Lambda functions.

    The old library's children are all called `child_workflow1`, so that a domain holds one run of each kind.
    """
    functions = [f"--lambda={name}=functions:{name}" for name in ("upper", "broken")]
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(local(*functions, cwd=HERE))
        workers = [launch("python", server) for _ in range(AT_A_TIME)]
        for worker in workers:
            stack.enter_context(worker.process).wait_until_ready()
        yield workers


@pytest.fixture(scope="module")
def ending(request: pytest.FixtureRequest, workers: list[Worker]) -> Iterator[Callable[[Case], Ending]]:
    """Gives how a case ended. The cases that were chosen are played a few at a time, each on a worker alone."""
    free: queue.Queue[Worker] = queue.Queue()
    for worker in workers:
        free.put(worker)

    def played(case: Case) -> Ending:
        worker = free.get()
        try:
            return play(case, worker)
        finally:
            free.put(worker)

    chosen = [getattr(item, "callspec", None) for item in request.session.items]
    cases = [spec.params["case"] for spec in chosen if spec and "case" in spec.params]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        endings = {str(case): pool.submit(played, case) for case in cases}
        yield lambda case: endings[str(case)].result()
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_run_that_the_old_library_started_ends_right(case: Case, ending: Callable[[Case], Ending]) -> None:
    """Whatever the position at which the old library was stopped."""
    end = ending(case)
    assert end.status.close_status == "COMPLETED", (end.status.failure_reason, end.status.failure_details)
    assert json.loads(end.status.result or "null") == case.result
    takeover = len(end.deciders) if case.tasks == ALL else end.deciders.index("new")
    assert set(end.deciders[:takeover]) == {"old"}
    assert set(end.deciders[takeover:]) <= {"new"}
