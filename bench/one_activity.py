"""One execution of one activity, from start to close, by one sequential client: seven operations."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from report import Yardstick
from servers import DOMAIN, Server

OPERATIONS = 7
DECIDERS, WORKERS = {"name": "deciders"}, {"name": "workers"}
WORKFLOW, ACTIVITY = {"name": "one", "version": "1"}, {"name": "noop", "version": "1"}
WORKFLOW_TYPE = {
    **WORKFLOW,
    "defaultTaskStartToCloseTimeout": "30",
    "defaultExecutionStartToCloseTimeout": "86400",
    "defaultTaskList": DECIDERS,
    "defaultChildPolicy": "TERMINATE",
}
ACTIVITY_TYPE = {
    **ACTIVITY,
    "defaultTaskList": WORKERS,
    "defaultTaskScheduleToStartTimeout": "NONE",
    "defaultTaskScheduleToCloseTimeout": "NONE",
    "defaultTaskStartToCloseTimeout": "30",
    "defaultTaskHeartbeatTimeout": "NONE",
}
SCHEDULE = {
    "decisionType": "ScheduleActivityTask",
    "scheduleActivityTaskDecisionAttributes": {"activityId": "a", "activityType": ACTIVITY},
}
COMPLETE = {"decisionType": "CompleteWorkflowExecution"}


def register(server: Server) -> None:
    """The two types that an execution needs."""
    server.client.register_workflow_type(domain=DOMAIN, **WORKFLOW_TYPE)
    server.client.register_activity_type(domain=DOMAIN, **ACTIVITY_TYPE)


def execution(swf: Any, number: int) -> None:
    """One execution of one activity."""
    swf.start_workflow_execution(domain=DOMAIN, workflowId=f"w{number}", workflowType=WORKFLOW)
    decide(swf, SCHEDULE)
    work(swf)
    decide(swf, COMPLETE)


def decide(swf: Any, *decisions: dict[str, Any], **options: Any) -> None:
    """Polls for the one decision task that there is, and answers it."""
    task = swf.poll_for_decision_task(**{"domain": DOMAIN, "taskList": DECIDERS, **options})
    swf.respond_decision_task_completed(taskToken=task["taskToken"], decisions=list(decisions))


def work(swf: Any) -> None:
    """Polls for the one activity task that there is, and completes it."""
    task = swf.poll_for_activity_task(domain=DOMAIN, taskList=WORKERS)
    swf.respond_activity_task_completed(taskToken=task["taskToken"], result="1")


@dataclass
class Best:
    """The best of several rounds, each figure by itself.

    rate: executions a second. server, client: milliseconds of CPU an operation. took: milliseconds of each execution.
    """

    rate: float = 0.0
    server: float = float("inf")
    client: float = float("inf")
    rounds: int = 0
    took: list[float] = field(default_factory=list)

    def drive(self, server: Server, count: int) -> None:
        """One more round of so many executions."""
        first = self.rounds * count
        self.rounds += 1
        begin, of_server, of_client = time.perf_counter(), server.cpu(), time.process_time()
        for number in range(first, first + count):
            sent = time.perf_counter()
            execution(server.client, number)
            self.took.append((time.perf_counter() - sent) * 1000)
        took = time.perf_counter() - begin
        operations = count * OPERATIONS / 1000
        self.rate = max(self.rate, count / took)
        self.server = min(self.server, (server.cpu() - of_server) / operations)
        self.client = min(self.client, (time.process_time() - of_client) / operations)


def server_yardstick(floor: Best) -> Yardstick:
    """For the CPU of servers."""
    return Yardstick("the floor server's CPU a request", 0.07, floor.server, "ms")


def rate_yardstick(floor: Best) -> Yardstick:
    """For executions a second."""
    return Yardstick("executions/s through the floor server", 140, floor.rate, "/s", at_least=True)


def time_yardstick(floor: Best) -> Yardstick:
    """For what passes between processes, by the wall's clock."""
    took = statistics.median(floor.took)
    return Yardstick("an execution through the floor server, median", 1000 / 140, took, "ms")
