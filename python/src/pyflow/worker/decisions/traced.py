"""The spans of a decider: gathered where it decides, emitted once SWF took the answer (protocol/tracing.md, "Once")."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable

from pyflow.decider.answer import Answer
from pyflow.history.event import Event, Run
from pyflow.swf.decision_client import DecisionTask
from pyflow.swf.faults import message_of
from pyflow.tracing.spans import Span
from pyflow.tracing.story import Story
from pyflow.tracing.tracing import Tracing
from pyflow.worker.decisions.residence import CLOSING

logger = logging.getLogger("pyflow")

LOOKS = (0.0, 0.05, 0.2, 0.5, 1.0, 2.0)
"""Seconds before each look at whether a run has closed: SWF's histories are consistent in the end only."""


class Traced:
    """Told of decisions in the thread that decides, emits in those that send.

    newest: the last event of a run's history; runs: how many may be resident. A run that is resident is known here too:
    both keep those that were decided last.
    """

    def __init__(
        self,
        tracing: Tracing,
        domain: str,
        newest: Callable[[Run], Event],
        runs: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._tracing = tracing
        self._domain = domain
        self._newest = newest
        self._runs = runs
        self._clock = clock
        self._pause = pause
        self._stories: OrderedDict[str, Story] = OrderedDict()

    def headers(self, run: Run, text: str | None) -> dict[str, str]:
        """What goes with the run's envelopes. text: its input. Never raises."""
        try:
            return self._tracing.carried(self._domain, run, text)
        except Exception:
            logger.exception("%s is decided without headers of its trace", run.workflow_id)
            return {}

    def decided(
        self, task: DecisionTask, answer: Answer, *, parked: bool, replayed: bool
    ) -> Callable[[], None]:
        """What to do once SWF took the answer. Neither raises."""
        try:
            emit = self._decided(task, answer, parked=parked, replayed=replayed)
        except Exception:
            return _lost(task)

        def taken() -> None:
            try:
                emit()
            except Exception:
                _lost(task)

        return taken

    def _decided(
        self, task: DecisionTask, answer: Answer, *, parked: bool, replayed: bool
    ) -> Callable[[], None]:
        story = self._story(task)
        over = story.follow(task.events, task.previous_started_event_id)
        closes = bool(answer.decisions) and answer.decisions[-1]["decisionType"] in CLOSING
        self._stories[task.run.run_id] = story
        while len(self._stories) > self._runs + 1:
            self._stories.popitem(last=False)

        def emit() -> None:
            own = story.decided(
                _start(task),
                len(answer.decisions),
                parked=parked,
                replayed=replayed,
                seconds=self._clock() - task.received_at,
            )
            sampled = self._tracing.sampled(self._domain, task.run)
            for span in (*over, own, *(self._closed(story, task) if closes else ())):
                self._tracing.emit(span, sampled=sampled)

        return emit

    def _story(self, task: DecisionTask) -> Story:
        story = self._stories.pop(task.run.run_id, None)
        return Story(self._domain, task.run) if story is None or task.whole else story

    def _closed(self, story: Story, task: DecisionTask) -> tuple[Span, ...]:
        """The run's span, if its history says that the answer closed it: SWF may have refused the close."""
        for seconds in LOOKS:
            self._pause(seconds)
            try:
                event = self._newest(task.run)
            except Exception as error:
                logger.warning("the span of run %s is lost: %s", task.run.run_id, message_of(error))
                return ()
            if event["eventId"] > task.started_event_id:
                span = story.closed(event)
                return () if span is None else (span,)
        logger.warning("the span of run %s is lost: its history does not show the answer", task.run.run_id)
        return ()


def _start(task: DecisionTask) -> Event:
    return next(event for event in reversed(task.events) if event["eventId"] == task.started_event_id)


def _lost(task: DecisionTask) -> Callable[[], None]:
    logger.exception("spans of %s are lost", task.run.workflow_id)
    return lambda: None
