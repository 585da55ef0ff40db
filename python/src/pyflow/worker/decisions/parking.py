"""The answer that parks a run which this decider can't decide, and what a parked run says of itself.

Pure: an answer is made of the events, a reason and a time. The forms are settled in protocol/history.md, "Parked runs".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from pyflow import codec
from pyflow.decider.answer import Answer
from pyflow.history.context import NOTHING, Context, read_context
from pyflow.history.event import Event
from pyflow.history.reserved import VOID

FIRST, LONGEST = 5, 3600  # seconds
DOUBLINGS = 10  # after which LONGEST is reached
REASON_LIMIT = 4096


@dataclass(frozen=True)
class Parked:
    """Why a run is parked, and since when (RFC 3339)."""

    reason: str
    since: str


def parked(context: str | None) -> Parked | None:
    """What an execution context says of parking; None where the run is not parked, or the text is not pyflow's."""
    found = read_context(context)
    return Parked(found.reason or "", found.since or "") if found.void else None


def void_answer(events: Sequence[Event], reason: str, now: datetime) -> Answer | None:
    """No decisions but, where none is open, a timer that wakes the run; None where the events do not tell enough.

    events: of the decision task; the whole history always tells enough. The timer waits 5 s, doubled by each void answer
    before this one in a row, at most an hour. The context keeps what the run's last one held.
    """
    trail = _Trail()
    for event in reversed(events):
        trail.back_to(event)
        if trail.known:
            break
    else:
        if not events or events[0]["eventId"] != 1:
            return None
    return Answer(trail.timer(), trail.context(reason, now))


@dataclass
class _Trail:
    """What the events say, read from the newest back."""

    _row: int = 0  # void answers, one behind the other
    _broken: bool = False  # by an answer that was not void
    _number: int | None = None  # of the timer that was asked for last
    _open: bool = False
    _full: bool = False  # it was refused, since the run has as many open as SWF takes
    _last: Context | None = None
    _over: set[str] = field(default_factory=set)

    @property
    def known(self) -> bool:
        """Whether older events can tell no more."""
        row = self._broken or self._row >= DOUBLINGS
        return row and self._number is not None and self._last is not None

    def back_to(self, event: Event) -> None:
        """Reads one event."""
        event_type = event["eventType"]
        if event_type == "DecisionTaskCompleted":
            self._answered(event["decisionTaskCompletedEventAttributes"])
        elif event_type == "TimerStarted":
            self._started(event["timerStartedEventAttributes"]["timerId"])
        elif event_type == "TimerFired":
            self._over.add(event["timerFiredEventAttributes"]["timerId"])
        elif event_type == "TimerCanceled":
            self._over.add(event["timerCanceledEventAttributes"]["timerId"])
        elif event_type == "StartTimerFailed":
            self._refused(event["startTimerFailedEventAttributes"])

    def timer(self) -> list[dict[str, Any]]:
        """The decision that starts the next timer, if one is needed.

        None either where SWF has just refused it because too many are open: one of those will wake the run.
        """
        if self._open or self._full:
            return []
        seconds = min(LONGEST, FIRST * 2 ** min(self._row, DOUBLINGS))
        attributes = {"timerId": f"{VOID}{(self._number or 0) + 1}", "startToFireTimeout": str(seconds)}
        return [{"decisionType": "StartTimer", "startTimerDecisionAttributes": attributes}]

    def context(self, reason: str, now: datetime) -> str:
        """The execution context: the last one, void."""
        last = self._last or NOTHING
        since = last.since if self._row else None
        reason = reason.encode("utf-8", "replace").decode()[:REASON_LIMIT]
        while True:
            text = replace(last, void=True, reason=reason, since=since or rfc3339(now)).text()
            assert text is not None
            if codec.units(text) <= codec.DATA_LIMIT or not reason:
                return text
            reason = reason[: len(reason) // 2]

    def _answered(self, attributes: dict[str, Any]) -> None:
        text = attributes.get("executionContext")
        found = read_context(text)
        if not found.void:
            self._broken = True
        elif not self._broken:
            self._row += 1
        if text is not None and self._last is None:
            self._last = found

    def _started(self, timer_id: str) -> None:
        number = _number(timer_id)
        if number is not None and self._number is None:
            self._number, self._open = number, timer_id not in self._over

    def _refused(self, attributes: dict[str, Any]) -> None:
        number = _number(attributes["timerId"])
        if number is not None and self._number is None:
            self._number = number
            self._full = self._row == 0 and attributes["cause"] == "OPEN_TIMERS_LIMIT_EXCEEDED"


def moment(timestamp: datetime | float) -> datetime:
    """An event's timestamp, as boto3 gives it or as epoch seconds, in UTC."""
    if isinstance(timestamp, datetime):
        return timestamp.astimezone(timezone.utc)
    return datetime.fromtimestamp(timestamp, timezone.utc)


def rfc3339(time: datetime) -> str:
    """`2026-01-01T00:00:00Z`, whole seconds."""
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(timer_id: str) -> int | None:
    digits = timer_id.removeprefix(VOID)
    return int(digits) if digits != timer_id and digits.isdecimal() else None
