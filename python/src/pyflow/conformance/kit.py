"""Plays every behaviour against one worker, and says what came of each."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TypeVar

from pyflow.conformance.house import House, Worker, house
from pyflow.conformance.payloads import decoded
from pyflow.conformance.published import PROTOCOL, Behaviour, behaviours
from pyflow.conformance.run import Broken, Outcome, Task, until
from pyflow.conformance.scene import Scene
from pyflow.conformance.steps import STEPS
from pyflow.conformance.vectors import Vector, vectors
from pyflow.conformance.verdict import State, Verdict
from pyflow.errors import PyflowException

AT_ONCE = 50  # tasks in one decision; SWF takes a megabyte
OPEN = 500  # tasks in one run; SWF takes 1,000 open ones
VECTOR_SECONDS = 60.0  # for all vectors of a run
SIDE_BY_SIDE = 6  # behaviours; they wait most of their time
ASKED = "supports"  # the activity that tells what the worker supports beyond the rest

T = TypeVar("T")


def chosen(protocol: Path, only: Sequence[str]) -> tuple[list[Behaviour], bool]:
    """The behaviours whose id or section is named, all where none is; and whether vectors are among them."""
    found = behaviours(protocol)
    if not only:
        return found, True
    known = {it.id for it in found} | {it.section for it in found} | {"vectors"}
    if unknown := set(only) - known:
        raise PyflowException(f"there is no behaviour or section {', '.join(sorted(unknown))}")
    return [it for it in found if it.id in only or it.section in only], "vectors" in only


def play(command: Sequence[str], *, protocol: Path = PROTOCOL, only: Sequence[str] = ()) -> Iterator[Verdict]:
    """The verdicts, as they are found. Raises PyflowException where the worker can't even be started."""
    its, with_vectors = chosen(protocol, only)
    with house(command) as swf, swf.worker() as shared:
        supported = _supported(swf, shared)
        if with_vectors:
            yield from _vectors(swf, shared, vectors(protocol, supported))
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            # Those with a process of their own take longest: they begin.
            its = sorted(its, key=lambda it: it.worker == "shared")
            for done in as_completed([pool.submit(_played, it, swf, shared, supported) for it in its]):
                yield done.result()


def _supported(swf: House, worker: Worker) -> frozenset[str]:
    """What the worker says it supports; nothing where it has no such activity."""
    outcome = _outcome(swf, worker, Task(ASKED))
    if outcome.event != "ActivityTaskCompleted":
        return frozenset()
    return frozenset(decoded(outcome.attributes.get("result")) or ())


def _outcome(swf: House, worker: Worker, task: Task) -> Outcome:
    run, name = swf.run(), f"task-{uuid.uuid4().hex[:12]}"
    run.schedule(worker.task_list, [task], [name])
    return until(lambda: run.outcomes().get(name), f"the worker has done {task.activity}")


def _played(behaviour: Behaviour, swf: House, shared: Worker, supported: frozenset[str]) -> Verdict:
    def verdict(state: State, told: str = "", seconds: float = 0.0) -> Verdict:
        it = behaviour
        return Verdict(it.id, it.section, it.see, it.sentence, state, told, seconds)

    if behaviour.needs and behaviour.needs not in supported:
        return verdict("skipped", f"the worker does not say that it supports {behaviour.needs}")
    if behaviour.unless in supported:
        return verdict("skipped", f"the worker supports {behaviour.unless}")
    begun = time.monotonic()
    try:
        with _stage(behaviour, swf, shared) as worker:
            scene = Scene(swf, worker)
            for step, argument in behaviour.steps:
                STEPS[step](scene, argument)
    except PyflowException as error:
        return verdict("failed", str(error), time.monotonic() - begun)
    except Exception as error:  # the worker's doing, or a step that is written wrongly: the others go on
        return verdict("failed", f"{type(error).__name__}: {error}", time.monotonic() - begun)
    return verdict("passed", "", time.monotonic() - begun)


@contextlib.contextmanager
def _stage(behaviour: Behaviour, swf: House, shared: Worker) -> Iterator[Worker]:
    if behaviour.worker == "shared":
        yield shared
        return
    with swf.worker() as own:
        try:
            yield own
        except BaseException:
            own.process.kill()  # nobody waits for what did not do as it should
            raise


def _vectors(swf: House, worker: Worker, its: Sequence[Vector]) -> Iterator[Verdict]:
    """All are asked for together, and looked at run by run."""
    begun = time.monotonic()
    tasks = [(f"vector-{uuid.uuid4().hex}", sent.text) for it in its for sent in it.sent]
    runs = []
    for some in _pieces(tasks, OPEN):
        runs.append(run := swf.run())
        for few in _pieces(some, AT_ONCE):
            run.schedule(worker.task_list, [Task("echo", text) for _, text in few], [name for name, _ in few])
    outcomes: dict[str, Outcome] = {}
    for run in runs:
        with contextlib.suppress(Broken):  # what is not closed is told below
            until(lambda run=run: run.open_tasks() == 0, "all vectors are answered", VECTOR_SECONDS)  # type: ignore[misc]
        outcomes |= run.outcomes()
        run.terminate()
    names = iter(tasks)
    each = (time.monotonic() - begun) / max(1, len(its))
    for it in its:
        yield _vector(it, [outcomes.get(next(names)[0]) for _ in it.sent], each)


def _vector(it: Vector, outcomes: Sequence[Outcome | None], seconds: float) -> Verdict:
    """The verdict on a vector, by what came of each form in which it was sent."""
    pairs = [(sent, outcome) for sent, outcome in zip(it.sent, outcomes, strict=True) if outcome]
    wrong = [told for sent, outcome in pairs if (told := sent.misfit(outcome))]
    if len(pairs) < len(it.sent):
        wrong.append(f"{len(it.sent) - len(pairs)} of {len(it.sent)} were never answered")
    refusals = {sent.form: told for sent, outcome in pairs if (told := sent.refusal(outcome))}
    state: State = "failed" if wrong else "passed"
    sentence = it.id.partition(": ")[2]
    return Verdict(it.id, "vectors", it.see, sentence, state, "; ".join(wrong), seconds, refusals=refusals)


def _pieces(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for first in range(0, len(things), size):
        yield things[first : first + size]
