"""The steps that workflow code asks for: activities, Lambda functions, children, timers, and calls of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar

from pyflow import codec
from pyflow.decider.future import ChildFuture, Future
from pyflow.decider.ids import scope_of
from pyflow.declare import options
from pyflow.declare.options import Seconds
from pyflow.declare.retry import RetryPolicy
from pyflow.flow import once
from pyflow.flow.activity_input import EnvelopedInput
from pyflow.flow.held import Held
from pyflow.flow.retry import LambdaServiceRetry, PolicyRetry, attempt_id
from pyflow.flow.seconds import whole_seconds
from pyflow.history.kinds import ACTIVITY, CHILD, LAMBDA, TIMER

P = ParamSpec("P")
R = TypeVar("R")


class Steps(Held):
    """Every `invoke_…` returns a Future at once; waiting for one lets other executions go on."""

    CHILD_POLICY_TERMINATE = "TERMINATE"
    CHILD_POLICY_REQUEST_CANCEL = "REQUEST_CANCEL"
    CHILD_POLICY_ABANDON = "ABANDON"

    def invoke_lambda(
        self,
        function_name: str,
        input_arg: Any,
        timeout: Seconds | None = None,
        *,
        retry: RetryPolicy | None = None,
    ) -> Future:
        """Schedules a Lambda function; its future.

        input_arg: plain JSON only, None for none. The options are LambdaDescriptor's, which see.
        Raises InvocationException or PayloadException for what SWF would refuse.
        """
        execution = self._execution
        if retry is not None:
            options.check_retry(retry, "lambda function", function_name)
        described = options.lambda_attributes(function_name, timeout)
        own_id = execution.next_id("lambda")
        attributes = {"id": own_id, **described}
        if input_arg is not None:
            what = f"input of {own_id} ({function_name})"
            attributes["input"] = codec.encode_plain(input_arg, what=what)
        if retry is None:
            future = execution.open(LAMBDA, own_id, attributes)
            future.again = LambdaServiceRetry(execution, attributes)
            return future

        def attempt(number: int, last_heartbeat: Any) -> dict[str, Any]:
            return {**attributes, "id": attempt_id(own_id, number)}

        retrying = PolicyRetry(execution, retry, attempt)
        return retrying.follow(execution.open(LAMBDA, own_id, attempt(1, None)))

    def invoke_activity(
        self,
        name: str,
        version: str,
        input_arg: Any = None,
        timeout: Seconds | None = None,
        task_list: str | None = None,
        *,
        retry: RetryPolicy | None = None,
        schedule_to_start_timeout: Seconds | None = None,
        schedule_to_close_timeout: Seconds | None = None,
        heartbeat_timeout: Seconds | None = None,
        priority: int | None = None,
        envelope: bool = False,
    ) -> Future:
        """Schedules an activity; its future.

        input_arg: its one input value, None for none. The options are ActivityDescriptor's, which see.
        Raises InvocationException or PayloadException for what SWF would refuse.
        """
        execution = self._execution
        if retry is not None:
            options.check_retry(retry, "activity", name, version)
        described = options.activity_attributes(
            name,
            version,
            timeout,
            task_list,
            schedule_to_start_timeout,
            schedule_to_close_timeout,
            heartbeat_timeout,
            priority,
        )
        own_id = execution.next_id("activity")
        attributes = {"activityId": own_id, **described}
        what = f"input of {own_id} ({name} {version})"
        enveloped = None
        if envelope:
            enveloped = EnvelopedInput(input_arg, described, what, execution.payload_limit, execution.headers)
            attributes["input"] = enveloped.text(1, None)
        elif input_arg is not None:
            attributes["input"] = codec.encode(input_arg, what=what, limit=execution.payload_limit)
        if retry is None:
            return execution.open(ACTIVITY, own_id, attributes)

        def attempt(number: int, last_heartbeat: Any) -> dict[str, Any]:
            made = {**attributes, "activityId": attempt_id(own_id, number)}
            if enveloped is not None:
                made["input"] = enveloped.text(number, last_heartbeat)
            return made

        retrying = PolicyRetry(execution, retry, attempt)
        return retrying.follow(execution.open(ACTIVITY, own_id, attempt(1, None)))

    def invoke_child_workflow(
        self,
        name: str,
        version: str,
        input_arg: Any = None,
        child_policy: str | None = None,
        lambda_role: str | None = None,
        task_list: str | None = None,
        execution_start_to_close_timeout: Seconds | None = None,
        *,
        retry: RetryPolicy | None = None,
        workflow_id: str | None = None,
        tags: Iterable[str] = (),
        priority: int | None = None,
        task_start_to_close_timeout: Seconds | None = None,
    ) -> ChildFuture:
        """Starts a child workflow; its future, which has `started` and `workflow_id` besides.

        input_arg: its one input value, None for none. The options are ChildWorkflowDescriptor's, which see.
        Raises InvocationException or PayloadException for what SWF would refuse.
        """
        execution = self._execution
        if retry is not None:
            options.check_retry(retry, "child workflow", name, version)
        described = options.child_attributes(
            name,
            version,
            child_policy,
            lambda_role if lambda_role is not None else execution.lambda_role,
            task_list,
            execution_start_to_close_timeout,
            task_start_to_close_timeout,
            options.tuple_of(tags),
            priority,
        )
        if workflow_id is not None:
            what = f"child workflow {name} {version}"
            options.check_workflow_id(workflow_id, what, retried=retry is not None)
        own_id = self._child_id(workflow_id)
        attributes = {"workflowId": own_id, **described}
        if input_arg is not None:
            what = f"input of {own_id} ({name} {version})"
            attributes["input"] = codec.encode(input_arg, what=what, limit=execution.payload_limit)
        if retry is None:
            return _child(execution.open(CHILD, own_id, attributes))

        def attempt(number: int, last_heartbeat: Any) -> dict[str, Any]:
            counted = attempt_id(future.invocation_id, number)
            return {**attributes, "workflowId": execution.next_child_id() or counted}

        future = _child(execution.open(CHILD, own_id, dict(attributes)))
        PolicyRetry(execution, retry, attempt).follow(future)
        return future

    def _child_id(self, workflow_id: str | None) -> str:
        """That given, else one unique in the domain; on replay of what 2.0.0 began, the one that it gave."""
        if workflow_id is not None:
            return self._execution.next_child_id() or workflow_id
        counted = f"{self._execution.next_id('child_workflow')}-{scope_of(self._execution.run.run_id)}"
        return self._execution.next_child_id() or counted

    def invoke_once(self, callable: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Calls a function here, in the decider, and records the result, which replay reads; its future.

        The call is made at least once, until its marker is recorded, and blocks the other executions of the process
        meanwhile, so keep it short; the result must be a value of the contract. What it raises is the future's
        InvocationFailedException.
        """
        return once.invoke_once(self._execution, lambda: callable(*args, **kwargs))

    def start_timer(self, seconds: float) -> Future[None]:
        """A future that is done, with None, once SWF has waited. seconds: whole, 0 to 99 999 999."""
        own_id = self._execution.next_id("sleep")
        return self._execution.open(
            TIMER, own_id, {"startToFireTimeout": whole_seconds(seconds), "timerId": own_id}
        )

    def sleep(self, seconds: float) -> None:
        """Waits that many whole seconds."""
        self.start_timer(seconds).result()


def _child(future: Future) -> ChildFuture:
    assert isinstance(future, ChildFuture)
    return future
