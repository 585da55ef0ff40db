"""The activities of one worker by their SWF types."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from pyflow.codec.model.shown import known
from pyflow.declare.activity import Activity
from pyflow.errors import PyflowException
from pyflow.swf.activity_client import ActivityClient

logger = logging.getLogger("pyflow.worker")


class ActivityTypes:
    """Activities keyed by name and version. Raises PyflowException for none, for two alike, for what is no activity."""

    def __init__(self, activities: Iterable[Activity[..., Any]]) -> None:
        self._by_type: dict[tuple[str, str], Activity[..., Any]] = {}
        for activity in activities:
            if not isinstance(activity, Activity):
                raise PyflowException(
                    f"{activity!r} is no activity: decorate the function with @pyflow.activity"
                )
            if self._by_type.setdefault((activity.name, activity.version), activity) is not activity:
                raise PyflowException(f"there are two of {activity}: give one another name or version")
        if not self._by_type:
            raise PyflowException("a worker needs at least one activity, and was given none")

    def __iter__(self) -> Iterator[Activity[..., Any]]:
        return iter(self._by_type.values())

    def find(self, name: str, version: str) -> Activity[..., Any] | None:
        """The activity of that type, None if this worker has none."""
        return self._by_type.get((name, version))

    def __str__(self) -> str:
        return known(f"{name} {version}" for name, version in self._by_type)

    def register(self, client: ActivityClient, task_list: str, *, strict: bool = False) -> None:
        """Registers every type; those without a task list of their own get the worker's, `task_list`.

        An existing type is fine, a warning tells where its defaults differ; strict: PyflowException tells of all that do.
        Raises what the client raises.
        """
        drifts = []
        for activity in self:
            own = activity.task_list or task_list
            if own != task_list:
                logger.warning(
                    "%s is scheduled on task list %s, this worker polls %s", activity, own, task_list
                )
            drift = client.register_activity_type(
                activity.name,
                activity.version,
                task_list=own,
                timeouts={
                    "ScheduleToStart": activity.schedule_to_start_timeout,
                    "StartToClose": activity.start_to_close_timeout,
                    "ScheduleToClose": activity.schedule_to_close_timeout,
                    "Heartbeat": activity.heartbeat_timeout,
                },
            )
            if drift:
                drifts.append(
                    f"activity type {activity.name} {activity.version} is registered with other defaults, and keeps them:"
                    f" {'; '.join(drift)}; a new version may differ"
                )
        if strict and drifts:
            raise PyflowException(". ".join(drifts))
        for told in drifts:
            logger.warning("%s", told)
