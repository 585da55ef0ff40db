"""The input of an activity, for each attempt at it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pyflow import codec
from pyflow.declare.options import seconds_of
from pyflow.errors import PayloadException

logger = logging.getLogger("pyflow")


class EnvelopedInput:
    """An input that says which attempt it is for: protocol/payload.md, "Headers".

    attributes: of the decision, which say the timeouts; what: names the input in errors; limit: of its text. beside: more
    headers, which are left out where they don't fit.
    """

    def __init__(
        self,
        value: Any,
        attributes: dict[str, Any],
        what: str,
        limit: int,
        beside: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._value = value
        self._what = what
        self._limit = limit
        timeouts = {
            "heartbeat_timeout": seconds_of(attributes.get("heartbeatTimeout")),
            "start_to_close_timeout": seconds_of(attributes.get("startToCloseTimeout")),
        }
        self._timeouts = {name: seconds for name, seconds in timeouts.items() if seconds is not None}
        self._beside = beside
        try:
            self._first = self._encoded(1)  # raises here, at the call, what can't be sent
        except PayloadException:
            if not beside:
                raise
            self._beside = {}
            self._first = self._encoded(1)

    def text(self, attempt: int, last_heartbeat: Any) -> str:
        """The input's text. A heartbeat that does not fit beside the input is left out, with a warning."""
        if attempt == 1:
            return self._first
        if last_heartbeat is not None:
            try:
                return self._encoded(attempt, last_heartbeat=last_heartbeat)
            except PayloadException as error:
                logger.warning("attempt %d is not told of the last heartbeat: %s", attempt, error)
        try:
            return self._encoded(attempt)
        except PayloadException:  # its number has a digit more than the first had, and there was no room
            return self._first

    def _encoded(self, attempt: int, **more: Any) -> str:
        headers = {"attempt": attempt, **self._timeouts, **self._beside, **more}
        return codec.encode(self._value, what=self._what, limit=self._limit, headers=headers)
