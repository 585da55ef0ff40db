"""The runs whose fibers a decider keeps between decision tasks, so that each task costs its news alone."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence

from pyflow.decider.answer import Answer
from pyflow.decider.execution import Execution
from pyflow.decider.resident import Resident
from pyflow.errors import DeciderException
from pyflow.history.event import Event, Run


class Residence:
    """At most `capacity` runs, the least recently used out first. One thread owns it, and all its fibers."""

    def __init__(self, execution_of: Callable[[Run], Execution], capacity: int) -> None:
        self._execution_of = execution_of
        self._capacity = capacity
        self._residents: OrderedDict[str, Resident] = OrderedDict()

    def __len__(self) -> int:
        return len(self._residents)

    def decide(self, run: Run, events: Sequence[Event], history: Callable[[], Sequence[Event]]) -> Answer:
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

    def _decided(self, run: Run, resident: Resident, events: Sequence[Event]) -> Answer:
        try:
            answer = resident.decide(events)
        except BaseException:
            resident.execution.close()
            raise
        if resident.execution.ending or self._capacity == 0:
            resident.execution.close()
            return answer
        self._residents[run.run_id] = resident
        while len(self._residents) > self._capacity:
            self._residents.popitem(last=False)[1].execution.close()
        return answer

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
