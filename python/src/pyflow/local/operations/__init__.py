"""SWF's 39 operations, each a function of the service, a validated request and the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from pyflow.local.engine.records import Request
from pyflow.local.engine.registry import ACTIVITY, WORKFLOW
from pyflow.local.operations import activities, decisions, domains, executions, history, types, visibility
from pyflow.local.service.queues import Poll
from pyflow.local.service.service import Answer, Service

Operation: TypeAlias = Callable[[Service, Request, int], Answer]

OPERATIONS: dict[str, Operation] = {
    "CountClosedWorkflowExecutions": visibility.count_closed,
    "CountOpenWorkflowExecutions": visibility.count_open,
    "CountPendingActivityTasks": activities.count_pending,
    "CountPendingDecisionTasks": decisions.count_pending,
    "DeleteActivityType": types.delete(ACTIVITY),
    "DeleteWorkflowType": types.delete(WORKFLOW),
    "DeprecateActivityType": types.deprecate(ACTIVITY),
    "DeprecateDomain": domains.deprecate,
    "DeprecateWorkflowType": types.deprecate(WORKFLOW),
    "DescribeActivityType": types.describe(ACTIVITY),
    "DescribeDomain": domains.describe,
    "DescribeWorkflowExecution": executions.describe,
    "DescribeWorkflowType": types.describe(WORKFLOW),
    "GetWorkflowExecutionHistory": history.get,
    "ListActivityTypes": types.list_types(ACTIVITY),
    "ListClosedWorkflowExecutions": visibility.list_closed,
    "ListDomains": domains.list_domains,
    "ListOpenWorkflowExecutions": visibility.list_open,
    "ListTagsForResource": domains.list_tags,
    "ListWorkflowTypes": types.list_types(WORKFLOW),
    "PollForActivityTask": activities.poll_at_once,
    "PollForDecisionTask": decisions.poll_at_once,
    "RecordActivityTaskHeartbeat": activities.heartbeat,
    "RegisterActivityType": types.register(ACTIVITY),
    "RegisterDomain": domains.register,
    "RegisterWorkflowType": types.register(WORKFLOW),
    "RequestCancelWorkflowExecution": executions.request_cancel,
    "RespondActivityTaskCanceled": activities.canceled,
    "RespondActivityTaskCompleted": activities.completed,
    "RespondActivityTaskFailed": activities.failed,
    "RespondDecisionTaskCompleted": decisions.completed,
    "SignalWorkflowExecution": executions.signal,
    "StartWorkflowExecution": executions.start,
    "TagResource": domains.tag,
    "TerminateWorkflowExecution": executions.terminate,
    "UndeprecateActivityType": types.undeprecate(ACTIVITY),
    "UndeprecateDomain": domains.undeprecate,
    "UndeprecateWorkflowType": types.undeprecate(WORKFLOW),
    "UntagResource": domains.untag,
}
"""SWF's name -> what it does. A poll here takes what waits already; `HOLDING` is how it waits."""


class Holding(NamedTuple):
    """An operation that may wait: `join` lets its poll do so, `answer` is what it says in the end."""

    join: Callable[[Service, Request, Poll], None]
    answer: Callable[[Service, Request, Poll, int], Answer]


HOLDING = {
    "PollForActivityTask": Holding(activities.join, activities.answer),
    "PollForDecisionTask": Holding(decisions.join, decisions.answer),
}

RETENTION_DAYS = "7"
"""Of the domains that are created at the start."""


def ask(service: Service, operation: str, request: Request) -> Answer:
    """Do one operation; durable after the service's next commit. Raises Fault."""
    service.admit(operation)
    now = service.begin()
    answer = OPERATIONS[operation](service, request, now)
    service.settle(now)
    return answer


def create_domains(service: Service, names: Iterable[str]) -> None:
    """Register the domains that are not there yet, durably."""
    for name in names:
        if name not in service.registry.domains:
            request = {"name": name, "workflowExecutionRetentionPeriodInDays": RETENTION_DAYS}
            ask(service, "RegisterDomain", request)
    service.commit()
