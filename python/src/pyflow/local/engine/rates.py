"""How often an account may call and decide: token buckets, as values over time, and SWF's sizes of them.

The numbers are those of the largest regions (Amazon SWF developer guide, "Amazon SWF throttling quotas").
"""

from __future__ import annotations

from typing import NamedTuple


class Rate(NamedTuple):
    """size: how many at once, after a pause. refill: how many more with every second."""

    size: int
    refill: int


class Bucket(NamedTuple):
    """What a rate leaves at a time. left: thousandths, so that every millisecond refills a whole number."""

    rate: Rate
    left: int
    at: int

    def later(self, now: int) -> Bucket:
        """The same bucket, refilled until now."""
        gained = max(0, now - self.at) * self.rate.refill
        return Bucket(self.rate, min(self.rate.size * 1000, self.left + gained), max(now, self.at))

    def less_one(self) -> Bucket:
        """The bucket without one of what it holds, or empty."""
        return self._replace(left=max(0, self.left - 1000))

    @property
    def empty(self) -> bool:
        """Whether nothing whole is left."""
        return self.left < 1000

    @property
    def full(self) -> bool:
        """Whether it is as if nothing had ever been taken."""
        return self.left == self.rate.size * 1000


def full(rate: Rate, now: int) -> Bucket:
    """A bucket that nothing was taken from."""
    return Bucket(rate, rate.size * 1000, now)


CALLS: dict[str, Rate] = {
    "CountClosedWorkflowExecutions": Rate(2000, 6),
    "CountOpenWorkflowExecutions": Rate(2000, 6),
    "CountPendingActivityTasks": Rate(200, 6),
    "CountPendingDecisionTasks": Rate(200, 6),
    "DeleteActivityType": Rate(200, 6),
    "DeleteWorkflowType": Rate(200, 6),
    "DeprecateActivityType": Rate(200, 6),
    "DeprecateDomain": Rate(100, 6),
    "DeprecateWorkflowType": Rate(200, 6),
    "DescribeActivityType": Rate(2000, 6),
    "DescribeDomain": Rate(200, 6),
    "DescribeWorkflowExecution": Rate(2000, 6),
    "DescribeWorkflowType": Rate(2000, 6),
    "GetWorkflowExecutionHistory": Rate(2000, 60),
    "ListActivityTypes": Rate(200, 6),
    "ListClosedWorkflowExecutions": Rate(200, 6),
    "ListDomains": Rate(100, 6),
    "ListOpenWorkflowExecutions": Rate(200, 48),
    "ListTagsForResource": Rate(50, 30),
    "ListWorkflowTypes": Rate(200, 6),
    "PollForActivityTask": Rate(2000, 200),
    "PollForDecisionTask": Rate(2000, 200),
    "RecordActivityTaskHeartbeat": Rate(2000, 160),
    "RegisterActivityType": Rate(200, 60),
    "RegisterDomain": Rate(100, 6),
    "RegisterWorkflowType": Rate(200, 60),
    "RequestCancelWorkflowExecution": Rate(2000, 30),
    "RespondActivityTaskCanceled": Rate(2000, 200),
    "RespondActivityTaskCompleted": Rate(2000, 200),
    "RespondActivityTaskFailed": Rate(2000, 200),
    "RespondDecisionTaskCompleted": Rate(2000, 200),
    "SignalWorkflowExecution": Rate(2000, 30),
    "StartWorkflowExecution": Rate(2000, 200),
    "TagResource": Rate(50, 30),
    "TerminateWorkflowExecution": Rate(2000, 60),
    "UndeprecateActivityType": Rate(200, 6),
    "UndeprecateDomain": Rate(100, 6),
    "UndeprecateWorkflowType": Rate(200, 6),
    "UntagResource": Rate(50, 30),
}
"""Operation -> how often an account may call it."""

CALLS_OF_A_RUN: dict[str, Rate] = {
    "GetWorkflowExecutionHistory": Rate(400, 200),
    "RecordActivityTaskHeartbeat": Rate(1000, 1000),
    "RequestCancelWorkflowExecution": Rate(200, 200),
    "SignalWorkflowExecution": Rate(1000, 1000),
}
"""Operation -> how often it may be called about one run."""

DECISIONS: dict[str, Rate] = {
    "ContinueAsNewWorkflowExecution": Rate(500, 12),
    "RequestCancelExternalWorkflowExecution": Rate(1200, 120),
    "ScheduleActivityTask": Rate(1000, 200),
    "ScheduleLambdaFunction": Rate(1000, 200),
    "SignalExternalWorkflowExecution": Rate(1200, 120),
    "StartChildWorkflowExecution": Rate(500, 12),
    "StartTimer": Rate(2000, 200),
}
"""Decision type -> how often an account may make it. SWF gives no numbers for ContinueAsNewWorkflowExecution and
ScheduleLambdaFunction: here they are those of what is nearest, a child and an activity."""

TASKS_OF_A_LIST = Rate(2000, 2000)

MADE: dict[str, str] = {
    "WorkflowExecutionContinuedAsNew": "ContinueAsNewWorkflowExecution",
    "RequestCancelExternalWorkflowExecutionInitiated": "RequestCancelExternalWorkflowExecution",
    "ActivityTaskScheduled": "ScheduleActivityTask",
    "LambdaFunctionScheduled": "ScheduleLambdaFunction",
    "SignalExternalWorkflowExecutionInitiated": "SignalExternalWorkflowExecution",
    "StartChildWorkflowExecutionInitiated": "StartChildWorkflowExecution",
    "TimerStarted": "StartTimer",
}
"""Event type -> the decision that it shows to have been made."""
