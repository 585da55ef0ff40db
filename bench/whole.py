"""Runs in the pure core: each played once to its end, then decided again, whole or bit by bit, with the same decisions."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from typing import Any

from played import Play
from shapes import Shape

import pyflow
from pyflow.decider.resident import Resident
from pyflow.history.event import Event, Run

Decisions = list[dict[str, Any]]


class OfShape:
    """What decides for runs of a shape."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._kind = (str(shape.workflow.NAME), shape.workflow.VERSION)
        self._decider = pyflow.Decider([shape.workflow], "domain", "t", "bench", client=object())

    def resident(self) -> Resident:
        """A run at its beginning, to be kept."""
        return Resident(self._decider.execution(Run("w", "r", *self._kind)))

    def played(self, count: int) -> Play:
        """A run from its beginning to its end, its decisions checked."""
        play, run, seen = Play(str(count), self._kind, **self._shape.world(count)), self.resident(), 0
        while play.closed is None:
            answer = run.decide(play.events[seen : play.starts[-1]])
            seen = play.starts[-1]
            play.answer(answer.decisions, answer.context)
        run.execution.close()
        self._shape.check(play, count)
        return play

    def whole(self, play: Play) -> list[Decisions]:
        """Every decision of the run, each from what is new to it."""
        run = self.resident()
        answers = bit_by_bit(play, lambda events: run.decide(events).decisions)
        run.execution.close()
        return answers

    def cold(self, play: Play) -> list[Decisions]:
        """Its last decision, from the whole history."""
        return [self._decider.process_decision_task(play.task()).decisions]


def bit_by_bit(play: Play, decide: Callable[[Sequence[Event]], Decisions]) -> list[Decisions]:
    """The answers to every decision task of a run, each decided from what is new to it."""
    answers, seen = [], 0
    for started in play.starts:
        answers.append(decide(play.events[seen:started]))
        seen = started
    return answers


def seconds(take: Callable[[Play], list[Decisions]], play: Play) -> float:
    """Of CPU, to decide it again; the answers are the last ones that the run was given."""
    gc.collect()
    gc.disable()
    begin = time.process_time()
    answers = take(play)
    took = time.process_time() - begin
    gc.enable()
    assert answers == play.answers[-len(answers) :]
    return took
