"""What can go wrong with which calls, and how often: a profile is a choice of faults, a row of one table."""

from __future__ import annotations

from typing import TypeAlias

THROTTLED = "throttled"
"""ThrottlingException; nothing was done."""
FAILED = "failed"
"""InternalFailure, status 500; nothing was done."""
UNAVAILABLE = "unavailable"
"""ServiceUnavailableException, status 503; nothing was done."""
LOST = "lost"
"""Done, and durable; then the connection is cut without an answer."""
SWALLOWED = "swallowed"
"""A poll's task is started; then the poll's connection is cut: nobody has the token."""
DUPLICATED = "duplicated"
"""Done, and done again, as by a client that retries; the second answer is told."""
TRUNCATED = "truncated"
"""A page of fewer items than were asked for, and a token for the next one."""
DELAYED = "delayed"
"""A signal is held back until a decision task of its run has been started."""

CLASSES: dict[str, str] = {
    "CountClosedWorkflowExecutions": "read",
    "CountOpenWorkflowExecutions": "read",
    "CountPendingActivityTasks": "read",
    "CountPendingDecisionTasks": "read",
    "DeleteActivityType": "write",
    "DeleteWorkflowType": "write",
    "DeprecateActivityType": "write",
    "DeprecateDomain": "write",
    "DeprecateWorkflowType": "write",
    "DescribeActivityType": "read",
    "DescribeDomain": "read",
    "DescribeWorkflowExecution": "read",
    "DescribeWorkflowType": "read",
    "GetWorkflowExecutionHistory": "page",
    "ListActivityTypes": "page",
    "ListClosedWorkflowExecutions": "page",
    "ListDomains": "page",
    "ListOpenWorkflowExecutions": "page",
    "ListTagsForResource": "read",
    "ListWorkflowTypes": "page",
    "PollForActivityTask": "activity poll",
    "PollForDecisionTask": "decision poll",
    "RecordActivityTaskHeartbeat": "answer",
    "RegisterActivityType": "write",
    "RegisterDomain": "write",
    "RegisterWorkflowType": "write",
    "RequestCancelWorkflowExecution": "cancel",
    "RespondActivityTaskCanceled": "answer",
    "RespondActivityTaskCompleted": "answer",
    "RespondActivityTaskFailed": "answer",
    "RespondDecisionTaskCompleted": "answer",
    "SignalWorkflowExecution": "signal",
    "StartWorkflowExecution": "start",
    "TagResource": "write",
    "TerminateWorkflowExecution": "write",
    "UndeprecateActivityType": "write",
    "UndeprecateDomain": "write",
    "UndeprecateWorkflowType": "write",
    "UntagResource": "write",
}
"""Operation -> its class: what can go wrong with it in the same ways."""

_ALL = frozenset(CLASSES.values())
_POLLS = frozenset({"activity poll", "decision poll"})

POSSIBLE: dict[str, frozenset[str]] = {
    THROTTLED: _ALL,
    FAILED: _ALL,
    UNAVAILABLE: _ALL,
    LOST: _ALL - _POLLS,
    SWALLOWED: _POLLS,
    DUPLICATED: frozenset({"start", "signal", "cancel"}),
    TRUNCATED: frozenset({"page", "decision poll"}),
    DELAYED: frozenset({"signal"}),
}
"""Fault -> the classes of operations that it can befall."""

Profile: TypeAlias = "dict[str, dict[str, float]]"
"""Fault -> class -> how probable it is for one call, from 0 to 1."""


def _each(**probabilities: float) -> Profile:
    """Faults, each as probable for every class that it can befall."""
    return {
        fault: dict.fromkeys(sorted(POSSIBLE[fault]), probability)
        for fault, probability in probabilities.items()
    }


PROFILES: dict[str, Profile] = {
    "mixed": {
        **_each(throttled=0.05, failed=0.03, unavailable=0.03, lost=0.08, swallowed=0.06),
        **_each(duplicated=0.2, truncated=0.3, delayed=0.3),
    },
    "throttle": _each(throttled=0.3),
    "errors": _each(failed=0.15, unavailable=0.15),
    "lost": _each(lost=0.25),
    "swallow": _each(swallowed=0.25),
    "duplicate": _each(duplicated=0.5),
    "pages": _each(truncated=0.5),
    "race": _each(delayed=0.5),
}
"""Name -> profile; the first is what a seed alone means."""

DEFAULT = "mixed"
