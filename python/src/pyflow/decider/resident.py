"""A run in memory, between decision tasks or for one of them."""

from __future__ import annotations

from collections.abc import Sequence

from pyflow.decider.answer import Answer
from pyflow.decider.execution import Execution
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
        answer = Answer()
        for step in self.reader.read(events):
            if isinstance(step, Confirmation):
                self.execution.confirm(step.recorded)
            else:
                answer = Answer(self.execution.take(step))
        return answer

    def reached_by(self, events: Sequence[Event]) -> bool:
        """Whether the events go back to the last one it took, and on from there."""
        return bool(events) and events[0]["eventId"] <= self.reader.last_event_id + 1
