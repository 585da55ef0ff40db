"""Every error that pyflow raises, as one tree whose branches are what a reader can do about them.

PyflowException
├─ DeciderException                  this decider can't decide that task
│  └─ NonDeterminismException        the history and the code disagree
├─ InvocationException               what `result()` raises, or a call that can't be made
│  ├─ InvocationFailedException      + type, message, data, non_retryable, cause of the failure document
│  ├─ InvocationTimedOutException    + which timeout, and the last heartbeat's details
│  └─ InvocationCanceledException
├─ PayloadException                  a value or a text that the contract has no place for
│  ├─ PayloadEncodeError  └─ PayloadTooLarge
│  ├─ PayloadDecodeError
│  ├─ UnsupportedPayloadVersion
│  ├─ UnknownCodec
│  └─ PayloadUnavailable
├─ ApplicationError                  raise it in an activity to fail with a type of your own
├─ ActivityCanceled                  what a heartbeat raises once the activity should stop
├─ WorkflowException                 what `get_workflow_result` raises of a run that ended without a result
│  ├─ WorkflowFailedException        + type, message, data …; raise it in a workflow to fail the run
│  ├─ WorkflowTimedOutException
│  ├─ WorkflowCanceledException
│  └─ WorkflowTerminatedException
├─ UnknownExecutionException         SWF has no such execution, or no open one
├─ WorkflowAlreadyStartedException   the workflow id is taken by another open execution
└─ WaitTimedOutException             what `timed_wait_*` raises, and `get_workflow_result` with a timeout
WorkflowBlockedException, WorkflowCanceled   stand beside the tree: see their docstrings
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class PyflowException(Exception):
    """Root of pyflow's errors."""


class DeciderException(PyflowException):
    """A decision task that this decider can't decide, such as one of an unknown workflow type."""


class NonDeterminismException(DeciderException):
    """The history and the code disagree: the message names the event and the call.

    It never reaches workflow code; a polling decider parks the run (docs/operating.md), so that the code
    which wrote the history can still go on with it.
    """


class WorkflowBlockedException(Exception):
    """Kept so that code which names it imports; pyflow 3 parks a blocked workflow and raises nothing."""


class WorkflowCanceled(BaseException):
    """A cancel, raised once, at the next wait that no `shielded()` covers: of the run, of a scope, or of a fiber.

    The run's reaches a workflow whose `ON_CANCEL` is `"raise"`. A BaseException, so that no `except Exception`
    around a step swallows it.
    """

    def __init__(self, cause: str = "", *, scope: object = None) -> None:
        super().__init__(cause)
        self.scope = scope
        """What was canceled; None for the run."""


@dataclass(frozen=True)
class Failure:
    """A failure document, read (protocol/failure.md): what went wrong, in any language.

    type is stable and made to be matched; message is for people; details is any value of the contract.
    """

    type: str
    message: str = ""
    language: str | None = None
    class_name: str | None = None
    stack: tuple[str, ...] = ()
    non_retryable: bool = False
    retry_after: float | None = None
    details: Any = None
    cause: Failure | None = None


class InvocationException(PyflowException):
    """A step of a workflow did not succeed, or was called wrongly.

    reason and details are SWF's own strings, None where SWF gave none.
    """

    def __init__(self, reason: str | None = None, details: str | None = None) -> None:
        super().__init__(": ".join(part for part in (reason, details) if part))
        self.reason = reason
        self.details = details
        self.attempts = 1
        """How many SWF was asked for; this is the error of the last one."""


class _Documented:
    """The parts of a failure document, as attributes of an exception."""

    failure: Failure

    @property
    def type(self) -> str:
        """The stable name to match on, such as `CardDeclined`."""
        return self.failure.type

    @property
    def message(self) -> str:
        """One line for people; never match on it."""
        return self.failure.message

    @property
    def data(self) -> Any:
        """What was attached: the failure document's `details`, decoded."""
        return self.failure.details

    @property
    def non_retryable(self) -> bool:
        """Whether whoever failed said that trying again is useless."""
        return self.failure.non_retryable

    @property
    def cause(self) -> Failure | None:
        """The failure behind this one."""
        return self.failure.cause


class InvocationFailedException(InvocationException, _Documented):
    """The step failed; `type`, `message`, `data`, `non_retryable` and `cause` are its failure document's.

    Without a document (a Lambda function, another framework) type is the reason and message the details.
    """

    def __init__(
        self, reason: str | None = None, details: str | None = None, *, failure: Failure | None = None
    ) -> None:
        super().__init__(reason, details)
        self.failure = failure or Failure(type=reason or "", message=details or "")


class InvocationTimedOutException(InvocationException):
    """The step was not done in time.

    timeout: SWF's `START_TO_CLOSE`, `SCHEDULE_TO_START`, `SCHEDULE_TO_CLOSE` or `HEARTBEAT`.
    last_heartbeat: the decoded details of the activity's last heartbeat, None without one.
    """

    def __init__(
        self,
        reason: str | None = None,
        details: str | None = None,
        *,
        timeout: str | None = None,
        last_heartbeat: Any = None,
    ) -> None:
        super().__init__(reason, details)
        self.timeout = timeout
        self.last_heartbeat = last_heartbeat


