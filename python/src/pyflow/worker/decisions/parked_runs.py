"""The open runs of a domain that are parked: which, why, and whether code at hand would go on with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pyflow.client.runs import EVER
from pyflow.client.status import history
from pyflow.decider.future import Future
from pyflow.decider.resident import Resident
from pyflow.flow.invocation import WorkflowInvocationHelper
from pyflow.flow.workflow import Workflow
from pyflow.history.event import Event, Run
from pyflow.history.reserved import RESUME
from pyflow.stores.decisions import open_events
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.swf.faults import UNKNOWN_RESOURCE, is_fault
from pyflow.worker.decisions.executions import Executions
from pyflow.worker.decisions.parking import moment, parked

ASKING = 8  # describes at a time


@dataclass(frozen=True)
class ParkedRun:
    """A parked run. since: RFC 3339; times_out: when SWF will end it, None where it has no limit."""

    run: Run
    reason: str
    since: str
    times_out: datetime | None


def parked_runs(client: Any, domain: str) -> list[ParkedRun]:
    """All that are parked, the longest first. Every open run of the domain is described once."""
    with ThreadPoolExecutor(ASKING) as asking:
        found = asking.map(lambda info: _described(client, domain, info), _open(client, domain))
        return sorted(filter(None, found), key=lambda each: (each.since, each.run.workflow_id))


def resume(client: Any, domain: str, workflow_id: str, run_id: str | None = None) -> None:
    """Wakes a parked run at once; to any other it is nothing."""
    which = {"runId": run_id} if run_id else {}
    client.signal_workflow_execution(domain=domain, workflowId=workflow_id, signalName=RESUME, **which)


def obstacle(
    client: Any, domain: str, run: Run, classes: Iterable[type[Workflow]], payloads: Payloads = PLAIN
) -> str | None:
    """Why these classes can't go on with a run now, None where they can.

    Its whole history is replayed, and the decision that it waits for is made, but nothing is sent, and no callable of
    `invoke_once` is called: a run that comes to a new one goes on. payloads: the decider's keys and stores.
    """
    events = list(history(client, domain, run.workflow_id, run.run_id))
    events += _asked_now(events)
    try:
        events = open_events(events, payloads)
        execution = Executions(classes, helper=_Careful, payload_limit=payloads.room).begin(run, polled=True)
        with execution:
            Resident(execution).decide(events)
    except _NewCall:
        return None
    except Exception as error:
        return str(error) or type(error).__name__
    return None


class _NewCall(BaseException):
    """The workflow has come past its history, to a call that must not be made here."""


class _Careful(WorkflowInvocationHelper):
    """Calls nothing that has an effect."""

    def invoke_once(self, callable: Any, *args: Any, **kwargs: Any) -> Future:
        """As ever where the marker is recorded: then nothing is called."""

        def new() -> Any:
            raise _NewCall

        return super().invoke_once(new)


def _asked_now(events: list[Event]) -> list[Event]:
    """The decision task that a run would get now, behind its last event."""
    last, time = events[-1]["eventId"], events[-1]["eventTimestamp"]
    if events[-1]["eventType"] == "DecisionTaskStarted":
        return []
    scheduled: Event = {
        "eventId": last + 1,
        "eventType": "DecisionTaskScheduled",
        "eventTimestamp": time,
        "decisionTaskScheduledEventAttributes": {"taskList": {"name": "-"}},
    }
    started: Event = {
        "eventId": last + 2,
        "eventType": "DecisionTaskStarted",
        "eventTimestamp": time,
        "decisionTaskStartedEventAttributes": {"scheduledEventId": last + 1},
    }
    return [scheduled, started]


def _open(client: Any, domain: str) -> Iterator[dict[str, Any]]:
    token: dict[str, str] = {}
    while True:
        page = client.list_open_workflow_executions(
            domain=domain, startTimeFilter=EVER, reverseOrder=True, **token
        )
        yield from page["executionInfos"]
        if not page.get("nextPageToken"):
            return
        token = {"nextPageToken": page["nextPageToken"]}


def _described(client: Any, domain: str, info: dict[str, Any]) -> ParkedRun | None:
    execution, kind = info["execution"], info["workflowType"]
    try:
        found = client.describe_workflow_execution(domain=domain, execution=execution)
    except Exception as error:
        if is_fault(error, UNKNOWN_RESOURCE):  # deleted meanwhile
            return None
        raise
    context = parked(found.get("latestExecutionContext"))
    if context is None or found["executionInfo"]["executionStatus"] != "OPEN":
        return None
    started = moment(info["startTimestamp"])
    limit = found["executionConfiguration"].get("executionStartToCloseTimeout", "NONE")
    times_out = None if limit == "NONE" else started + timedelta(seconds=int(limit))
    run = Run(execution["workflowId"], execution["runId"], kind["name"], kind["version"])
    return ParkedRun(run, context.reason, context.since, times_out)
