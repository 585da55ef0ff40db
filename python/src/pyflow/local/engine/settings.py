"""Where a setting comes from: the request or decision, else the type's default, else it is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pyflow.local.engine.records import Attributes, Request


class Setting(NamedTuple):
    """A setting, the default it falls back to, and the cause of failure where neither is there."""

    name: str
    default: str
    cause: str | None = None


WORKFLOW = (
    Setting(
        "executionStartToCloseTimeout",
        "defaultExecutionStartToCloseTimeout",
        "DEFAULT_EXECUTION_START_TO_CLOSE_TIMEOUT_UNDEFINED",
    ),
    Setting("taskList", "defaultTaskList", "DEFAULT_TASK_LIST_UNDEFINED"),
    Setting(
        "taskStartToCloseTimeout",
        "defaultTaskStartToCloseTimeout",
        "DEFAULT_TASK_START_TO_CLOSE_TIMEOUT_UNDEFINED",
    ),
    Setting("childPolicy", "defaultChildPolicy", "DEFAULT_CHILD_POLICY_UNDEFINED"),
    Setting("taskPriority", "defaultTaskPriority"),
    Setting("lambdaRole", "defaultLambdaRole"),
)
"""In the order in which SWF looks for them."""

ACTIVITY = (
    Setting("taskList", "defaultTaskList", "DEFAULT_TASK_LIST_UNDEFINED"),
    Setting(
        "scheduleToStartTimeout",
        "defaultTaskScheduleToStartTimeout",
        "DEFAULT_SCHEDULE_TO_START_TIMEOUT_UNDEFINED",
    ),
    Setting(
        "scheduleToCloseTimeout",
        "defaultTaskScheduleToCloseTimeout",
        "DEFAULT_SCHEDULE_TO_CLOSE_TIMEOUT_UNDEFINED",
    ),
    Setting(
        "startToCloseTimeout", "defaultTaskStartToCloseTimeout", "DEFAULT_START_TO_CLOSE_TIMEOUT_UNDEFINED"
    ),
    Setting("heartbeatTimeout", "defaultTaskHeartbeatTimeout", "DEFAULT_HEARTBEAT_TIMEOUT_UNDEFINED"),
    Setting("taskPriority", "defaultTaskPriority"),
)


class Undefined(Exception):
    """A setting that nobody gave."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting.name)
        self.setting = setting

    @property
    def cause(self) -> str:
        """SWF's failure cause."""
        return self.setting.cause or ""


def resolve(settings: tuple[Setting, ...], given: Request, defaults: Mapping[str, Any]) -> Attributes:
    """Every setting that is given or has a default; raises Undefined for the first that must be there."""
    found: Attributes = {}
    for setting in settings:
        value = given.get(setting.name, defaults.get(setting.default))
        if value is not None:
            found[setting.name] = value
        elif setting.cause:
            raise Undefined(setting)
    return found


def given(request: Request, *names: str) -> Attributes:
    """Those members of a request that are there."""
    return {name: request[name] for name in names if name in request}
