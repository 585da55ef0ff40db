"""Driving the clock of a local SWF, however it is reached."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TypeVar

from pyflow.local.service.clock import DrivenClock
from pyflow.local.service.driving import advance, advance_to_next
from pyflow.local.service.service import Service

T = TypeVar("T")

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
"""When the clock of a test begins."""


class Driven(ABC):
    """A local SWF whose clock a test reads and moves."""

    @abstractmethod
    def do(self, action: Callable[[Service], T]) -> T:
        """Do something with the service, alone and all or nothing, and wait until it is durable."""

    @property
    def now(self) -> datetime:
        """The time by the service's clock."""
        milliseconds = self.do(lambda service: service.clock.now())
        return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)

    def advance(self, seconds: float) -> None:
        """Let time pass, and everything happen that is due in it, each thing at its own time."""
        milliseconds = round(seconds * 1000)
        self.do(lambda service: advance(service, _clock(service), milliseconds))

    def advance_to_next(self) -> timedelta | None:
        """Let time pass until the next timer or timeout and let it happen: how long, None if nothing is due."""
        passed = self.do(lambda service: advance_to_next(service, _clock(service)))
        return None if passed is None else timedelta(milliseconds=passed)


def _clock(service: Service) -> DrivenClock:
    if not isinstance(service.clock, DrivenClock):
        raise TypeError(
            'the clock of this local SWF goes by itself: local_swf(clock="driven") can be advanced'
        )
    return service.clock
