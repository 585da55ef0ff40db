"""The runs whose fibers a decider keeps between decision tasks, so that each task costs its news alone."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pyflow.decider.execution import Execution
from pyflow.errors import DeciderException
from pyflow.history.event import Event, Run
from pyflow.history.turns import Confirmation, TurnReader


class Resident:
    """A run in memory: its execution, and how far its history was read. No events are kept."""

    __slots__ = ("execution", "reader")

    def __init__(self, execution: Execution) -> None:
        self.execution = execution
        self.reader = TurnReader()

    def decide(self, events: Sequence[Event]) -> list[dict[str, Any]]:
        """Takes the events that are new to it; the answer to the turn they end with."""
        decisions: list[dict[str, Any]] = []
        for step in self.reader.read(events):
            if isinstance(step, Confirmation):
                self.execution.confirm(step.recorded)
            else:
                decisions = self.execution.take(step)
        return decisions

    def reached_by(self, events: Sequence[Event]) -> bool:
        """Whether the events go back to the last one it took, and on from there."""
        return bool(events) and events[0]["eventId"] <= self.reader.last_event_id + 1


class Residence:
    """At most `capacity` runs, the least recently used out first. One thread owns it, and all its fibers."""

    def __init__(self, execution_of: Callable[[Run], Execution], capacity: int) -> None:
        self._execution_of = execution_of
        self._capacity = capacity
        self._residents: OrderedDict[str, Resident] = OrderedDict()

    def __len__(self) -> int:
        return len(self._residents)

    def decide(
        self, run: Run, events: Sequence[Event], history: Callable[[], Sequence[Event]]
    ) -> list[dict[str, Any]]:
        """The answer to a decision task. history: reads the whole of it, called when the events don't suffice."""
        resident = self._residents.pop(run.run_id, None)
        if resident is not None:
            if resident.reached_by(events):
                with contextlib.suppress(DeciderException):
                    return self._decided(run, resident, events)
            else:
                resident.execution.close()
        resident = Resident(self._execution_of(run))
        return self._decided(run, resident, history())

    def _decided(self, run: Run, resident: Resident, events: Sequence[Event]) -> list[dict[str, Any]]:
        try:
            decisions = resident.decide(events)
        except BaseException:
            resident.execution.close()
            raise
        if resident.execution.closing or self._capacity == 0:
            resident.execution.close()
            return decisions
        self._residents[run.run_id] = resident
        while len(self._residents) > self._capacity:
            self._residents.popitem(last=False)[1].execution.close()
        return decisions

    @contextlib.contextmanager
    def dropping(self, run: Run) -> Iterator[None]:
        """Forgets the run when the block raises: an answer that is not surely accepted leaves its state unknown."""
        try:
            yield
        except BaseException:
            self.drop(run)
            raise

    def drop(self, run: Run) -> None:
        """Forgets one run; its next task replays."""
        resident = self._residents.pop(run.run_id, None)
        if resident is not None:
            resident.execution.close()

    def clear(self) -> None:
        """Forgets them all."""
        while self._residents:
            self._residents.popitem()[1].execution.close()
