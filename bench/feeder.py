"""A decider of few lines that has activities done: a run for each batch, one decision, and then the run's history."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from plain_http import Connection
from servers import DOMAIN, Server

BATCH = {"name": "batch", "version": "1"}
NUMBERS = itertools.count()
PATIENCE = 300.0  # seconds


@dataclass(frozen=True)
class Batch:
    """A run, and the number of activities that it asked for."""

    execution: dict[str, str]
    count: int


class Feeder:
    """Asks a local SWF for activities; every call is a request of its own, or a few."""

    def __init__(self, server: Server) -> None:
        self._connection = Connection(server.endpoint_url)
        self._client = server.client
        server.client.register_workflow_type(
            domain=DOMAIN,
            **BATCH,
            defaultTaskStartToCloseTimeout="NONE",
            defaultExecutionStartToCloseTimeout="86400",
            defaultChildPolicy="TERMINATE",
        )

    def register(self, activity: str) -> None:
        """The activity type, without limits, for a worker that does not register it or not yet."""
        kinds = "ScheduleToStart", "StartToClose", "ScheduleToClose", "Heartbeat"
        limits = {f"defaultTask{kind}Timeout": "NONE" for kind in kinds}
        self._client.register_activity_type(domain=DOMAIN, name=activity, version="1", **limits)

    def schedule(self, task_list: str, activity: str, inputs: Iterable[str], **attributes: str) -> Batch:
        """Has an activity done with each input, all at once; attributes: SWF's, such as heartbeatTimeout."""
        asked = {
            "activityType": {"name": activity, "version": "1"},
            "taskList": {"name": task_list},
            **attributes,
        }
        decisions = [
            _decision("ScheduleActivityTask", activityId=f"activity{number}", input=each, **asked)
            for number, each in enumerate(inputs)
        ]
        execution = {"workflowId": f"batch{next(NUMBERS)}"}
        where = {"taskList": {"name": execution["workflowId"]}}  # so that no other run's task is polled
        started = self._connection.call("StartWorkflowExecution", workflowType=BATCH, **execution, **where)
        batch = Batch({**execution, "runId": started["runId"]}, len(decisions))
        self._decide(batch, decisions)
        return batch

    def cancel(self, batch: Batch) -> None:
        """Asks for every activity of the batch to be canceled."""
        self._connection.call("SignalWorkflowExecution", **batch.execution, signalName="cancel")
        self._decide(
            batch,
            [
                _decision("RequestCancelActivityTask", activityId=f"activity{number}")
                for number in range(batch.count)
            ],
        )

    def once_more(self, batch: Batch, task_list: str, activity: str, input: str) -> None:
        """Waits until the batch's task has ended and has one done again, as a retry policy would."""
        asked = {"activityType": {"name": activity, "version": "1"}, "taskList": {"name": task_list}}
        self._decide(batch, [_decision("ScheduleActivityTask", activityId="again", input=input, **asked)])

    def pending(self, task_list: str) -> int:
        """How many activity tasks wait for a worker."""
        return int(self._connection.call("CountPendingActivityTasks", taskList={"name": task_list})["count"])

    def events(self, batch: Batch, *kinds: str) -> list[dict[str, Any]]:
        """The events of these types so far, in order; every one where no type is named."""
        found: list[dict[str, Any]] = []
        token: dict[str, str] = {}
        while True:
            page = self._connection.call("GetWorkflowExecutionHistory", execution=batch.execution, **token)
            found += [event for event in page["events"] if not kinds or event["eventType"] in kinds]
            if "nextPageToken" not in page:
                return found
            token = {"nextPageToken": page["nextPageToken"]}

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _decide(self, batch: Batch, decisions: list[dict[str, Any]]) -> None:
        task_list = {"name": batch.execution["workflowId"]}
        task = self._connection.call("PollForDecisionTask", taskList=task_list, maximumPageSize=1)
        self._connection.call(
            "RespondDecisionTaskCompleted", taskToken=task["taskToken"], decisions=decisions
        )


def until(holds: Callable[[], bool], what: str, every: float = 0.05) -> None:
    """Waits until it holds. Raises TimeoutError after five minutes."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come to be within {PATIENCE:.0f} s")
        time.sleep(every)


def _decision(kind: str, **attributes: Any) -> dict[str, Any]:
    return {"decisionType": kind, f"{kind[0].lower()}{kind[1:]}DecisionAttributes": attributes}
