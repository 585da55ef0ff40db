"""Days under the test's clock: what time that does not pass costs, for the service alone and for a workflow."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import report

import pyflow
from pyflow.testing import WorkflowEnvironment, local_service
from pyflow.testing.service import LocalService

HOURS = 100 * 24
DAY = 86_400
MONTHS = 10
DECIDERS, WORKFLOW = {"name": "deciders"}, {"name": "hourly", "version": "1"}
NEWEST = {"reverseOrder": True, "maximumPageSize": 10}
"""Of the events of a decision task: a decider that keeps its run in memory reads no more."""

Ask = Callable[..., dict[str, Any]]
"""One call: SWF's name of the operation, and its arguments."""


def by_boto3(swf: LocalService) -> Ask:
    """Calls by boto3's own client, which validates, serializes and parses."""
    client = swf.client()
    names = {swf_name: name for name, swf_name in client.meta.method_to_api_mapping.items()}
    return lambda operation, **request: getattr(client, names[operation])(**request)


def by_the_wire(swf: LocalService) -> Ask:
    """Calls as they go over the wire, so that only the service is measured."""

    def ask(operation: str, **request: Any) -> dict[str, Any]:
        reply = swf.answer(f"SimpleWorkflowService.{operation}", json.dumps(request).encode())
        assert reply.status == 200, reply.body
        return dict(json.loads(reply.body or b"{}"))

    return ask


def hourly(swf: LocalService, ask: Ask, together: int) -> float:
    """Seconds of CPU for an execution that starts so many hourly timers with each of its decisions."""
    ask(
        "RegisterWorkflowType",
        domain=swf.domain,
        **WORKFLOW,
        defaultTaskStartToCloseTimeout="NONE",
        defaultExecutionStartToCloseTimeout=str((HOURS + 1) * 3600),
        defaultTaskList=DECIDERS,
        defaultChildPolicy="TERMINATE",
    )
    begin, first = time.process_time(), swf.now
    ask("StartWorkflowExecution", domain=swf.domain, workflowId="w", workflowType=WORKFLOW)
    for _ in range(HOURS // together):
        decide(swf, ask, *(timer(hours) for hours in range(1, together + 1)))
        for _ in range(together):
            passed = swf.advance_to_next()
            assert passed is not None
            assert passed.total_seconds() == 3600
    decide(swf, ask, {"decisionType": "CompleteWorkflowExecution"})
    took = time.process_time() - begin
    assert (swf.now - first).days == 100
    return took


def timer(hours: int) -> dict[str, Any]:
    """A decision to be woken so many hours from now."""
    attributes = {"timerId": str(hours), "startToFireTimeout": str(hours * 3600)}
    return {"decisionType": "StartTimer", "startTimerDecisionAttributes": attributes}


def decide(swf: LocalService, ask: Ask, *decisions: dict[str, Any]) -> None:
    """Takes the decision task that there is, and answers it."""
    task = ask("PollForDecisionTask", domain=swf.domain, taskList=DECIDERS, **NEWEST)
    ask("RespondDecisionTaskCompleted", taskToken=task["taskToken"], decisions=list(decisions))


def measured(way: Callable[[LocalService], Ask], together: int = 1) -> float:
    """The best of three, each in a service of its own."""

    def once() -> float:
        with local_service() as swf:
            return hourly(swf, way(swf), together)

    return min(once() for _ in range(3))


class Month(pyflow.Workflow):
    NAME = "Month"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 40 * DAY}

    def run(self, days):
        self.swf.sleep(days * DAY)
        return days


def month() -> float:
    """Milliseconds, by the wall's clock, of a test of a timer of 30 days: environment, run, and the replay that follows."""
    begin = time.perf_counter()
    with WorkflowEnvironment(Month) as environment:
        first = environment.now
        assert environment.run(30) == 30
        assert (environment.now - first).days == 30
    return (time.perf_counter() - begin) * 1000


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    table = report.Table(
        "100 virtual days", f"{HOURS:,} hourly timers under the test's clock; seconds of CPU"
    )
    table.row("by boto3's client, a decision a day", measured(by_boto3, together=24), "s", bar=1)
    table.row("by the wire, a decision an hour", measured(by_the_wire), "s")
    table.row("by boto3's client, a decision an hour", measured(by_boto3), "s")
    months = [month() for _ in range(MONTHS)]
    table.row("a workflow's test of a timer of 30 days, wall (aim 10)", min(months), "ms", bar=30)
    table.row("  the first in a process", months[0], "ms")
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
