"""SWF as an activity worker sees it: register, poll, heartbeat, and three ways to answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyflow.swf import boto
from pyflow.swf.faults import (
    TYPE_ALREADY_EXISTS,
    UNKNOWN_RESOURCE,
    UnknownDomain,
    code_of,
    is_transient,
    message_of,
)
from pyflow.swf.hot import hot

logger = logging.getLogger("pyflow.worker")

NO_LIMIT = "NONE"
POLL_HOLD = 60  # seconds that SWF holds an empty poll


@dataclass(frozen=True)
class ActivityTask:
    """What PollForActivityTask told: no timeouts, no attempt, no schedule time are among it."""

    token: str
    activity_id: str
    name: str
    version: str
    workflow_id: str
    run_id: str
    started_event_id: int
    input: str | None

    def __str__(self) -> str:
        return f"{self.activity_id} ({self.name} {self.version}) of {self.workflow_id}"


class ActivityClient:
    """The activity side of one domain, over two boto3 clients (or anything with their methods).

    polls: reads for 75 s and never retries by itself; answers: retries as boto3 does; own: `close` closes them.
    """

    def __init__(self, domain: str, *, polls: Any, answers: Any, own: bool = False) -> None:
        self.domain = domain
        self._polls = hot(polls)
        self._answers = hot(answers)
        self._own = own

    @classmethod
    def connect(
        cls,
        domain: str,
        *,
        client: Any = None,
        endpoint_url: str | None = None,
        region: str | None = None,
        calls: int = boto.CONNECTIONS,
    ) -> ActivityClient:
        """Over the client given, else over clients that pyflow makes; PyflowException without AWS credentials.

        calls: how many may be made at a time.
        """
        if client is None:
            return cls(
                domain,
                polls=boto.client(
                    endpoint_url=endpoint_url, region=region, long_poll=True, connections=calls
                ),
                answers=boto.client(endpoint_url=endpoint_url, region=region, connections=calls),
                own=True,
            )
        timeout = getattr(getattr(getattr(client, "meta", None), "config", None), "read_timeout", None)
        if isinstance(timeout, int | float) and timeout <= POLL_HOLD:
            logger.warning(
                "the client's read timeout is %s s, but SWF holds a poll for %s s: a task may be lost;"
                " make it with botocore.config.Config(read_timeout=75, retries={'total_max_attempts': 1})",
                timeout,
                POLL_HOLD,
            )
        return cls(domain, polls=client, answers=client)

    @classmethod
    def answering(
        cls, client: Any = None, *, endpoint_url: str | None = None, region: str | None = None
    ) -> ActivityClient:
        """One for answers and heartbeats alone, which know their domain by the task token."""
        client = client or boto.client(endpoint_url=endpoint_url, region=region)
        return cls("", polls=client, answers=client)

    def register_activity_type(
        self, name: str, version: str, *, task_list: str, timeouts: Mapping[str, int | None]
    ) -> list[str]:
        """Registers the type with every default that SWF needs; where an existing type has others, each with both values.

        timeouts: seconds by SWF's names (`ScheduleToStart`, `StartToClose`, `ScheduleToClose`, `Heartbeat`).
        Raises UnknownDomain.
        """
        defaults: dict[str, Any] = {
            f"defaultTask{kind}Timeout": NO_LIMIT if seconds is None else str(seconds)
            for kind, seconds in timeouts.items()
        }
        defaults["defaultTaskList"] = {"name": task_list}
        try:
            self._answers.register_activity_type(domain=self.domain, name=name, version=version, **defaults)
            return []
        except Exception as error:
            if code_of(error) == UNKNOWN_RESOURCE:
                raise UnknownDomain(self.domain) from None
            if code_of(error) != TYPE_ALREADY_EXISTS:
                raise
            return self._drift(name, version, defaults)

    def _drift(self, name: str, version: str, wanted: Mapping[str, Any]) -> list[str]:
        """What a registered type, which can't be changed, has otherwise. Not to know is no reason not to work."""
        kind = {"name": name, "version": version}
        try:
            found = self._answers.describe_activity_type(domain=self.domain, activityType=kind)
        except Exception as error:
            if not is_transient(error):
                raise
            logger.warning(
                "activity type %s %s exists, with which defaults is not known: %s",
                name,
                version,
                message_of(error),
            )
            return []
        if found.get("typeInfo", {}).get("status") == "DEPRECATED":
            logger.warning(
                "activity type %s %s is deprecated in %s: SWF schedules none", name, version, self.domain
            )
        registered = found.get("configuration", {})
        return [
            f"{default} is {_plain(registered.get(default))}, here {_plain(value)}"
            for default, value in wanted.items()
            if registered.get(default) != value
        ]

    def poll_for_activity_task(self, task_list: str, identity: str) -> ActivityTask | None:
        """Waits for a task, 60 s at most; None without one. Raises UnknownDomain, and what the client raises."""
        try:
            task = self._polls.poll_for_activity_task(
                domain=self.domain, taskList={"name": task_list}, identity=identity
            )
        except Exception as error:
            if code_of(error) == UNKNOWN_RESOURCE:
                raise UnknownDomain(self.domain) from None
            raise
        if not task.get("taskToken"):  # absent in fact, empty by the documentation
            return None
        return ActivityTask(
            token=task["taskToken"],
            activity_id=task["activityId"],
            name=task["activityType"]["name"],
            version=task["activityType"]["version"],
            workflow_id=task["workflowExecution"]["workflowId"],
            run_id=task["workflowExecution"]["runId"],
            started_event_id=task.get("startedEventId", 0),
            input=task.get("input"),
        )

    def record_activity_task_heartbeat(self, token: str, details: str | None) -> bool:
        """Keeps the task; whether its decider asked to cancel it."""
        answer = self._answers.record_activity_task_heartbeat(taskToken=token, **_given(details=details))
        return bool(answer.get("cancelRequested"))

    def respond_activity_task_completed(self, token: str, result: str | None) -> None:
        """Closes the task with its encoded result; None leaves the field out."""
        self._answers.respond_activity_task_completed(taskToken=token, **_given(result=result))

    def respond_activity_task_failed(self, token: str, reason: str, details: str | None) -> None:
        """Closes the task with a failure: reason at most 256 characters, details a failure document."""
        self._answers.respond_activity_task_failed(taskToken=token, reason=reason, **_given(details=details))

    def respond_activity_task_canceled(self, token: str, details: str | None) -> None:
        """Closes the task as canceled; only after a heartbeat said so."""
        self._answers.respond_activity_task_canceled(taskToken=token, **_given(details=details))

    def close(self) -> None:
        """Closes the connections of clients that pyflow made; a caller's own client stays open."""
        if self._own:
            self._polls.close()
            self._answers.close()


def _given(**fields: str | None) -> dict[str, str]:
    return {name: text for name, text in fields.items() if text is not None}


def _plain(value: Any) -> Any:
    return value["name"] if isinstance(value, dict) else value if value is not None else "not set"
