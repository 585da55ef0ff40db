"""Every operation of AWS's model has a row here that it accepts, and every fault that the model lists for it one
that meets it, in the words that are known of SWF, or stands in the list of what can't arise on one machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from local.conformity import MODEL, SHAPES, faults
from local.direct import CHARGE, ORDER, Direct, schedule

from pyflow.local.engine.fault import Fault
from pyflow.local.operations import OPERATIONS
from pyflow.local.service.queues import Poll

Members: TypeAlias = dict[str, Any]
Prepare: TypeAlias = Callable[[Direct], Members]
"""Makes ready for a request, and gives its members."""

ARN = "arn:aws:swf:us-east-1:123456789012:/domain/shop"
EVER = {"oldestDate": 0}
NEW_DOMAIN = {"name": "new", "workflowExecutionRetentionPeriodInDays": "1"}
NEW_TYPE = {"name": "new", "version": "1"}
NOBODY = {"name": "nobody", "version": "1"}
NO_RUN = {"workflowId": "o1", "runId": "22="}
TYPES = {"activityType": CHARGE, "workflowType": ORDER}


def given(**members: Any) -> Prepare:
    return lambda swf: members


def execution(swf: Direct) -> Members:
    return {"execution": {"workflowId": "o1", "runId": swf.start()}}


def open_run(**members: Any) -> Prepare:
    def prepare(swf: Direct) -> Members:
        swf.start()
        return {"workflowId": "o1", **members}

    return prepare


def decision_token(swf: Direct) -> Members:
    swf.start()
    return {"taskToken": swf.poll()["taskToken"]}


def activity_token(swf: Direct) -> Members:
    swf.start()
    swf.decide(schedule())
    return {"taskToken": swf.work()["taskToken"]}


def deprecated(member: str) -> Prepare:
    def prepare(swf: Direct) -> Members:
        swf(f"Deprecate{member[0].upper()}{member[1:]}", **{member: TYPES[member]})
        return {member: TYPES[member]}

    return prepare


def deprecated_domain(**members: Any) -> Prepare:
    def prepare(swf: Direct) -> Members:
        swf("DeprecateDomain", name="shop")
        return members

    return prepare


ACCEPTED: dict[str, Prepare] = {
    "CountClosedWorkflowExecutions": given(closeTimeFilter=EVER),
    "CountOpenWorkflowExecutions": given(startTimeFilter=EVER),
    "CountPendingActivityTasks": given(taskList={"name": "workers"}),
    "CountPendingDecisionTasks": given(taskList={"name": "deciders"}),
    "DeleteActivityType": deprecated("activityType"),
    "DeleteWorkflowType": deprecated("workflowType"),
    "DeprecateActivityType": given(activityType=CHARGE),
    "DeprecateDomain": given(name="shop"),
    "DeprecateWorkflowType": given(workflowType=ORDER),
    "DescribeActivityType": given(activityType=CHARGE),
    "DescribeDomain": given(name="shop"),
    "DescribeWorkflowExecution": execution,
    "DescribeWorkflowType": given(workflowType=ORDER),
    "GetWorkflowExecutionHistory": execution,
    "ListActivityTypes": given(registrationStatus="REGISTERED"),
    "ListClosedWorkflowExecutions": given(startTimeFilter=EVER),
    "ListDomains": given(registrationStatus="DEPRECATED"),
    "ListOpenWorkflowExecutions": given(startTimeFilter=EVER),
    "ListTagsForResource": given(resourceArn=ARN),
    "ListWorkflowTypes": given(registrationStatus="REGISTERED"),
    "PollForActivityTask": given(taskList={"name": "workers"}),
    "PollForDecisionTask": given(taskList={"name": "deciders"}),
    "RecordActivityTaskHeartbeat": activity_token,
    "RegisterActivityType": given(**NEW_TYPE),
    "RegisterDomain": given(**NEW_DOMAIN),
    "RegisterWorkflowType": given(**NEW_TYPE),
    "RequestCancelWorkflowExecution": open_run(),
    "RespondActivityTaskCanceled": activity_token,
    "RespondActivityTaskCompleted": activity_token,
    "RespondActivityTaskFailed": activity_token,
    "RespondDecisionTaskCompleted": decision_token,
    "SignalWorkflowExecution": open_run(signalName="s"),
    "StartWorkflowExecution": given(workflowId="o1", workflowType=ORDER),
    "TagResource": given(resourceArn=ARN, tags=[{"key": "k", "value": "v"}]),
    "TerminateWorkflowExecution": open_run(),
    "UndeprecateActivityType": deprecated("activityType"),
    "UndeprecateDomain": deprecated_domain(name="shop"),
    "UndeprecateWorkflowType": deprecated("workflowType"),
    "UntagResource": given(resourceArn=ARN, tagKeys=["k"]),
}


@pytest.mark.parametrize("operation", sorted(ACCEPTED))
def test_every_operation_is_accepted_and_answers_in_its_shape(swf: Direct, operation: str) -> None:
    swf(operation, **ACCEPTED[operation](swf))


def test_no_operation_is_forgotten() -> None:
    assert set(ACCEPTED) == set(OPERATIONS) == set(MODEL["operations"])
    assert len(OPERATIONS) == 39


def again(operation: str) -> Prepare:
    """A request that was accepted once already."""

    def prepare(swf: Direct) -> Members:
        members = ACCEPTED[operation](swf)
        swf(operation, **members)
        return members

    return prepare


def after_the_close(operation: str) -> Prepare:
    """A request that comes when its run has closed."""

    def prepare(swf: Direct) -> Members:
        members = ACCEPTED[operation](swf)
        swf("TerminateWorkflowExecution", workflowId="o1")
        return members

    return prepare


def limited(limit: str, then: Prepare) -> Prepare:
    def prepare(swf: Direct) -> Members:
        swf.limit(limit, 0)
        return then(swf)

    return prepare


def crowded(kind: str) -> Prepare:
    def prepare(swf: Direct) -> Members:
        for _ in range(1000):
            swf.service.join(kind, "shop", "l", Poll())
        return {"taskList": {"name": "l"}}

    return prepare


def bare(swf: Direct) -> Members:
    swf("RegisterWorkflowType", **NEW_TYPE)
    return {"workflowId": "o1", "workflowType": NEW_TYPE}


def running(swf: Direct) -> Members:
    swf.start()
    return {"workflowId": "o1", "workflowType": ORDER}


def tags(**members: Any) -> Prepare:
    return given(tags=[{"key": f"k{number}"} for number in range(51)], **members)


CHARGE_TEXT, ORDER_TEXT = "ActivityType=[name=charge, version=1]", "WorkflowType=[name=order, version=1]"
REGISTERED = "The type is currently registered and cannot be deleted in its current state"
UNKNOWN, LIMIT = "UnknownResourceFault", "LimitExceededFault"
BRACKETS = "Unknown execution: WorkflowExecution=[workflowId=o1, runId={run}]"

FAULTS: list[tuple[str, str, str, Prepare]] = [
    *(
        (operation, UNKNOWN, "Unknown domain: nowhere", given(domain="nowhere"))
        for operation in MODEL["operations"]
        if "domain" in SHAPES[MODEL["operations"][operation]["input"]["shape"]]["members"]
    ),
    *(
        (operation, UNKNOWN, "Unknown domain: nowhere", given(name="nowhere"))
        for operation in ("DescribeDomain", "DeprecateDomain", "UndeprecateDomain")
    ),
    *(
        (
            f"{verb}{member[0].upper()}{member[1:]}",
            UNKNOWN,
            f"Unknown type: {member[0].upper()}{member[1:]}=[name=nobody, version=1]",
            given(**{member: NOBODY}),
        )
        for verb in ("Delete", "Deprecate", "Describe", "Undeprecate")
        for member in TYPES
    ),
    (
        "StartWorkflowExecution",
        UNKNOWN,
        "Unknown type: WorkflowType=[name=nobody, version=1]",
        given(workflowType=NOBODY),
    ),
    *(
        (
            operation,
            UNKNOWN,
            "Unknown execution: WorkflowExecution=[workflowId=o1, runId=22=]",
            given(execution=NO_RUN),
        )
        for operation in ("DescribeWorkflowExecution", "GetWorkflowExecutionHistory")
    ),
    *(
        (operation, UNKNOWN, message, prepare)
        for operation in (
            "SignalWorkflowExecution",
            "RequestCancelWorkflowExecution",
            "TerminateWorkflowExecution",
        )
        for message, prepare in [
            ("Unknown execution, workflowId = nobody", given(workflowId="nobody")),
            ("Unknown execution, workflowId = o1", after_the_close(operation)),
            ("Unknown execution: WorkflowExecution=[workflowId=o1, runId=22=]", open_run(runId="22=")),
        ]
    ),
    *(
        (operation, UNKNOWN, "Unknown activity, scheduledEventId = 5", again(operation))
        for operation in (
            "RespondActivityTaskCanceled",
            "RespondActivityTaskCompleted",
            "RespondActivityTaskFailed",
        )
    ),
    (
        "RecordActivityTaskHeartbeat",
        UNKNOWN,
        "Unknown activity, scheduledEventId = 5",
        again("RespondActivityTaskCompleted"),
    ),
    (
        "RespondDecisionTaskCompleted",
        UNKNOWN,
        "Unknown decision task, scheduledEventId = 2",
        again("RespondDecisionTaskCompleted"),
    ),
    *(
        (operation, UNKNOWN, BRACKETS, after_the_close(operation))
        for operation in (
            "RecordActivityTaskHeartbeat",
            "RespondActivityTaskCanceled",
            "RespondActivityTaskCompleted",
            "RespondActivityTaskFailed",
            "RespondDecisionTaskCompleted",
        )
    ),
    *(
        (operation, UNKNOWN, f"Unknown resource: {ARN}s", given(resourceArn=ARN + "s"))
        for operation in ("ListTagsForResource", "TagResource", "UntagResource")
    ),
    ("DeleteActivityType", "TypeNotDeprecatedFault", REGISTERED, given()),
    ("DeleteWorkflowType", "TypeNotDeprecatedFault", REGISTERED, given()),
    ("DeprecateActivityType", "TypeDeprecatedFault", CHARGE_TEXT, again("DeprecateActivityType")),
    ("DeprecateWorkflowType", "TypeDeprecatedFault", ORDER_TEXT, again("DeprecateWorkflowType")),
    ("UndeprecateActivityType", "TypeAlreadyExistsFault", CHARGE_TEXT, given()),
    ("UndeprecateWorkflowType", "TypeAlreadyExistsFault", ORDER_TEXT, given()),
    ("RegisterActivityType", "TypeAlreadyExistsFault", CHARGE_TEXT, given(**CHARGE)),
    ("RegisterWorkflowType", "TypeAlreadyExistsFault", ORDER_TEXT, given(**ORDER)),
    ("StartWorkflowExecution", "TypeDeprecatedFault", ORDER_TEXT, deprecated("workflowType")),
    ("RegisterDomain", "DomainAlreadyExistsFault", "shop", given(name="shop")),
    ("RegisterDomain", "DomainAlreadyExistsFault", "shop", deprecated_domain(name="shop")),
    ("UndeprecateDomain", "DomainAlreadyExistsFault", "shop", given()),
    ("DeprecateDomain", "DomainDeprecatedFault", "shop", deprecated_domain(name="shop")),
    ("RegisterActivityType", "DomainDeprecatedFault", "shop", deprecated_domain()),
    ("RegisterWorkflowType", "DomainDeprecatedFault", "shop", deprecated_domain()),
    ("StartWorkflowExecution", "DomainDeprecatedFault", "shop", deprecated_domain()),
    ("StartWorkflowExecution", "DefaultUndefinedFault", "executionStartToCloseTimeout", bare),
    ("StartWorkflowExecution", "WorkflowExecutionAlreadyStartedFault", "Already Started", running),
    (
        "StartWorkflowExecution",
        LIMIT,
        "open workflow executions in domain shop: 0",
        limited("executions.OPEN_RUNS_OF_A_DOMAIN", given()),
    ),
    ("RegisterDomain", LIMIT, "domains of the account: 0", limited("domains.DOMAINS", given())),
    *(
        (
            f"Register{kind}",
            LIMIT,
            f"types of kind {kind} in domain shop: 0",
            limited("types.TYPES_OF_A_DOMAIN", given()),
        )
        for kind in ("ActivityType", "WorkflowType")
    ),
    ("PollForActivityTask", LIMIT, "polls on task list l: 1000", crowded("activity")),
    ("PollForDecisionTask", LIMIT, "polls on task list l: 1000", crowded("decision")),
    ("RegisterDomain", "TooManyTagsFault", "tags of domain new: 51 of 50", tags()),
    ("TagResource", "TooManyTagsFault", "tags of domain shop: 51 of 50", tags()),
]
"""Operation, fault, its text, and what the request has other than the one that is accepted."""

NOT_HERE = {
    "OperationNotPermittedFault": set(OPERATIONS),
    "LimitExceededFault": {"ListTagsForResource", "TagResource", "UntagResource"},
}
"""No IAM; and a rate that tags are changed at is not limited."""

NOT_IN_THE_MODEL = {
    ("RegisterActivityType", "DomainDeprecatedFault"),
    ("RegisterWorkflowType", "DomainDeprecatedFault"),
    ("StartWorkflowExecution", "DomainDeprecatedFault"),
}
"""Faults that clients have met although the model does not list them for the operation."""


@pytest.mark.parametrize(
    ("operation", "fault", "message", "prepare"),
    FAULTS,
    ids=[f"{operation}-{fault}-{message[:20]}" for operation, fault, message, _ in FAULTS],
)
def test_every_fault_can_be_met(
    swf: Direct, operation: str, fault: str, message: str, prepare: Prepare
) -> None:
    members = {**accepted_members(operation), **prepare(swf)}
    run_id = swf.newest("o1") if "{run}" in message else ""
    before = everything(swf)
    with pytest.raises(Fault) as refused:
        swf(operation, **members)
    assert (refused.value.type, refused.value.message) == (fault, message.format(run=run_id))
    assert everything(swf) == before


def accepted_members(operation: str) -> Members:
    """What the accepted request of an operation says, but for what it takes from a run of its own."""
    members = ACCEPTED[operation](Direct())
    members.pop("taskToken", None)
    return members


def everything(swf: Direct) -> list[Any]:
    """All that a refused request might have changed."""
    service = swf.service
    histories = [swf.history(*execution) for execution in swf.executions()]
    return [list(service.store.registrations()), histories, dict(service.runs.open_counts)]


def test_no_fault_is_forgotten() -> None:
    met = {(operation, fault) for operation, fault, *_ in FAULTS}
    for operation in OPERATIONS:
        possible = {fault for fault in faults(operation) if operation not in NOT_HERE.get(fault, set())}
        assert {fault for name, fault in met - NOT_IN_THE_MODEL if name == operation} == possible, operation
