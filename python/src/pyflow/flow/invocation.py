"""`self.swf`: what workflow code asks of SWF, and what it knows of its own execution."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from pyflow import codec
from pyflow.decider.asked import Asked
from pyflow.decider.execution import Execution
from pyflow.decider.future import Future
from pyflow.decider.outcome import Canceled
from pyflow.errors import InvocationException, WaitTimedOutException
from pyflow.flow import once, waiting
from pyflow.flow.waiting import Futures
from pyflow.history.kinds import ACTIVITY, CANCEL_TIMER, CHILD, LAMBDA, TIMER

NAME_LIMIT = 256


class WorkflowInvocationHelper:
    """Every `invoke_…` returns a Future at once; waiting for one lets other executions go on."""

    CHILD_POLICY_TERMINATE = "TERMINATE"
    CHILD_POLICY_REQUEST_CANCEL = "REQUEST_CANCEL"
    CHILD_POLICY_ABANDON = "ABANDON"

    def __init__(self, execution: Execution) -> None:
        self._execution = execution

    @property
    def run_id(self) -> str:
        """The run id of this execution."""
        return self._execution.run.run_id

    @property
    def workflow_id(self) -> str:
        """The workflow id of this execution."""
        return self._execution.run.workflow_id

    @property
    def lambda_role(self) -> str | None:
        """The IAM role as which SWF invokes Lambda functions for this execution."""
        return self._execution.lambda_role

    @property
    def is_replaying(self) -> bool:
        """Whether the current statement ran before, in a decision that SWF has recorded."""
        return self._execution.replaying

    def workflow_time(self) -> datetime:
        """The workflow's clock, in UTC: constant between two waits, the same on replay."""
        return self._execution.time.astimezone(timezone.utc)

    def invoke_lambda(self, function_name: str, input_arg: Any, timeout: int | None = None) -> Future:
        """Schedules a Lambda function. timeout: start-to-close seconds, 1 to 900; input: plain JSON only."""
        own_id = self._execution.ids.next("lambda")
        what = f"input of {own_id} ({function_name})"
        attributes: dict[str, Any] = {"id": own_id, "name": function_name}
        if input_arg is not None:
            attributes["input"] = codec.encode_plain(input_arg, what=what)
        if timeout:
            attributes["startToCloseTimeout"] = str(timeout)
        return self._execution.open(LAMBDA, own_id, attributes)

    def invoke_activity(
        self,
        name: str,
        version: str,
        input_arg: Any = None,
        timeout: int | None = None,
        task_list: str | None = None,
    ) -> Future:
        """Schedules an activity. timeout: start-to-close seconds; None leaves the type's defaults."""
        own_id = self._execution.ids.next("activity")
        what = f"input of {own_id} ({name} {version})"
        attributes: dict[str, Any] = {
            "activityId": own_id,
            "activityType": {"name": name, "version": version},
        }
        if input_arg is not None:
            attributes["input"] = codec.encode(input_arg, what=what)
        if timeout:
            attributes["startToCloseTimeout"] = str(timeout)
        if task_list:
            attributes["taskList"] = {"name": task_list}
        return self._execution.open(ACTIVITY, own_id, attributes)

    def invoke_child_workflow(
        self,
        name: str,
        version: str,
        input_arg: Any = None,
        child_policy: str | None = None,
        lambda_role: str | None = None,
        task_list: str | None = None,
        execution_start_to_close_timeout: int | None = None,
    ) -> Future:
        """Starts a child workflow. lambda_role: the parent's unless given; other Nones leave the type's defaults."""
        own_id = self._execution.ids.next_workflow_id("child_workflow")
        what = f"input of {own_id} ({name} {version})"
        attributes: dict[str, Any] = {
            "workflowId": own_id,
            "workflowType": {"name": name, "version": version},
        }
        if input_arg is not None:
            attributes["input"] = codec.encode(input_arg, what=what)
        if child_policy is not None:
            attributes["childPolicy"] = child_policy
        role = lambda_role if lambda_role is not None else self.lambda_role
        if role is not None:
            attributes["lambdaRole"] = role
        if task_list is not None:
            attributes["taskList"] = {"name": task_list}
        if execution_start_to_close_timeout is not None:
            attributes["executionStartToCloseTimeout"] = str(execution_start_to_close_timeout)
        return self._execution.open(CHILD, own_id, attributes)

    def invoke_once(self, callable: Callable[..., Any], *args: Any, **kwargs: Any) -> Future:
        """Calls it here, in the decider, and records the result in a marker: replay reads the marker.

        It runs at least once until its marker is recorded, and blocks the other executions of the process
        meanwhile, so keep it short; the result must be a value of the contract.
        """
        return once.invoke_once(self._execution, lambda: callable(*args, **kwargs))

    def start_timer(self, seconds: float) -> Future:
        """A future that is done, with None, once SWF has waited. seconds: whole, 0 to 99 999 999."""
        own_id = self._execution.ids.next("sleep")
        return self._execution.open(TIMER, own_id, {"startToFireTimeout": _whole(seconds), "timerId": own_id})

    def sleep(self, seconds: float) -> None:
        """Waits that many whole seconds."""
        self.start_timer(seconds).result()

    def wait_for_all(self, *futures: Futures) -> list[Future]:
        """Waits until all are done; returns them in the order in which they finished. Takes futures and lists."""
        return waiting.wait_for_all(self._execution, waiting.flat(futures))

    def wait_for_any(self, *futures: Futures) -> list[Future]:
        """Waits until one at least is done; returns those done, in the order in which they finished."""
        return waiting.wait_for_any(self._execution, waiting.flat(futures))

    def timed_wait_for_all(self, timeout: float, *futures: Futures) -> list[Future]:
        """As wait_for_all, or WaitTimedOutException after timeout seconds."""
        return self._timed(waiting.all_or_timer, timeout, waiting.flat(futures))

    def timed_wait_for_any(self, timeout: float, *futures: Futures) -> list[Future]:
        """As wait_for_any, or WaitTimedOutException after timeout seconds."""
        return self._timed(waiting.any_or_timer, timeout, waiting.flat(futures))

    def _timed(self, race: waiting.Race, timeout: float, futures: list[Future]) -> list[Future]:
        timer = self.start_timer(timeout)
        if not race(self._execution, timer, futures):
            open_ones = ", ".join(future.invocation_id for future in futures if not future.done)
            raise WaitTimedOutException(f"not done within {timeout} seconds: {open_ones}")
        if not timer.done:
            self._execution.ask(Asked(CANCEL_TIMER, {"timerId": timer.invocation_id}))
            self._execution.settle(timer, Canceled())
        return waiting.finished(futures)


def _whole(seconds: float) -> str:
    """Seconds as SWF takes them. Raises InvocationException outside of 0 to 99 999 999, or for a fraction."""
    if isinstance(seconds, bool) or seconds != int(seconds) or not 0 <= seconds <= 99_999_999:
        raise InvocationException(
            f"a timer takes whole seconds from 0 to 99999999, not {seconds!r}: round it up"
        )
    return str(int(seconds))
