"""The shapes that SWF's API gives: an event of a history, and what a decision task says of its run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Event: TypeAlias = Mapping[str, Any]
"""A history event as boto3 returns it: `eventId`, `eventType`, `eventTimestamp`, and one attributes member."""


def attributes_key(event_type: str) -> str:
    """`ActivityTaskScheduled` is `activityTaskScheduledEventAttributes`: the member that holds its attributes."""
    return f"{event_type[0].lower()}{event_type[1:]}EventAttributes"


@dataclass(frozen=True)
class Run:
    """Which run a decision is for; no event of a history holds these."""

    workflow_id: str
    run_id: str
    name: str
    version: str

    @property
    def type(self) -> tuple[str, str]:
        """The workflow type: name and version."""
        return self.name, self.version
