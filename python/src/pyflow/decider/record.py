"""What SWF recorded of a turn's answer, and how it is compared with what the code asks for.

Compared are the kind, and the type, name or target; never ids, input or timeouts. A mismatch is a
NonDeterminismException that names both sides.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyflow.decider.asked import Asked
from pyflow.errors import NonDeterminismException
from pyflow.history.event import Event
from pyflow.history.kinds import CHILD, MARKER, SIGNAL_EXTERNAL, Kind, describe
from pyflow.history.reserved import is_reserved
from pyflow.history.routes import ROUTES

SEED_SIGNAL = "invoke_once_signal"
"""pyflow-swf 2.0.0 followed the marker of `invoke_once` by a signal to the run itself, of this name and a number."""

SIGNAL_EVENTS = frozenset({SIGNAL_EXTERNAL.opened, SIGNAL_EXTERNAL.refused})


class Record:
    """The answer of one turn, as its events. whole: whether that is all of it."""

    __slots__ = ("_children", "_markers", "events", "whole")

    def __init__(self, events: list[Event], *, whole: bool) -> None:
        self.events = events
        self.whole = whole
        self._markers: dict[str, dict[str, Any]] | None = None
        self._children: list[str] | None = None

    @property
    def closing(self) -> bool:
        """Whether the run tried to close with it."""
        return bool(self.events) and kind_of(self.events[-1]).closes

    def answers(self) -> list[Event]:
        """The events that each answer a decision that the code asks for."""
        for event in self.events:
            if event["eventType"] in SIGNAL_EVENTS:
                return [event for event in self.events if not _is_seeds(event)]
        return self.events

    def marker(self, name: str) -> tuple[dict[str, Any] | None, bool]:
        """The attributes of the marker that is recorded, else None; and whether 2.0.0 recorded it."""
        if self._markers is None:
            self._markers = {}
            for event in self.events:
                kind, attributes = kind_of(event), attributes_of(event)
                if kind is MARKER and event["eventType"] == MARKER.opened:
                    self._markers.setdefault(attributes["markerName"], attributes)
                elif kind is SIGNAL_EXTERNAL:
                    self._markers.setdefault(attributes["signalName"], attributes)
        by_seed = name.startswith("invoke_once") and name.replace("invoke_once", SEED_SIGNAL) in self._markers
        return self._markers.get(name), by_seed

    def refused_marker(self, name: str) -> bool:
        """Whether SWF refused to record a marker of that name."""
        return any(
            event["eventType"] == MARKER.refused and attributes_of(event)["markerName"] == name
            for event in self.events
        )

    def next_child_id(self) -> str | None:
        """The workflow id of the next child that the answer started; None when there is none more."""
        if self._children is None:
            self._children = [
                attributes_of(event)["workflowId"] for event in self.events if kind_of(event) is CHILD
            ]
            self._children.reverse()
        return self._children.pop() if self._children else None


def agrees(event: Event, asked: Asked) -> bool:
    """Whether the event is what SWF makes of such a decision."""
    event_type, kind = event["eventType"], asked.kind
    if event_type != kind.opened and event_type != kind.refused:
        return False
    attributes = event[ROUTES[event_type].attributes]
    if kind.target and attributes.get(kind.target) != asked.attributes.get(kind.target):
        return False
    return not kind.reservable or is_reserved(attributes.get(kind.id)) == asked.reserved


def kind_of(event: Event) -> Kind:
    """Which kind of decision an answer answers."""
    kind = ROUTES[event["eventType"]].kind
    assert kind is not None
    return kind


def attributes_of(event: Event) -> dict[str, Any]:
    """An event's attributes."""
    attributes: dict[str, Any] = event[ROUTES[event["eventType"]].attributes]
    return attributes


def other_than_asked(event: Event, asked: Asked, matched: Iterable[Event]) -> NonDeterminismException:
    """The history has an answer, the code asks for something else."""
    return NonDeterminismException(f"{name(event)}; the code now asks for {_asked(asked)}{_since(matched)}")


def no_longer_asked(event: Event, matched: Iterable[Event]) -> NonDeterminismException:
    """The history has an answer, the code asks for nothing."""
    return NonDeterminismException(
        f"{name(event)}; the code no longer asks for it at this point{_since(matched)}"
    )


def not_recorded(asked: Asked, record: Record, matched: Iterable[Event]) -> NonDeterminismException:
    """The code asks for something that the history has no answer of."""
    where = (
        f"the answer up to event {record.events[-1]['eventId']}"
        if record.events
        else "the answer of that turn"
    )
    return NonDeterminismException(
        f"the code now asks for {_asked(asked)}, but {where} has nothing more{_since(matched)}"
    )


_HELP = "deploy the code that wrote this history, or start new runs under a new version"


def _is_seeds(event: Event) -> bool:
    if kind_of(event) is not SIGNAL_EXTERNAL:
        return False
    name: str = attributes_of(event)["signalName"]
    return name.startswith(SEED_SIGNAL)


def _asked(asked: Asked) -> str:
    what = _what(asked.kind, asked.attributes)
    return f"{what} at {asked.site}" if asked.site is not None else what


def name(event: Event) -> str:
    """`event 42: ScheduleActivityTask send_email 1 (activity3), asked for at order.py:31`."""
    attributes = attributes_of(event)
    refused = ", refused" if event["eventType"] == kind_of(event).refused else ""
    site = attributes.get("control")
    where = f", asked for at {site}" if isinstance(site, str) and len(site) < 300 else ""
    return f"event {event['eventId']}: {_what(kind_of(event), attributes)}{refused}{where}"


def _what(kind: Kind, attributes: dict[str, Any]) -> str:
    own_id = str(attributes.get(kind.id, "")) if kind.id else ""
    target = describe(attributes.get(kind.target)) if kind.target and kind.target != kind.id else ""
    said = [kind.decision, target, f"({own_id})" if target and own_id else own_id]
    return " ".join(part for part in said if part)


def _since(matched: Iterable[Event]) -> str:
    last = "; ".join(name(event) for event in matched)
    return f": {_HELP}" + (f" (the last that agreed: {last})" if last else "")
