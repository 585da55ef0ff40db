"""What a run's code asked for and SWF was not asked yet: windows, pace, and the comparison with the record.

Source: protocol/history.md, "Answers".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyflow.decider.asked import Asked
from pyflow.decider.record import (
    Record,
    agrees,
    attributes_of,
    no_longer_asked,
    not_recorded,
    other_than_asked,
)
from pyflow.history.event import Event
from pyflow.history.kinds import CANCEL_TIMER, MARKER, TIMER, Kind
from pyflow.history.reserved import PATCHED, VERSION, is_reserved

REMEMBERED = 3  # answers that agreed, for the message of one that does not
MARKER_EVENTS = (MARKER.opened, MARKER.refused)


class Outbox:
    """Decisions in the order in which they will be sent. stamped: whether windows and pace are the run's rules."""

    __slots__ = ("_again", "_matched", "_open", "_waiting", "paced", "passed", "refusals", "stamped")

    def __init__(self) -> None:
        self._waiting: list[Asked] = []
        self._open: dict[Kind, int] = {}
        self._matched: list[Event] = []
        self._again = 0  # how many stand first because SWF refused them in this turn
        self.paced: dict[Kind, None] = {}
        """Kinds that wait, since SWF refused one of them for the moment."""
        self.refusals: dict[Kind, int] = {}
        """In a row, by kind."""
        self.passed: dict[str, dict[str, Any]] = {}
        """What recorded markers of versions say that the code did not ask for, by name."""
        self.stamped = False

    def put(self, asked: Asked) -> None:
        """Adds a decision behind all others."""
        self._waiting.append(asked)

    def put_again(self, asked: Asked) -> None:
        """Adds one that SWF refused for the moment, before all that it was not asked."""
        self._waiting.insert(self._again, asked)
        self._again += 1

    def take_back(self, asked: Asked) -> bool:
        """Removes a decision that was not sent; whether it was still here."""
        for position, each in enumerate(self._waiting):
            if each is asked:
                del self._waiting[position]
                return True
        return False

    def opened(self, asked: Asked) -> None:
        """SWF took a decision: an operation of its kind is open."""
        if asked.kind.window and not asked.reserved:
            self._open[asked.kind] = self._open.get(asked.kind, 0) + 1
        self.refusals.pop(asked.kind, None)

    def closed(self, kind: Kind, own_id: str) -> None:
        """An operation is open no more."""
        if kind.window and not (kind.reservable and is_reserved(own_id)):
            self._open[kind] -= 1

    def drop(self) -> list[Asked]:
        """Forgets all that was kept back, when the run closes."""
        dropped, self._waiting = self._waiting, []
        return dropped

    def due(self) -> list[Asked]:
        """Takes out what may go to SWF now."""
        self._again = 0
        self._matched.clear()  # no event is kept in a run that waits
        rooms: dict[Kind, int] = {}
        going, kept = [], []
        for asked in self._ordered():
            if self._has_room(asked, rooms):
                going.append(asked)
            else:
                kept.append(asked)
        self._waiting = kept
        return going

    def agree(self, record: Record, *, closing: bool = False) -> Iterator[tuple[Asked, Event]]:
        """Takes out what the record answers, each with its answer. Raises NonDeterminismException.

        closing: the answer ends with a close, in a part that may be still to come.
        """
        closing = closing or record.closing
        self._again = 0
        rooms: dict[Kind, int] = {}
        going = iter(self._ordered())
        kept: list[Asked] = []
        for event in record.answers():
            if event["eventType"] in MARKER_EVENTS and self._is_passed_over(event):
                continue
            for asked in going:
                has_room = self._has_room(asked, rooms)
                if agrees(event, asked):
                    if kept and not asked.reserved:
                        self._in_order(event, asked.kind, kept)
                    self._remember(event)
                    yield asked, event
                    break
                if not self._is_dropped(asked, closing):
                    if has_room:
                        raise other_than_asked(event, asked, self._matched)
                    kept.append(asked)
            else:
                raise no_longer_asked(event, self._matched)
        for asked in going:
            if record.whole and self._has_room(asked, rooms):
                if not self._is_dropped(asked, closing):
                    raise not_recorded(asked, record, self._matched)
            else:
                kept.append(asked)
        self._waiting = kept

    def matches(self, sent: list[Asked], record: Record) -> Iterator[tuple[Asked, Event]]:
        """What was sent, each with its answer. Raises NonDeterminismException."""
        going = iter(sent)
        for event in record.answers():
            for asked in going:
                if agrees(event, asked):
                    yield asked, event
                    break
                if not self._is_dropped(asked, record.closing):
                    raise other_than_asked(event, asked, self._matched)
            else:
                raise no_longer_asked(event, self._matched)
        for asked in going:
            if not self._is_dropped(asked, record.closing):
                raise not_recorded(asked, record, self._matched)

    def _ordered(self) -> list[Asked]:
        """What waits, in the order in which it goes out.

        In a stamped run markers stand before all others, so that what they say is found wherever an answer is split; and
        where timers wait for room, so do the cancels that make it.
        """
        waiting = self._waiting
        if not self.stamped or len(waiting) < 2:
            return waiting
        kinds = {asked.kind for asked in waiting}
        if CANCEL_TIMER in kinds and TIMER in kinds and self._timers_lack_room():
            first = {MARKER: 0, CANCEL_TIMER: 1}
            return sorted(waiting, key=lambda asked: first.get(asked.kind, 2))
        if MARKER in kinds:
            return sorted(waiting, key=lambda asked: asked.kind is not MARKER)
        return waiting

    def _timers_lack_room(self) -> bool:
        asked = sum(asked.kind is TIMER and not asked.reserved for asked in self._waiting)
        return self._open.get(TIMER, 0) + asked > TIMER.window

    def _has_room(self, asked: Asked, rooms: dict[Kind, int]) -> bool:
        """Whether it may be sent; takes the room, if so. rooms: what is left in this turn, by kind."""
        kind = asked.kind
        if not self.stamped or asked.reserved:
            return True
        if kind in self.paced:
            return False
        if kind is CANCEL_TIMER:
            rooms[TIMER] = rooms.get(TIMER, TIMER.window - self._open.get(TIMER, 0)) + 1
        if not kind.window:
            return True
        room = rooms.get(kind)
        if room is None:
            room = kind.window - self._open.get(kind, 0)
        rooms[kind] = room - 1
        return room > 0

    def _remember(self, event: Event) -> None:
        self._matched.append(event)
        if len(self._matched) > REMEMBERED:
            del self._matched[0]

    def reaches_beyond(self, record: Record) -> bool:
        """Whether a marker asked for now would stand behind all that a part of an answer holds."""
        waiting = self._waiting
        before = sum(asked.kind is MARKER for asked in waiting) if self.stamped else len(waiting)
        return before >= len(record.answers())

    def _is_passed_over(self, event: Event) -> bool:
        """Whether it is a marker of a version that the code asks for no more, which says nothing of any step."""
        attributes = attributes_of(event)
        name = attributes["markerName"]
        if not name.startswith((PATCHED, VERSION)):
            return False
        if any(asked.attributes.get("markerName") == name for asked in self._waiting):
            return False
        if event["eventType"] == MARKER.opened:
            self.passed.setdefault(name, attributes)
        return True

    def _in_order(self, event: Event, kind: Kind, kept: list[Asked]) -> None:
        """Those of a kind go out in their order: none overtakes one that is kept back."""
        for asked in kept:
            if asked.kind is kind:
                raise other_than_asked(event, asked, self._matched)

    def _is_dropped(self, asked: Asked, closing: bool) -> bool:
        """Whether a decision that the record lacks was never sent.

        2.0.0 did not cancel timers, and moto records it under a name that SWF does not have; with a close no work
        is started.
        """
        return asked.kind is CANCEL_TIMER or (closing and asked.kind.starts_work)
