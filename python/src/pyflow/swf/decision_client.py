"""SWF as a decider needs it: four calls over a boto3 client."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from pyflow.history.event import Event, Run
from pyflow.swf.boto import client as boto_client
from pyflow.swf.faults import TYPE_ALREADY_EXISTS, UNKNOWN_RESOURCE, UnknownDomain, is_fault
from pyflow.swf.hot import hot

PAGE_SIZE = 100  # events of a poll: enough for what is new to a resident run, cheap to parse
HISTORY_PAGE_SIZE = 1000


@dataclass(frozen=True)
class DecisionTask:
    """A decision task and the newest events of its run, oldest first; `whole` says whether that is all of them.

    previous_started_event_id: of the decision task before it that was completed; 0 for the first.
    unreadable: why its payloads can't be read here, where they can't. received_at: by the process's monotonic clock.
    """

    token: str
    run: Run
    started_event_id: int
    events: list[Event]
    previous_started_event_id: int = 0
    unreadable: str | None = None
    received_at: float = field(default_factory=time.monotonic, compare=False)

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
        self._clients = dict.fromkeys((True, False), None if client is None else hot(client))
        self._making = threading.Lock()
        self._where: dict[str, Any] = {"endpoint_url": endpoint_url, "region": region}

    def _client(self, *, long_poll: bool = False) -> Any:
        if self._clients[long_poll] is None:
            with self._making:  # several pollers begin at once, and one client is enough for all
                if self._clients[long_poll] is None:
                    self._clients[long_poll] = hot(boto_client(**self._where, long_poll=long_poll))
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

    def poll(self, task_list: str | None = None, new_only: bool = False) -> DecisionTask | None:
        """One long poll; None when it ended empty. task_list: this decider's own unless told otherwise.

        The events are the newest ones, 100 at most; new_only: all since the decision task that was started last, its
        start and whatever bears the same time included, for who holds the run. A task that timed out counts as started:
        then the events may begin behind what its decider knows.
        """
        view: dict[str, Any] = {"reverseOrder": True, "maximumPageSize": PAGE_SIZE}
        if new_only:
            view = {"startAtPreviousStartedEvent": True, "maximumPageSize": HISTORY_PAGE_SIZE}
        request = {
            "domain": self._domain,
            "taskList": {"name": task_list or self._task_list},
            **view,
            **self._identity,
        }
        first = page = self._client(long_poll=True).poll_for_decision_task(**request)
        if not first.get("taskToken"):
            return None
        events: list[Event] = list(first["events"])
        while new_only and page.get("nextPageToken"):
            # A further page starts no task, so it may be asked for again.
            page = self._client().poll_for_decision_task(**request, nextPageToken=page["nextPageToken"])
            events.extend(page["events"])
        events.sort(key=itemgetter("eventId"))
        execution, kind = first["workflowExecution"], first["workflowType"]
        return DecisionTask(
            token=first["taskToken"],
            run=Run(execution["workflowId"], execution["runId"], kind["name"], kind["version"]),
            started_event_id=first["startedEventId"],
            events=events,
            previous_started_event_id=first.get("previousStartedEventId", 0),
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

    def newest_event(self, run: Run) -> Event:
        """The last event of the run's history, as SWF shows it now."""
        page = self._client().get_workflow_execution_history(
            domain=self._domain,
            execution={"workflowId": run.workflow_id, "runId": run.run_id},
            reverseOrder=True,
            maximumPageSize=1,
        )
        newest: Event = page["events"][0]
        return newest

    def respond(
        self,
        task: DecisionTask,
        decisions: list[dict[str, Any]],
        context: str | None = None,
        *,
        task_list: str | None = None,
        schedule_to_start: int | None = None,
    ) -> None:
        """Answers the task. context: the execution context; None leaves the one that SWF holds.

        task_list: where the run's next decision task goes, this once; after schedule_to_start seconds unclaimed it
        goes back to the run's own list. None leaves both to SWF.
        """
        beside: dict[str, Any] = {}
        if context is not None:
            beside["executionContext"] = context
        if task_list is not None:
            beside["taskList"] = {"name": task_list}
        if schedule_to_start is not None:
            beside["taskListScheduleToStartTimeout"] = str(schedule_to_start)
        self._client().respond_decision_task_completed(taskToken=task.token, decisions=decisions, **beside)
