"""The runs whose fibers a decider keeps between decision tasks, so that each task costs its news alone."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pyflow.decider.answer import Answer
from pyflow.decider.execution import Execution
from pyflow.decider.resident import Resident
from pyflow.history.event import Event, Run
from pyflow.worker.decisions.footprint import RUN, growth

NEW, UNKNOWN, GAP, FOREIGN, LOST, MISFIT = "new", "unknown", "gap", "foreign", "lost", "misfit"
"""Why a run is begun from its history: its first task; not resident here; its events do not reach back to what is known;
somebody else answered meanwhile; our answer was; the resident run could not take them."""

CLOSING = frozenset(f"{how}WorkflowExecution" for how in ("Complete", "Fail", "Cancel", "ContinueAsNew"))


class HistoryNeeded(Exception):
    """The events of the task do not suffice: read the whole history and come again with the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class _Entry:
    resident: Resident
    started: int = 0  # DecisionTaskStarted of the task that was answered last: the last event it knows
    size: int = RUN

    def misses(self, events: Sequence[Event]) -> str | None:
        """Why the events can't be taken, None where they can."""
        if not self.resident.reached_by(events):
            return GAP
        for event in events:
            if event["eventId"] <= self.started:
                continue
            if event["eventType"] == "DecisionTaskCompleted":
                if event["decisionTaskCompletedEventAttributes"]["startedEventId"] != self.started:
                    return FOREIGN
            elif (
                event["eventType"] == "DecisionTaskTimedOut"
                and event["decisionTaskTimedOutEventAttributes"]["startedEventId"] == self.started
            ):
                return LOST
        return None


class Residence:
    """At most so many runs and bytes, the least recently used out first. One thread owns it, and all its fibers.

    replayed: told why a run was begun from its history, `NEW` among them.
    """

    def __init__(
        self,
        begin: Callable[[Run], Execution],
        runs: int,
        size: int,
        replayed: Callable[[str], None] = lambda reason: None,
    ) -> None:
        self._begin = begin
        self._runs = runs
        self._size = size
        self._replayed = replayed
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self.size = 0
        """Bytes of all runs together, about."""

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, run: Run) -> bool:
        """Whether the run is resident; to another thread, whether it was a moment ago."""
        return run.run_id in self._entries

    def decide(
        self, run: Run, events: Sequence[Event], *, whole: bool, reason: str = UNKNOWN
    ) -> tuple[Answer, bool]:
        """The answer to a decision task, and whether the run stays.

        whole: whether the events go back to the first. reason: that of the HistoryNeeded for which they do. Raises
        HistoryNeeded, DeciderException where this decider can't decide the run, and any fault of pyflow's own.
        """
        entry = self._take(run)
        if entry is not None:
            misses = entry.misses(events)
            if misses is None:
                try:
                    return self._decided(run, entry, events)
                except (
                    Exception
                ):  # the whole history may be taken all the same, and tells better what is wrong
                    misses = MISFIT
            else:
                entry.resident.execution.close()
            reason = misses
        execution = self._begin(run)
        if not whole:
            execution.close()
            raise HistoryNeeded(reason)
        answered = any(event["eventType"] == "DecisionTaskCompleted" for event in events)
        self._replayed(reason if answered else NEW)
        return self._decided(run, _Entry(Resident(execution)), events)

    def drop(self, run: Run, started: int | None = None) -> None:
        """Forgets a run, whose next task replays. started: only if that is the decision task it answered last."""
        entry = self._entries.get(run.run_id)
        if entry is not None and started in (None, entry.started):
            self._leave(run.run_id)

    def clear(self) -> None:
        """Forgets them all."""
        while self._entries:
            self._leave(next(iter(self._entries)))

    def _take(self, run: Run) -> _Entry | None:
        entry = self._entries.pop(run.run_id, None)
        if entry is not None:
            self.size -= entry.size
        return entry

    def _decided(self, run: Run, entry: _Entry, events: Sequence[Event]) -> tuple[Answer, bool]:
        execution = entry.resident.execution
        try:
            answer = entry.resident.decide(events)
        except BaseException:
            execution.close()
            raise
        entry.size += growth(events, entry.started)
        entry.started = events[-1]["eventId"]
        closes = bool(answer.decisions) and answer.decisions[-1]["decisionType"] in CLOSING
        if closes or self._runs == 0 or entry.size > self._size:
            execution.close()
            return answer, False
        self._entries[run.run_id] = entry
        self.size += entry.size
        while len(self._entries) > self._runs or self.size > self._size:
            self._leave(next(iter(self._entries)))
        return answer, True

    def _leave(self, run_id: str) -> None:
        entry = self._entries.pop(run_id)
        self.size -= entry.size
        entry.resident.execution.close()