class InvocationCanceledException(InvocationException):
    """The step was canceled; details are what the activity answered, as SWF holds them."""


class WorkflowException(PyflowException):
    """A run that ended without a result. reason and details: SWF's own strings, None where it gave none.

    workflow_id, run_id: which run; None for one that a workflow raises.
    """

    ended = "ended"

    def __init__(
        self,
        reason: str | None = None,
        details: str | None = None,
        *,
        workflow_id: str | None = None,
        run_id: str | None = None,
    ) -> None:
        super().__init__(reason, details)
        self.reason = reason
        self.details = details
        self.workflow_id = workflow_id
        self.run_id = run_id

    def __str__(self) -> str:
        run = f"execution {self.workflow_id} {self.ended}" if self.workflow_id is not None else None
        return ": ".join(part for part in (run, *self._why()) if part)

    def _why(self) -> tuple[str | None, ...]:
        return self.reason, self.details


class WorkflowFailedException(WorkflowException, _Documented):
    """The run failed; raise it in `run` to fail the workflow execution.

    reason: at most 256 characters; details: at most 32 768. Longer ones are cut.
    `type`, `message`, `data`, `non_retryable` and `cause` are those of a failure document in details; without one,
    type is the reason and message the details.
    """

    ended = "failed"

    def __init__(
        self,
        reason: str | None,
        details: str | None = None,
        *,
        failure: Failure | None = None,
        workflow_id: str | None = None,
        run_id: str | None = None,
    ) -> None:
        super().__init__(reason, details, workflow_id=workflow_id, run_id=run_id)
        self.failure = failure or Failure(type=reason or "", message=details or "")

    def _why(self) -> tuple[str | None, ...]:
        return self.type, self.message


class WorkflowTimedOutException(WorkflowException):
    """The run was not done within its `execution_start_to_close_timeout`; reason is SWF's name of the timeout."""

    ended = "timed out"


class WorkflowCanceledException(WorkflowException):
    """The run was canceled; details are what it left."""

    ended = "was canceled"


class WorkflowTerminatedException(WorkflowException):
    """The run was terminated; reason and details are the operator's.

    cause: `OPERATOR_INITIATED`, `CHILD_POLICY_APPLIED` or `EVENT_LIMIT_EXCEEDED`.
    """

    ended = "was terminated"

    def __init__(self, *args: str | None, cause: str | None = None, **which: str | None) -> None:
        super().__init__(*args, **which)
        self.cause = cause

    def _why(self) -> tuple[str | None, ...]:
        return self.reason or self.cause, self.details


class UnknownExecutionException(PyflowException):
    """SWF has no such execution, or, where an open one is needed, it is closed."""


class WorkflowAlreadyStartedException(PyflowException):
    """An execution of that workflow id is open, and its type or its input is another one."""


class WaitTimedOutException(PyflowException):
    """What was waited for did not happen in time: the futures of `timed_wait_*`, the end of a run."""


class PayloadException(PyflowException):
    """A value that can't be sent, or a text that is no payload."""


class PayloadEncodeError(PayloadException):
    """The value, or a part of it at the path given, is outside the contract's value model."""


class PayloadTooLarge(PayloadEncodeError):
    """The encoded value is longer than the SWF field that must hold it."""


class PayloadDecodeError(PayloadException):
    """The text is not a payload of the contract."""


class UnsupportedPayloadVersion(PayloadException):
    """The payload says a `$pyflow` version other than 1: written by a newer pyflow."""


class UnknownCodec(PayloadException):
    """The payload needs a codec, or a key of one, that is not configured here."""


class PayloadUnavailable(PayloadException):
    """The payload lies in a store that is not configured here, can't be reached, or does not have it."""


class ApplicationError(PyflowException):
    """Raise it in an activity to fail with a type that the workflow can match on.

    type: a stable name such as `CardDeclined`, cut to 256 characters; details: any value of the contract;
    retry_after: seconds before another attempt makes sense.
    """

    def __init__(
        self,
        message: str = "",
        *,
        type: str = "ApplicationError",
        non_retryable: bool = False,
        details: Any = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.type = type
        self.non_retryable = non_retryable
        self.details = details
        self.retry_after = retry_after


class ActivityCanceled(PyflowException):
    """Raised by a heartbeat once the activity should stop; let it pass, or clean up and raise it again.

    reason: `requested`, `gone`, `heartbeat_lost` or `worker_shutdown` (protocol/worker.md).
    details: set it before raising again to tell the decider something.
    """

    def __init__(self, reason: str = "requested", details: Any = None) -> None:
        super().__init__(f"activity canceled: {reason}")
        self.reason = reason
        self.details = details
