"""Signals and cancels between workflows, as workflow code sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pyflow import codec
from pyflow.decider.execution import Execution
from pyflow.decider.future import Future
from pyflow.decider.outcome import read_payload
from pyflow.decider.signals import Channel
from pyflow.errors import DeciderException, InvocationException, WorkflowCanceled
from pyflow.flow.lines import Lines
from pyflow.history.kinds import CANCEL_EXTERNAL, SIGNAL_EXTERNAL
from pyflow.history.reserved import is_reserved


class SignalChannel:
    """The signals of one name, in the order in which they came; each goes to one reader."""

    def __init__(self, lines: Lines, execution: Execution, name: str) -> None:
        self._lines = lines
        self._execution = execution
        self._channel = execution.signals.channel(name)
        self.name = name

    def result(self, timeout: float | None = None) -> Any:
        """Waits for the next signal; its value. timeout: in whole seconds, then WaitTimedOutException.

        Raises PayloadDecodeError for one whose input is no payload; that one is then read.
        """
        if timeout is None or self._may_read():
            return self._receive()
        with self._lines.timeout(timeout) as limit:
            try:
                return self._receive()
            except WorkflowCanceled as canceled:
                if limit.is_own(canceled) and self._may_read():  # it came in the same breath
                    return self._receive()
                raise

    def __iter__(self) -> Iterator[Any]:
        """Their values for ever, waiting for each."""
        while True:
            yield self._receive()

    def on(self, function: Callable[[Any], Any]) -> Future[None]:
        """Calls a function with the value of each, one after the other, side by side with the caller.

        That ends with the run, when the function raises, or by `cancel()` of the future, which is done then alone.
        """

        def read_all() -> None:
            for value in self:
                function(value)

        return self._lines.spawn(read_all)

    def _may_read(self) -> bool:
        return bool(self._channel.unread) and not self._channel.readers

    def _receive(self) -> Any:
        channel, fiber = self._channel, self._execution.fiber
        channel.readers.append(fiber)
        try:
            while not (channel.unread and channel.readers[0] is fiber):
                self._execution.wait()
            signal = channel.unread.pop(0)
        finally:
            channel.readers.remove(fiber)
            self._pass_on(channel)
        try:
            return read_payload(signal.input, f"the signal {self.name}")
        except DeciderException as error:
            self._execution.halt(error)
            raise

    def _pass_on(self, channel: Channel) -> None:
        """What is still unread is the next reader's."""
        if channel.unread and channel.readers and not self._execution.over:
            self._execution.wake(channel.readers[0])


class News(Lines):
    """What other runs, clients and operators say, and what this run says to others."""

    def signal(self, name: str) -> SignalChannel:
        """The signals of that name, sent or still to come: `.result()`, a loop over it, or `.on(function)`."""
        _check_name(name)
        return SignalChannel(self, self._execution, name)

    def signal_workflow(
        self, workflow_id: str, name: str, value: Any = None, *, run_id: str | None = None
    ) -> Future[None]:
        """Sends a signal to another workflow execution; the future is done when SWF has delivered it.

        Fails with `UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION` where none is open. A signal that was sent can't be
        canceled.
        """
        _check_name(name)
        attributes: dict[str, Any] = {**_target(workflow_id, run_id), "signalName": name}
        if value is not None:
            what = f"input of the signal {name} to {workflow_id}"
            attributes["input"] = codec.encode(value, what=what, limit=self._execution.payload_limit)
        return self._execution.open(SIGNAL_EXTERNAL, name, attributes)

    def cancel_workflow(self, workflow_id: str, *, run_id: str | None = None) -> Future[None]:
        """Asks another workflow execution to cancel; the future is done when SWF has told it."""
        return self._execution.open(CANCEL_EXTERNAL, workflow_id, _target(workflow_id, run_id))


def _target(workflow_id: str, run_id: str | None) -> dict[str, Any]:
    """Which execution is meant, as SWF takes it."""
    for what, text in (("workflow id", workflow_id), ("run id", run_id)):
        if text is not None and not (isinstance(text, str) and 1 <= len(text) <= LIMITS[what]):
            raise InvocationException(f"a {what} has 1 to {LIMITS[what]} characters, not {text!r:.60}")
    if workflow_id is None:
        raise InvocationException("a signal or a cancel needs the workflow id that it is for, not None")
    return {"workflowId": workflow_id} | ({} if run_id is None else {"runId": run_id})


LIMITS = {"workflow id": 256, "run id": 64}  # of SWF's API


def _check_name(name: str) -> None:
    if not isinstance(name, str) or not 1 <= len(name) <= 256:
        raise InvocationException(f"a signal has a name of 1 to 256 characters, not {name!r:.60}")
    if is_reserved(name):
        raise InvocationException(f"the signal name {name!r} is pyflow's own: choose one without `pyflow.`")
