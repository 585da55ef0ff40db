"""A workflow execution of a test environment: what the test says to it, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyflow.client.ending import cancel_workflow, terminate_workflow
from pyflow.client.operating import operate_workflow
from pyflow.client.result import get_workflow_result
from pyflow.client.signaling import signal_workflow
from pyflow.client.status import CLOSING_EVENTS, history
from pyflow.client.waiting import waits_for
from pyflow.errors import PyflowException, WorkflowTerminatedException, WorkflowTimedOutException
from pyflow.history.event import Event, attributes_key
from pyflow.testing.environment_decisions import OPERATOR_KEY
from pyflow.testing.fakes import Call
from pyflow.testing.replaying import EVENT_LIMIT

if TYPE_CHECKING:
    from pyflow.testing.environment import WorkflowEnvironment


class WorkflowRun:
    """One execution. Whatever the test says to it, all that follows without time passing has happened on return."""

    def __init__(self, environment: WorkflowEnvironment, workflow_id: str, run_id: str) -> None:
        self.workflow_id = workflow_id
        self._run_id = run_id
        self._environment = environment
        self._domain = environment.swf.domain

    @property
    def run_id(self) -> str:
        """The run id; of the newest run, where it continued as new."""
        while (closing := self._closing()) is not None:
            following = closing[attributes_key(closing["eventType"])].get("newExecutionRunId")
            if following is None:
                break
            self._run_id = following
        return self._run_id

    @property
    def history(self) -> list[Event]:
        """The events of the newest run so far, as boto3 gives them."""
        return list(history(self._environment.client, self._domain, self.workflow_id, self.run_id))

    @property
    def calls(self) -> list[Call]:
        """What fakes were called with for this execution, in order: (step's name, decoded input)."""
        return [call for workflow_id, call in self._environment.calls_of if workflow_id == self.workflow_id]

    @property
    def closed(self) -> bool:
        """Whether it has come to an end."""
        return bool(self.run_id) and self._closing() is not None

    def signal(self, name: str, value: Any = None) -> None:
        """Sends it a signal, as `pyflow.signal_workflow` does."""
        signal_workflow(self._domain, self.workflow_id, name, value, client=self._environment.client)
        self._environment.settle()

    def cancel(self) -> None:
        """Asks it to cancel, as `pyflow.cancel_workflow` does."""
        cancel_workflow(self._domain, self.workflow_id, client=self._environment.client)
        self._environment.settle()

    def operate(
        self, operation: str, target: str | None = None, value: Any = None, *, by: str = "test"
    ) -> None:
        """Gives it an operator's order, as `pyflow operate` does: `run.operate("result", "activity3", "granted")`."""
        operate_workflow(
            *(self._domain, self.workflow_id, operation, target, value),
            key=OPERATOR_KEY,
            by=by,
            client=self._environment.client,
        )
        self._environment.settle()

    def terminate(self) -> None:
        """Closes it at once, as `pyflow.terminate_workflow` does."""
        terminate_workflow(self._domain, self.workflow_id, client=self._environment.client)
        self._environment.settle()

    def result(self) -> Any:
        """The value it returns, skipping time until it has.

        Raises what `pyflow.get_workflow_result` raises: WorkflowFailedException, WorkflowTimedOutException,
        WorkflowCanceledException, WorkflowTerminatedException.
        """
        try:
            return get_workflow_result(
                self._domain,
                self.workflow_id,
                self._run_id,
                client=self._environment.client,
                time=_Skipping(self),
            )
        except WorkflowTimedOutException as error:
            *events, closing = self.history
            open_then = "; ".join(waits_for(events, closing["eventTimestamp"]))
            error.details = open_then or "nothing was open: did it wait for a signal that never came?"
            raise
        except WorkflowTerminatedException as error:
            if error.cause == EVENT_LIMIT:
                error.details = "its history was full: continue as new before that"
            raise

    def skip(self) -> None:
        """Lets time pass up to whatever is due next. Raises PyflowException if nothing is."""
        if not self._environment.skip():
            raise PyflowException(f"{self.workflow_id} is open, and no time is to come that changes it")

    def _closing(self) -> Event | None:
        last = self._environment.client.get_workflow_execution_history(
            domain=self._domain,
            execution={"workflowId": self.workflow_id, "runId": self._run_id},
            reverseOrder=True,
            maximumPageSize=1,
        )["events"][0]
        return last if last["eventType"] in CLOSING_EVENTS else None


class _Skipping:
    """The time of a client that waits for a run in a test: whatever it waits, the next thing that is due happens."""

    def __init__(self, run: WorkflowRun) -> None:
        self._run = run

    def monotonic(self) -> float:
        return self._run._environment.now.timestamp()

    def sleep(self, seconds: float) -> None:
        self._run.skip()
