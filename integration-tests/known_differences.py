"""Where the local SWF and moto's server answer differently, and why that is right: one row each.

The reasons cite the notes on SWF that this project began with (`9.2 Timers` is a row of their list of what moto does
otherwise than AWS, `2.3` a section) or the decisions in `python/src/pyflow/local/README.md`.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

from peer_difference import ABSENT, THERE, Difference

CRASH = "500"
"""How moto's server tells of an exception."""


class Known(NamedTuple):
    """A difference that is understood; place, ours and theirs are patterns, as of files."""

    place: str
    ours: str
    theirs: str
    reason: str

    def explains(self, difference: Difference) -> bool:
        """Whether this row is about that difference."""
        return all(fnmatchcase(str(what), pattern) for what, pattern in zip(difference, self, strict=False))


KNOWN = [
    # domains and types
    Known("RegisterActivityType fault", "DomainDeprecatedFault", ABSENT, "9.2 Domain deprecation"),
    Known("ListOpenWorkflowExecutions fault", ABSENT, "DomainDeprecatedFault", "9.2 Domain deprecation"),
    Known("List*Types typeInfos/-/*", "*", "*", "2.3: by name, then version, not as they came"),
    # events
    Known("* events/WorkflowExecutionStarted/parentInitiatedEventId", "0", ABSENT, "9.2 Falsy attributes"),
    Known("* events/WorkflowExecutionStarted/tagList", "[[]*", ABSENT, "9.2 WorkflowExecutionStarted"),
    Known("* events/*Signaled/externalInitiatedEventId", "0", ABSENT, "9.2 WorkflowExecutionSignaled"),
    Known(
        "* events/DecisionTaskScheduled/scheduleToStartTimeout", "NONE", ABSENT, "9.2 DecisionTaskScheduled"
    ),
    Known("* events/ActivityTaskScheduled/*Timeout", "*", ABSENT, "9.2 ActivityTaskScheduled"),
    Known("* events/DecisionTaskScheduled", ABSENT, THERE, "9.2 DT scheduling: one waits already"),
    Known("* events/DecisionTaskScheduled", THERE, ABSENT, "9.2 StartTimerFailed, CancelTimerFailed"),
    Known(
        "* events/WorkflowExecutionTerminated/eventId", "4", "5", "9.2 DT scheduling: behind the second one"
    ),
    Known("* events/TimerCanceled", THERE, ABSENT, "9.2 Timer cancel event"),
    Known("* events/TimerCancelled", ABSENT, THERE, "9.2 Timer cancel event"),
    Known("* events/CancelTimerFailed/timerId", "t2", ABSENT, "9.2 StartTimerFailed, CancelTimerFailed"),
    # tasks
    Known("PollForDecisionTask previousStartedEventId", "0", ABSENT, "9.2 previousStartedEventId"),
    Known("CountPendingDecisionTasks count", "0", "1", "9.2 CountPendingActivityTasks: the same here"),
    Known("CountPendingActivityTasks count", "0", "1", "9.2 CountPendingActivityTasks"),
    Known("RespondActivityTaskFailed fault", "UnknownResourceFault", CRASH, "9.2 Respond/heartbeat"),
    Known(
        "RespondDecisionTaskCompleted message",
        "1 validation error detected: Value null at 'decisions.1.member.startTimerDecisionAttributes' *",
        "2 validation errors detected: *.startToFireTimeout' *.timerId' *",
        "README: attributes left out of a decision that needs some",
    ),
    # executions
    Known("SignalWorkflowExecution fault", "UnknownResourceFault", CRASH, "9.2 WorkflowExecutionSignaled"),
    Known("* executionInfo*/closeTimestamp", "some*", ABSENT, "9.2 TerminateWorkflowExecution"),
    Known("DescribeWorkflowExecution openCounts/openDecisionTasks", "0", "2", "9.2 openCounts"),
    Known("DescribeWorkflowExecution openCounts/openTimers", "2", "0", "9.2 openCounts"),
    Known("DescribeWorkflowExecution latest*Context", "thinking", ABSENT, "9.2 DescribeWorkflowExecution"),
    Known("DescribeWorkflowExecution */cancelRequested", "False", "True", "9.2 CancelWorkflowExecution"),
    Known("DescribeWorkflowExecution message", "2 *", "2 *", "README: order of the failures of one request"),
    # lists
    Known("ListClosedWorkflowExecutions fault", "ValidationException", CRASH, "9.2 List filters: both times"),
    Known("ListClosedWorkflowExecutions executionInfos/0", THERE, ABSENT, "9.2 List filters: close status"),
    Known("ListOpenWorkflowExecutions fault", ABSENT, CRASH, "9.2 List filters: reverseOrder"),
    Known("List*WorkflowExecutions executionInfos/0", ABSENT, THERE, "9.2 List filters: executionFilter"),
    Known("ListOpenWorkflowExecutions executionInfos/-/*", "*", "*", "9.2 List filters: insertion order"),
]
