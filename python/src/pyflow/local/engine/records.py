"""What an accepted request leaves behind: the only words in which a Run can be told anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from pyflow.local.engine.messages import Message, Opening

Attributes: TypeAlias = dict[str, Any]
"""The members of an event, a decision or a settings block, under SWF's own names."""

Request: TypeAlias = Mapping[str, Any]
"""A validated request: known members only, no nulls."""


class Event(NamedTuple):
    """One event of a history. time: milliseconds since 1970, as everywhere here."""

    id: int
    type: str
    time: int
    attributes: Attributes


class Heartbeat(NamedTuple):
    """An activity's sign of life, of which SWF writes no event."""

    scheduled_id: int
    time: int
    details: str | None


Record: TypeAlias = Event | Heartbeat | Message | Opening
Records: TypeAlias = Iterator[Record]
"""Lazy: whoever drives it applies each record before it asks for the next one."""
