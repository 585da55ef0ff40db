"""What a decider can ask of SWF: each kind of decision, and the events that SWF answers it with.

An answer is in the same batch as DecisionTaskCompleted and in the order asked: `opened` when SWF took the
decision, `refused` when it did not. `target` is the attribute that decision and answer share and that tells
one step from another (never input, timeouts or ids): replay compares it.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, eq=False)  # compared by identity: there is one object of each kind
class Kind:
    """One kind of decision. word: how messages call it; closes: it ends the run.

    window: how many of the workflow's own may be open at a time, 0 for any number (protocol/history.md, "Answers");
    control: the decision has a field of that name; reservable: some of the kind are the runtime's own.
    """

    word: str
    decision: str
    opened: str
    refused: str
    id: str = ""
    target: str = ""
    starts_work: bool = False
    closes: bool = False
    window: int = 0
    control: bool = False
    reservable: bool = False
    attributes: str = field(init=False)

    def __post_init__(self) -> None:
        name = self.decision
        object.__setattr__(self, "attributes", f"{name[:1].lower()}{name[1:]}DecisionAttributes")


def describe(target: object) -> str:
    """A target as messages name it: `resize 2.0`."""
    if isinstance(target, dict):
        return f"{target.get('name')} {target.get('version')}"
    return "" if target is None else str(target)


ACTIVITY = Kind(
    "activity",
    "ScheduleActivityTask",
    "ActivityTaskScheduled",
    "ScheduleActivityTaskFailed",
    id="activityId",
    target="activityType",
    starts_work=True,
    window=1000,
    control=True,
)
LAMBDA = Kind(
    "lambda function",
    "ScheduleLambdaFunction",
    "LambdaFunctionScheduled",
    "ScheduleLambdaFunctionFailed",
    id="id",
    target="name",
    starts_work=True,
    window=1000,
    control=True,
)
TIMER = Kind(
    "timer",
    "StartTimer",
    "TimerStarted",
    "StartTimerFailed",
    id="timerId",
    starts_work=True,
    window=980,  # the rest is for the runtime's own
    control=True,
    reservable=True,
)
CHILD = Kind(
    "child workflow",
    "StartChildWorkflowExecution",
    "StartChildWorkflowExecutionInitiated",
    "StartChildWorkflowExecutionFailed",
    id="workflowId",
    target="workflowType",
    window=1000,
    control=True,
)
MARKER = Kind(
    "marker",
    "RecordMarker",
    "MarkerRecorded",
    "RecordMarkerFailed",
    id="markerName",
    target="markerName",
    reservable=True,
)
CANCEL_TIMER = Kind(
    "cancel of timer", "CancelTimer", "TimerCanceled", "CancelTimerFailed", id="timerId", target="timerId"
)
CANCEL_ACTIVITY = Kind(
    "cancel of activity",
    "RequestCancelActivityTask",
    "ActivityTaskCancelRequested",
    "RequestCancelActivityTaskFailed",
    id="activityId",
    target="activityId",
)
SIGNAL_EXTERNAL = Kind(
    "signal",
    "SignalExternalWorkflowExecution",
    "SignalExternalWorkflowExecutionInitiated",
    "SignalExternalWorkflowExecutionFailed",
    id="signalName",
    target="workflowId",
    control=True,
)
CANCEL_EXTERNAL = Kind(
    "cancel of workflow",
    "RequestCancelExternalWorkflowExecution",
    "RequestCancelExternalWorkflowExecutionInitiated",
    "RequestCancelExternalWorkflowExecutionFailed",
    id="workflowId",
    target="workflowId",
    control=True,
)
COMPLETE = Kind(
    "completion",
    "CompleteWorkflowExecution",
    "WorkflowExecutionCompleted",
    "CompleteWorkflowExecutionFailed",
    closes=True,
)
FAIL = Kind(
    "failure", "FailWorkflowExecution", "WorkflowExecutionFailed", "FailWorkflowExecutionFailed", closes=True
)
CANCEL = Kind(
    "cancellation",
    "CancelWorkflowExecution",
    "WorkflowExecutionCanceled",
    "CancelWorkflowExecutionFailed",
    closes=True,
)
CONTINUE_AS_NEW = Kind(
    "continue as new",
    "ContinueAsNewWorkflowExecution",
    "WorkflowExecutionContinuedAsNew",
    "ContinueAsNewWorkflowExecutionFailed",
    closes=True,
)

KINDS = (
    ACTIVITY,
    LAMBDA,
    TIMER,
    CHILD,
    MARKER,
    CANCEL_TIMER,
    CANCEL_ACTIVITY,
    SIGNAL_EXTERNAL,
    CANCEL_EXTERNAL,
    COMPLETE,
    FAIL,
    CANCEL,
    CONTINUE_AS_NEW,
)

FIBER = Kind("spawned function", "", "", "")
"""No decision: what the future of a spawned function is of."""
