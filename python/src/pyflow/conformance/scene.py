"""One behaviour being played: its worker, its execution, its tasks by name."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pyflow.conformance.house import House, Worker
from pyflow.conformance.run import Broken, Outcome, Run, until
from pyflow.conformance.wire import Seen

IT = "it"  # the name of a task that is given none


@dataclass
class Scene:
    """What steps act on. ids: activity id by the task's name."""

    house: House
    worker: Worker
    ids: dict[str, str] = field(default_factory=dict)

    @cached_property
    def run(self) -> Run:
        """The behaviour's execution, started when first asked for."""
        return self.house.run()

    @cached_property
    def folder(self) -> Path:
        """A folder of the behaviour's own, for what an activity is to write."""
        folder = self.house.store / f"scene-{uuid.uuid4().hex[:8]}"
        folder.mkdir()
        return folder

    def name(self, task: str) -> str:
        """A new activity id for the task."""
        self.ids[task] = f"{task}-{uuid.uuid4().hex[:12]}"
        return self.ids[task]

    def outcome(self, task: str, event: str) -> Outcome:
        """How the task closed, once it has. Raises Broken where that was by another event."""
        found = until(lambda: self.run.outcomes().get(self.ids[task]), f"task {task} is closed")
        if found.event != event:
            told = {key: value for key, value in found.attributes.items() if not key.endswith("EventId")}
            raise Broken(f"task {task} closed by {found.event} {str(told)[:600]}, should be {event}")
        return found

    def seen(self, task: str, *operations: str) -> list[Seen]:
        """What the worker asked of SWF about the task."""
        return self.house.wire.seen(self.ids[task], *operations)
