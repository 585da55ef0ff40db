"""What SWF recorded of a turn's answer, compared in order with what the code asks for.

Compared are the kind, and the type, name or target; never ids, input or timeouts. A mismatch is a
NonDeterminismException that names both sides.
"""

from __future__ import annotations

from typing import Any

from pyflow.decider.asked import Asked, name_of
from pyflow.errors import NonDeterminismException
from pyflow.history.event import Event
from pyflow.history.kinds import CANCEL_TIMER, MARKER, SIGNAL_EXTERNAL, Kind
from pyflow.history.routes import ROUTES

SEED_SIGNAL = "invoke_once_signal"
"""pyflow-swf 2.0.0 followed the marker of `invoke_once` by a signal to the run itself, of this name and a number."""


class Record:
    """The answers of one turn, taken one by one."""

    __slots__ = ("_closing", "_events", "_position")

    def __init__(self, events: list[Event]) -> None:
        self._events = events
        self._position = 0
        last = _kind(events[-1]) if events else None
        self._closing = last is not None and last.closes

    def answer(self, asked: Asked) -> Event | None:
        """The event that answers the decision; None where it was never sent.

        Never sent: the cancel of a timer, which 2.0.0 did not ask for, and new work asked for in the turn in
        which the run tried to close, which SWF would not have taken.
        """
        event = self._peek()
        kind = asked.kind
        if event is not None:
            event_type = event["eventType"]
            if event_type == kind.opened or event_type == kind.refused:
                attributes = event[ROUTES[event_type].attributes]
                if not kind.target or attributes.get(kind.target) == asked.attributes.get(kind.target):
                    self._position += 1
                    return event
        if kind is CANCEL_TIMER or (self._closing and kind.starts_work):
            return None
        if event is None:
            raise NonDeterminismException(
                f"the code now asks for {asked}, but {self._end()} has nothing more: {_HELP}"
            )
        raise NonDeterminismException(f"{_name(event)}, but the code now asks for {asked}: {_HELP}")

    def marker(self, name: str) -> tuple[dict[str, Any] | None, bool]:
        """The attributes of the marker that is recorded here, else None; and whether 2.0.0 recorded it."""
        found: dict[str, Any] | None = None
        signal = name.replace("invoke_once", SEED_SIGNAL)
        for event in self._events[self._position :]:
            kind, attributes = _kind(event), _attributes(event)
            if kind is MARKER and found is None and attributes["markerName"] == name:
                found = attributes
            elif kind is SIGNAL_EXTERNAL and attributes["signalName"] == signal:
                return found, True
        return found, False

    def finish(self) -> None:
        """Raises NonDeterminismException where the history has an answer that the code did not ask for."""
        event = self._peek()
        if event is not None:
            raise NonDeterminismException(
                f"{_name(event)}, but the code no longer asks for it at this point: {_HELP}"
            )

    def _peek(self) -> Event | None:
        while self._position < len(self._events):
            event = self._events[self._position]
            if _kind(event) is not SIGNAL_EXTERNAL or not _attributes(event)["signalName"].startswith(
                SEED_SIGNAL
            ):
                return event
            self._position += 1
        return None

    def _end(self) -> str:
        return (
            f"the answer up to event {self._events[-1]['eventId']}"
            if self._events
            else "the answer of that turn"
        )


_HELP = "deploy the code that wrote this history, or start new runs under a new version"


def _kind(event: Event) -> Kind | None:
    return ROUTES[event["eventType"]].kind


def _attributes(event: Event) -> dict[str, Any]:
    attributes: dict[str, Any] = event[ROUTES[event["eventType"]].attributes]
    return attributes


def _name(event: Event) -> str:
    kind = _kind(event)
    assert kind is not None
    return f"event {event['eventId']} is {event['eventType']} {name_of(kind, _attributes(event))}"
