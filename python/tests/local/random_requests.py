"""Requests at random: every operation and every decision, from small pools so that they meet one another."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st
from local.direct import ACTIVITY_DEFAULTS, CHARGE, ORDER, WORKFLOW_DEFAULTS, Document, decision

Strategy = st.SearchStrategy[Any]


class Reference(NamedTuple):
    """Something that an earlier answer held: the n-th newest `decision`, `activity` or `page` token, or `run`."""

    kind: str
    number: int


def newest(kind: str) -> Strategy:
    """One of the newest of a kind."""
    return st.builds(Reference, st.just(kind), st.integers(0, 3))


def some(**members: Strategy) -> Strategy:
    """Some of these members; names that end with an underscore are always there."""
    always = {name.rstrip("_"): value for name, value in members.items() if name.endswith("_")}
    return st.fixed_dictionaries(always, optional={n: v for n, v in members.items() if not n.endswith("_")})


names = st.sampled_from(["x", "y"])
workflow_ids = st.sampled_from(["o1", "o2", "c1"])
domains = st.sampled_from(["shop", "shop", "shop", "other"])
seconds = st.sampled_from(["0", "1", "3"])
durations = st.sampled_from(["0", "1", "3", "NONE"])
texts = st.sampled_from(["", "text", "é\ud800", "long " * 500])
priorities = st.sampled_from(["0", "5", "-5"])
policies = st.sampled_from(["TERMINATE", "REQUEST_CANCEL", "ABANDON"])
shorter = texts.map(lambda text: text[:1000])
"""For where SWF takes less."""
workflow_defaults = {name: st.just(value) for name, value in WORKFLOW_DEFAULTS.items()}
activity_defaults = {name: st.just(value) for name, value in ACTIVITY_DEFAULTS.items()}
deciders = st.builds(lambda name: {"name": name}, st.sampled_from(["deciders", "deciders", "mine"]))
workers = st.builds(lambda name: {"name": name}, st.sampled_from(["workers", "workers", "others"]))
roles = st.just("arn:aws:iam::123456789012:role/r")
tags = st.lists(names, max_size=2)
workflow_types = st.sampled_from([ORDER, ORDER, ORDER, {"name": "order", "version": "2"}])
activity_types = st.sampled_from([CHARGE, CHARGE, CHARGE, {"name": "charge", "version": "2"}])
arns = st.builds("arn:aws:swf:us-east-1:123456789012:/domain/{}".format, domains)
executions = newest("run")
pages: dict[str, Strategy] = {
    "maximumPageSize": st.sampled_from([0, 1, 2, 1000]),
    "reverseOrder": st.booleans(),
    "nextPageToken": newest("page"),
}
times = some(oldestDate_=st.just(0), latestDate=st.just(4_000_000_000))
filters: dict[str, Strategy] = {
    "executionFilter": st.builds(lambda name: {"workflowId": name}, workflow_ids),
    "typeFilter": st.just({"name": "order"}),
    "tagFilter": st.builds(lambda name: {"tag": name}, names),
}
run_settings: dict[str, Strategy] = {
    "taskList": deciders,
    "executionStartToCloseTimeout": st.sampled_from(["20", "90000"]),
    "taskStartToCloseTimeout": st.sampled_from(["10", "10", "NONE", "0"]),
    "childPolicy": policies,
    "taskPriority": priorities,
    "lambdaRole_": roles,
    "input": texts,
    "tagList": tags,
}

DECISIONS: dict[str, Strategy] = {
    "ScheduleActivityTask": some(
        activityId_=names,
        activityType_=activity_types,
        input=texts,
        control=texts,
        taskList=workers,
        taskPriority=priorities,
        scheduleToStartTimeout=durations,
        scheduleToCloseTimeout=durations,
        startToCloseTimeout=durations,
        heartbeatTimeout=durations,
    ),
    "RequestCancelActivityTask": some(activityId_=names),
    "CompleteWorkflowExecution": some(result=texts),
    "FailWorkflowExecution": some(reason=names, details=texts),
    "CancelWorkflowExecution": some(details=texts),
    "ContinueAsNewWorkflowExecution": some(workflowTypeVersion=st.sampled_from(["1", "2"]), **run_settings),
    "RecordMarker": some(markerName_=names, details=texts),
    "StartTimer": some(timerId_=names, startToFireTimeout_=seconds, control=texts),
    "CancelTimer": some(timerId_=names),
    "SignalExternalWorkflowExecution": some(
        workflowId_=workflow_ids, signalName_=names, input=texts, control=texts
    ),
    "RequestCancelExternalWorkflowExecution": some(workflowId_=workflow_ids, control=texts),
    "StartChildWorkflowExecution": some(
        workflowId_=workflow_ids, workflowType_=workflow_types, control=texts, **run_settings
    ),
    "ScheduleLambdaFunction": some(
        id_=names, name_=names, input=texts, startToCloseTimeout=st.sampled_from(["1", "3", "901"])
    ),
}

CLOSES = (
    "CompleteWorkflowExecution",
    "FailWorkflowExecution",
    "CancelWorkflowExecution",
    "ContinueAsNewWorkflowExecution",
)


def decided(types: list[str]) -> Strategy:
    """A decision of one of these types."""
    return st.one_of(*(st.builds(decision_of, st.just(type_), DECISIONS[type_]) for type_ in types))


def decision_of(type_: str, members: Document) -> Document:
    """A decision with its attributes."""
    return decision(type_, **members)


going_on = st.lists(decided([type_ for type_ in DECISIONS if type_ not in CLOSES]), min_size=1, max_size=5)
closing = st.builds(
    lambda *parts: list(parts), decided(["RecordMarker", "CancelTimer"]), decided(list(CLOSES))
)
anything = st.lists(decided(list(DECISIONS)), max_size=4)

OPERATIONS: dict[str, Strategy] = {
    "CountClosedWorkflowExecutions": some(
        domain_=domains, startTimeFilter=times, closeTimeFilter=times, **filters
    ),
    "CountOpenWorkflowExecutions": some(domain_=domains, startTimeFilter_=times, **filters),
    "CountPendingActivityTasks": some(domain_=domains, taskList_=workers),
    "CountPendingDecisionTasks": some(domain_=domains, taskList_=deciders),
    "DeleteActivityType": some(domain_=domains, activityType_=activity_types),
    "DeleteWorkflowType": some(domain_=domains, workflowType_=workflow_types),
    "DeprecateActivityType": some(domain_=domains, activityType_=activity_types),
    "DeprecateDomain": some(name_=st.just("other")),
    "DeprecateWorkflowType": some(domain_=domains, workflowType_=workflow_types),
    "DescribeActivityType": some(domain_=domains, activityType_=activity_types),
    "DescribeDomain": some(name_=domains),
    "DescribeWorkflowExecution": some(domain_=domains, execution_=executions),
    "DescribeWorkflowType": some(domain_=domains, workflowType_=workflow_types),
    "GetWorkflowExecutionHistory": some(domain_=domains, execution_=executions, **pages),
    "ListActivityTypes": some(domain_=domains, registrationStatus_=st.just("REGISTERED"), **pages),
    "ListClosedWorkflowExecutions": some(
        domain_=domains, startTimeFilter=times, closeTimeFilter=times, **filters, **pages
    ),
    "ListDomains": some(registrationStatus_=st.just("REGISTERED"), **pages),
    "ListOpenWorkflowExecutions": some(domain_=domains, startTimeFilter_=times, **filters, **pages),
    "ListTagsForResource": some(resourceArn_=arns),
    "ListWorkflowTypes": some(domain_=domains, registrationStatus_=st.just("DEPRECATED"), **pages),
    "PollForActivityTask": some(domain_=domains, taskList_=workers, identity=names),
    "PollForDecisionTask": some(
        domain_=domains,
        taskList_=deciders,
        identity=names,
        startAtPreviousStartedEvent=st.booleans(),
        **pages,
    ),
    "RecordActivityTaskHeartbeat": some(taskToken_=newest("activity"), details=shorter),
    "RegisterActivityType": some(
        domain_=domains,
        name_=st.just("charge"),
        version_=st.just("2"),
        **activity_defaults,
    ),
    "RegisterDomain": some(
        name_=st.just("other"),
        workflowExecutionRetentionPeriodInDays_=st.sampled_from(["NONE", "1"]),
        description=shorter,
    ),
    "RegisterWorkflowType": some(
        domain_=domains,
        name_=st.just("order"),
        version_=st.sampled_from(["1", "2"]),
        **workflow_defaults,
    ),
    "RequestCancelWorkflowExecution": some(domain_=domains, workflowId_=workflow_ids),
    "RespondActivityTaskCanceled": some(taskToken_=newest("activity"), details=texts),
    "RespondActivityTaskCompleted": some(taskToken_=newest("activity"), result=texts),
    "RespondActivityTaskFailed": some(taskToken_=newest("activity"), reason=names, details=texts),
    "RespondDecisionTaskCompleted": some(
        taskToken_=newest("decision"),
        decisions=st.one_of(going_on, going_on, closing, anything),
        executionContext=texts,
        taskList=deciders,
        taskListScheduleToStartTimeout=durations,
    ),
    "SignalWorkflowExecution": some(
        domain_=domains, workflowId_=workflow_ids, signalName_=names, input=texts
    ),
    "StartWorkflowExecution": some(
        domain_=domains, workflowId_=workflow_ids, workflowType_=workflow_types, **run_settings
    ),
    "TagResource": some(resourceArn_=arns, tags_=st.just([{"key": "k", "value": "v"}])),
    "TerminateWorkflowExecution": some(
        domain_=domains, workflowId_=workflow_ids, reason=names, details=texts, childPolicy=policies
    ),
    "UndeprecateActivityType": some(domain_=domains, activityType_=activity_types),
    "UndeprecateDomain": some(name_=st.just("other")),
    "UndeprecateWorkflowType": some(domain_=domains, workflowType_=workflow_types),
    "UntagResource": some(resourceArn_=arns, tagKeys_=st.just(["k"])),
}

requests = st.one_of(*(st.tuples(st.just(operation), OPERATIONS[operation]) for operation in OPERATIONS))
"""An operation and its arguments, with References in them."""


def requests_of(*operations: str) -> Strategy:
    """One of these."""
    return st.one_of(*(st.tuples(st.just(operation), OPERATIONS[operation]) for operation in operations))


def in_shop(operation: str, **arguments: Any) -> tuple[str, Document]:
    """A request of domain `shop`."""
    return operation, {"domain": "shop", **arguments}


working = st.tuples(
    st.builds(in_shop, st.just("PollForActivityTask"), taskList=workers),
    requests_of(
        "RespondActivityTaskCompleted",
        "RespondActivityTaskFailed",
        "RespondActivityTaskCanceled",
        "RecordActivityTaskHeartbeat",
    ),
)
"""What a worker does."""

telling = requests_of(
    "StartWorkflowExecution",
    "StartWorkflowExecution",
    "SignalWorkflowExecution",
    "RequestCancelWorkflowExecution",
    "TerminateWorkflowExecution",
).map(lambda request: in_shop(request[0], **{**request[1], "domain": "shop"}))
"""What the world outside does."""

deciding = st.tuples(
    st.just(in_shop("PollForDecisionTask", taskList={"name": "deciders"})),
    st.one_of(st.none(), st.none(), telling),
    st.tuples(
        st.just("RespondDecisionTaskCompleted"),
        some(
            taskToken_=st.just(Reference("decision", 0)),
            decisions_=st.one_of(*[going_on] * 6, closing, anything),
            executionContext=texts,
        ),
    ),
)
"""What a decider does: it takes a task, and answers it; there may be news meanwhile."""
