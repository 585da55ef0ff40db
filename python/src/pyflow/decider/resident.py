"""A run in memory, between decision tasks or for one of them."""

from __future__ import annotations

from collections.abc import Sequence

from pyflow.decider.answer import Answer
from pyflow.decider.execution import Execution
from pyflow.history.context import EMPTY, NOTHING, Context, read_context
from pyflow.history.event import Event
from pyflow.history.turns import Confirmation, TurnReader


class Resident:
    """An execution, and how far its history was read. No events are kept."""

    __slots__ = ("execution", "reader")

    def __init__(self, execution: Execution) -> None:
        self.execution = execution
        self.reader = TurnReader()

    def decide(self, events: Sequence[Event]) -> Answer:
        """Takes the events that are new to it; the answer to the turn they end with."""
        execution = self.execution
        decisions: list[dict[str, object]] = []
        for step in self.reader.read(events):
            if isinstance(step, Confirmation):
                execution.confirm(step)
                decisions = [] if step.whole else execution.go_on(behind=self.reader.behind)
            else:
                decisions = execution.take(step, behind=self.reader.behind)
        return Answer(decisions, self._context())

    def reached_by(self, events: Sequence[Event]) -> bool:
        """Whether the events go back to the last one it took, and on from there."""
        return bool(events) and events[0]["eventId"] <= self.reader.last_event_id + 1

    def _context(self) -> str | None:
        held = self.reader.context_text
        text = Context(self.execution.behaviour, self.execution.state).text()
        if text is None:
            return EMPTY if read_context(held) != NOTHING else None
        return text if text != held else None
