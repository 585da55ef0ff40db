"""What each fault does to the call that meets it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeAlias

from pyflow.local.chaos import profiles
from pyflow.local.chaos.held import HeldSignals
from pyflow.local.engine.fault import Fault, throttled
from pyflow.local.operations.paging import LARGEST
from pyflow.local.service.service import Answer
from pyflow.local.wire.wire import Call

LARGEST_TRUNCATED = 5
"""Items in a truncated page, at most."""

NOTHING_DONE = "this was the chaos that was asked for: nothing of the call has happened"


class Cut(Exception):
    """The client gets no answer: its connection is to be cut."""


class Incident(NamedTuple):
    """A call that meets a fault.

    act: does what a call asks for. tell: says that the fault was carried out, which some can't be.
    share: from 0 to below 1, for what the fault leaves open.
    """

    call: Call
    act: Callable[[Call], Awaitable[Answer]]
    tell: Callable[[], None]
    share: float
    signals: HeldSignals


async def _throttled(incident: Incident) -> Answer:
    incident.tell()
    raise throttled()


async def _failed(incident: Incident) -> Answer:
    incident.tell()
    raise Fault("InternalFailure", NOTHING_DONE)


async def _unavailable(incident: Incident) -> Answer:
    incident.tell()
    raise Fault("ServiceUnavailableException", NOTHING_DONE)


async def _lost(incident: Incident) -> Answer:
    await incident.act(incident.call)
    incident.tell()
    raise Cut


async def _swallowed(incident: Incident) -> Answer:
    answer = await incident.act(incident.call)
    if answer is None or "taskToken" not in answer:
        return answer
    incident.tell()
    raise Cut


async def _duplicated(incident: Incident) -> Answer:
    await incident.act(incident.call)
    incident.tell()
    return await incident.act(incident.call)


async def _truncated(incident: Incident) -> Answer:
    request = incident.call.request
    asked = request.get("maximumPageSize") or LARGEST
    if asked == 1:
        return await incident.act(incident.call)
    fewer = 1 + int(incident.share * min(asked - 1, LARGEST_TRUNCATED))
    answer = await incident.act(incident.call._replace(request={**request, "maximumPageSize": fewer}))
    token = '"nextPageToken":' if isinstance(answer, str) else "nextPageToken"
    if answer is not None and token in answer:
        incident.tell()
    return answer


async def _delayed(incident: Incident) -> Answer:
    request = incident.call.request
    await incident.signals.hold(request["domain"], request["workflowId"], incident.tell)
    return await incident.act(incident.call)


Carry: TypeAlias = Callable[[Incident], Awaitable[Answer]]

CARRIED_OUT: dict[str, Carry] = {
    profiles.THROTTLED: _throttled,
    profiles.FAILED: _failed,
    profiles.UNAVAILABLE: _unavailable,
    profiles.LOST: _lost,
    profiles.SWALLOWED: _swallowed,
    profiles.DUPLICATED: _duplicated,
    profiles.TRUNCATED: _truncated,
    profiles.DELAYED: _delayed,
}
"""Fault -> how it is carried out. What the service refuses by itself is refused as ever."""
