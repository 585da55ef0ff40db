"""SWF's 39 operations, each a function of the service, a validated request and the time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from pyflow.local.engine.records import Request
from pyflow.local.engine.registry import ACTIVITY, WORKFLOW
from pyflow.local.operations import activities, decisions, domains, executions, history, types, visibility
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
"""SWF's name -> what it does. A poll here takes what waits already; `holding` is how it waits."""


def ask(service: Service, operation: str, request: Request) -> Answer:
    """Do one operation; durable after the service's next commit. Raises Fault."""
    service.admit(operation)
    now = service.begin()
    answer = OPERATIONS[operation](service, request, now)
    service.settle(now)
    return answer
