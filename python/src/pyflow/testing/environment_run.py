"""A workflow execution of a test environment: what the test says to it, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyflow import codec
from pyflow.client.status import CLOSING_EVENTS, history
from pyflow.client.waiting import waits_for
from pyflow.decider.outcome import read_payload
from pyflow.errors import (
    InvocationCanceledException,
    InvocationException,
    InvocationFailedException,
    InvocationTimedOutException,
    PyflowException,
)
from pyflow.history.event import Event, attributes_key
from pyflow.testing.fakes import Call
from pyflow.testing.replaying import EVENT_LIMIT

if TYPE_CHECKING:
    from pyflow.testing.environment import WorkflowEnvironment


class WorkflowRun:
    """One execution, its workflow id and the run id of its newest run: `result` follows what a run continues as."""

    def __init__(self, environment: WorkflowEnvironment, workflow_id: str, run_id: str) -> None:
        self.workflow_id = workflow_id
        self.run_id = run_id
        self._environment = environment

    @property
    def history(self) -> list[Event]:
        """The events of the run so far, as boto3 gives them."""
        environment = self._environment
        return list(history(environment.client, environment.swf.domain, self.workflow_id, self.run_id))

    @property
    def calls(self) -> list[Call]:
        """What fakes were called with for this execution, in order: (step's name, decoded input)."""
        return [call for workflow_id, call in self._environment.calls_of if workflow_id == self.workflow_id]

    @property
    def closed(self) -> bool:
        """Whether it has come to an end."""
        return self._closing() is not None

    def signal(self, name: str, value: Any = None) -> None:
        """Sends it a signal, and lets everything happen that follows without time passing."""
        text = {} if value is None else {"input": codec.encode(value, what=f"value of signal {name}")}
        environment = self._environment
        environment.client.signal_workflow_execution(
            domain=environment.swf.domain, workflowId=self.workflow_id, signalName=name, **text
        )
        environment.settle()

    def cancel(self) -> None:
        """Asks it to cancel, and lets everything happen that follows without time passing."""
        environment = self._environment
        environment.client.request_cancel_workflow_execution(
            domain=environment.swf.domain, workflowId=self.workflow_id
        )
        environment.settle()

    def result(self) -> Any:
        """The value it returns, skipping time until it has.

        Raises InvocationFailedException where it failed or was terminated, InvocationTimedOutException,
        InvocationCanceledException.
        """
        while True:
            closing = self._closing()
            if closing is None:
                if not self._environment.skip():
                    raise PyflowException(
                        f"{self.workflow_id} is open, and no time is to come that changes it"
                    )
                continue
            attributes = closing[attributes_key(closing["eventType"])]
            if closing["eventType"] == "WorkflowExecutionContinuedAsNew":
                self.run_id = attributes["newExecutionRunId"]
                continue
            if closing["eventType"] == "WorkflowExecutionCompleted":
                return read_payload(attributes.get("result"), f"the result of {self.workflow_id}")
            raise self._failure(closing, attributes)

    def _closing(self) -> Event | None:
        environment = self._environment
        last = environment.client.get_workflow_execution_history(
            domain=environment.swf.domain,
            execution={"workflowId": self.workflow_id, "runId": self.run_id},
            reverseOrder=True,
            maximumPageSize=1,
        )["events"][0]
        return last if last["eventType"] in CLOSING_EVENTS else None

    def _failure(self, closing: Event, attributes: dict[str, Any]) -> InvocationException:
        how, details = closing["eventType"], attributes.get("details")
        if how == "WorkflowExecutionCanceled":
            return InvocationCanceledException(f"{self.workflow_id} was canceled", details)
        if how == "WorkflowExecutionTimedOut":
            timeout = attributes["timeoutType"]
            open_then = "; ".join(waits_for(self.history[:-1], closing["eventTimestamp"]))
            waited = open_then or "nothing was open: did it wait for a signal that never came?"
            return InvocationTimedOutException(
                f"{self.workflow_id} timed out ({timeout}): {waited}", timeout=timeout
            )
        reason = attributes.get("reason")
        if how == "WorkflowExecutionTerminated" and not reason:
            reason = attributes.get("cause", "terminated")
            if reason == EVENT_LIMIT:
                details = f"SWF terminated {self.workflow_id} when its history was full: continue as new before that"
        return InvocationFailedException(reason, details, failure=codec.decode_failure(reason, details))
