"""SWF as a decider needs it: four calls over a boto3 client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyflow.history.event import Event, Run
from pyflow.swf.boto import client as boto_client
from pyflow.swf.faults import TYPE_ALREADY_EXISTS, UNKNOWN_RESOURCE, UnknownDomain, is_fault

PAGE_SIZE = 100  # events of a poll: enough for what is new to a resident run, cheap to parse
HISTORY_PAGE_SIZE = 1000


@dataclass(frozen=True)
class DecisionTask:
    """A decision task and the newest events of its run, oldest first; `whole` says whether that is all of them."""

    token: str
    run: Run
    started_event_id: int
    events: list[Event]

    @property
    def whole(self) -> bool:
        """Whether the events go back to the first."""
        return bool(self.events) and self.events[0]["eventId"] == 1


class DecisionClient:
    """The port to SWF. client: any object with boto3's SWF methods; None makes boto3's own, when first used.

    endpoint_url and region are for boto3's own clients; see swf.boto.
    """

    def __init__(
        self,
        domain: str,
        task_list: str,
        identity: str | None,
        client: Any = None,
        *,
        endpoint_url: str | None = None,
        region: str | None = None,
    ) -> None:
        self._domain = domain
        self._task_list = task_list
        self._identity = {"identity": identity} if identity else {}
        self._clients = {True: client, False: client}
        self._where: dict[str, Any] = {"endpoint_url": endpoint_url, "region": region}

    def _client(self, *, long_poll: bool = False) -> Any:
        if self._clients[long_poll] is None:
            self._clients[long_poll] = boto_client(**self._where, long_poll=long_poll)
        return self._clients[long_poll]

    def register_workflow_type(self, name: str, version: str, options: Mapping[str, Any]) -> bool:
        """Registers a type with this task list as its default; False where it exists already. Raises UnknownDomain."""
        try:
            self._client().register_workflow_type(
                domain=self._domain,
                name=name,
                version=version,
                defaultTaskList={"name": self._task_list},
                **{key: str(value) for key, value in options.items()},
            )
        except Exception as error:
            if is_fault(error, UNKNOWN_RESOURCE):
                raise UnknownDomain(self._domain) from None
            if not is_fault(error, TYPE_ALREADY_EXISTS):
                raise
            return False
        return True

    def poll(self) -> DecisionTask | None:
        """One long poll; None when it ended empty. Newest events first: a resident run reads no more."""
        page = self._client(long_poll=True).poll_for_decision_task(
            domain=self._domain,
            taskList={"name": self._task_list},
            reverseOrder=True,
            maximumPageSize=PAGE_SIZE,
            **self._identity,
        )
        if not page.get("taskToken"):
            return None
        execution, kind = page["workflowExecution"], page["workflowType"]
        return DecisionTask(
            token=page["taskToken"],
            run=Run(execution["workflowId"], execution["runId"], kind["name"], kind["version"]),
            started_event_id=page["startedEventId"],
            events=sorted(page["events"], key=lambda event: event["eventId"]),
        )

    def history(self, task: DecisionTask) -> list[Event]:
        """The whole history up to the task's own start, oldest first."""
        if task.whole:
            return task.events
        events: list[Event] = []
        token: dict[str, str] = {}
        oldest_known = task.events[0]["eventId"]
        while True:
            page = self._client().get_workflow_execution_history(
                domain=self._domain,
                execution={"workflowId": task.run.workflow_id, "runId": task.run.run_id},
                maximumPageSize=HISTORY_PAGE_SIZE,
                **token,
            )
            events.extend(page["events"])
            if not page.get("nextPageToken") or events[-1]["eventId"] >= oldest_known - 1:
                break
            token = {"nextPageToken": page["nextPageToken"]}
        return [event for event in events if event["eventId"] < oldest_known] + task.events

    def respond(
        self, task: DecisionTask, decisions: list[dict[str, Any]], context: str | None = None
    ) -> None:
        """Answers the task. context: the execution context; None leaves the one that SWF holds."""
        beside = {} if context is None else {"executionContext": context}
        self._client().respond_decision_task_completed(taskToken=task.token, decisions=decisions, **beside)
