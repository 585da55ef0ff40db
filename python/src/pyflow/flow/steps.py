"""The steps that workflow code asks for: activities, Lambda functions, children, timers, and calls of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyflow import codec
from pyflow.decider.future import Future
from pyflow.decider.ids import scope_of
from pyflow.flow import once
from pyflow.flow.held import Held
from pyflow.flow.retry import LambdaServiceRetry
from pyflow.flow.seconds import whole_seconds
from pyflow.history.kinds import ACTIVITY, CHILD, LAMBDA, TIMER


class Steps(Held):
    """Every `invoke_…` returns a Future at once; waiting for one lets other executions go on."""

    CHILD_POLICY_TERMINATE = "TERMINATE"
    CHILD_POLICY_REQUEST_CANCEL = "REQUEST_CANCEL"
    CHILD_POLICY_ABANDON = "ABANDON"

    def invoke_lambda(self, function_name: str, input_arg: Any, timeout: int | None = None) -> Future:
        """Schedules a Lambda function. timeout: start-to-close seconds, 1 to 900; input: plain JSON only."""
        own_id = self._execution.next_id("lambda")
        what = f"input of {own_id} ({function_name})"
        attributes: dict[str, Any] = {"id": own_id, "name": function_name}
        if input_arg is not None:
            attributes["input"] = codec.encode_plain(input_arg, what=what)
        if timeout:
            attributes["startToCloseTimeout"] = str(timeout)
        future = self._execution.open(LAMBDA, own_id, attributes)
        future.again = LambdaServiceRetry(self._execution, attributes)
        return future

    def invoke_activity(
        self,
        name: str,
        version: str,
        input_arg: Any = None,
        timeout: int | None = None,
        task_list: str | None = None,
    ) -> Future:
        """Schedules an activity. timeout: start-to-close seconds; None leaves the type's defaults."""
        own_id = self._execution.next_id("activity")
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
        own_id = self._child_id()
        what = f"input of {own_id} ({name} {version})"
        attributes: dict[str, Any] = {
            "workflowId": own_id,
            "workflowType": {"name": name, "version": version},
        }
        if input_arg is not None:
            attributes["input"] = codec.encode(input_arg, what=what)
        if child_policy is not None:
            attributes["childPolicy"] = child_policy
        role = lambda_role if lambda_role is not None else self._execution.lambda_role
        if role is not None:
            attributes["lambdaRole"] = role
        if task_list is not None:
            attributes["taskList"] = {"name": task_list}
        if execution_start_to_close_timeout is not None:
            attributes["executionStartToCloseTimeout"] = str(execution_start_to_close_timeout)
        return self._execution.open(CHILD, own_id, attributes)

    def _child_id(self) -> str:
        """Unique in the domain; on replay of what 2.0.0 began, the one that it gave."""
        counted = f"{self._execution.next_id('child_workflow')}-{scope_of(self._execution.run.run_id)}"
        return self._execution.next_child_id() or counted

    def invoke_once(self, callable: Callable[..., Any], *args: Any, **kwargs: Any) -> Future:
        """Calls it here, in the decider, and records the result in a marker: replay reads the marker.

        It runs at least once until its marker is recorded, and blocks the other executions of the process
        meanwhile, so keep it short; the result must be a value of the contract.
        """
        return once.invoke_once(self._execution, lambda: callable(*args, **kwargs))

    def start_timer(self, seconds: float) -> Future:
        """A future that is done, with None, once SWF has waited. seconds: whole, 0 to 99 999 999."""
        own_id = self._execution.next_id("sleep")
        return self._execution.open(
            TIMER, own_id, {"startToFireTimeout": whole_seconds(seconds), "timerId": own_id}
        )

    def sleep(self, seconds: float) -> None:
        """Waits that many whole seconds."""
        self.start_timer(seconds).result()
