"""What two servers answered to the same session, laid side by side: each difference by its place.

A place is like `GetWorkflowExecutionHistory events/ActivityTaskScheduled/taskList`; events are told by their type, other
lists in turn. What no two servers can have in common is only looked at for being there: times, tokens, run ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from session import Exchange

OWN = {"runId", "taskToken", "nextPageToken", "continuedExecutionRunId", "newExecutionRunId"}
"""Members that each server makes up."""

ABSENT, THERE = "absent", "there"
_RUN_ID = re.compile(r"runId=[^\]]+")


class Difference(NamedTuple):
    """A place, and what stands there in each of the two answers."""

    place: str
    ours: Any
    theirs: Any


def differences(ours: Exchange, theirs: Exchange) -> list[Difference]:
    """Where the answers to one request differ."""
    return list(_compared(ours.operation, _outcome(ours), _outcome(theirs)))


def _outcome(exchange: Exchange) -> Any:
    if exchange.fault is not None:
        message = _RUN_ID.sub("runId=some", exchange.fault.message)
        return {"fault": exchange.fault.code, "message": message}
    assert exchange.answer is not None
    return _common(exchange.answer)


def _common(value: Any, member: str = "") -> Any:
    """A value, with a word in the place of what each server makes up."""
    if member in OWN or isinstance(value, datetime):
        return f"some {member}"
    if isinstance(value, dict):
        return {name: _common(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_common(item) for item in value]
    return value


def _compared(place: str, ours: Any, theirs: Any) -> Iterator[Difference]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if ours.get("fault") != theirs.get("fault"):
            yield Difference(f"{place} fault", ours.get("fault", ABSENT), theirs.get("fault", ABSENT))
            return
        separator = "/" if " " in place else " "
        for name in sorted({*ours, *theirs}):
            yield from _compared(
                f"{place}{separator}{name}", ours.get(name, ABSENT), theirs.get(name, ABSENT)
            )
    elif isinstance(ours, list) and isinstance(theirs, list):
        yield from _aligned(place, ours, theirs)
    elif ours != theirs:
        yield Difference(place, ours, theirs)


def _aligned(place: str, ours: list[Any], theirs: list[Any]) -> Iterator[Difference]:
    """Two lists: events by their types, other things in turn."""
    ours_by, theirs_by = ([_name(item, at) for at, item in enumerate(items)] for items in (ours, theirs))
    matcher = SequenceMatcher(None, ours_by, theirs_by, autojunk=False)
    for how, begin, end, other_begin, other_end in matcher.get_opcodes():
        if how == "equal":
            for mine, other in zip(ours[begin:end], theirs[other_begin:other_end], strict=True):
                yield from _compared(f"{place}/{_name(mine, '-')}", _unwrapped(mine), _unwrapped(other))
        else:
            for name in ours_by[begin:end]:
                yield Difference(f"{place}/{name}", THERE, ABSENT)
            for name in theirs_by[other_begin:other_end]:
                yield Difference(f"{place}/{name}", ABSENT, THERE)


def _name(item: Any, otherwise: Any) -> str:
    return str(item["eventType"] if isinstance(item, dict) and "eventType" in item else otherwise)


def _unwrapped(event: Any) -> Any:
    """An event with its attributes beside its id and time."""
    if not (isinstance(event, dict) and "eventType" in event):
        return event
    plain = {name: item for name, item in event.items() if not name.endswith("EventAttributes")}
    attributes = [item for name, item in event.items() if name.endswith("EventAttributes")]
    return {**plain, **(attributes[0] if attributes else {})}
