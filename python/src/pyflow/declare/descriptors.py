"""Class attributes of a workflow that stand for remote steps and are called like methods."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, overload

from pyflow.errors import InvocationException

D = TypeVar("D", bound="_Descriptor")


def input_of(args: tuple[Any, ...], kwargs: Mapping[str, Any], what: str) -> Any:
    """The one input value of a call: nothing is None, one positional is itself, keywords are a dict.

    what: names the called step in the error.
    Raises InvocationException for several positional arguments, or positional and keyword ones together.
    """
    if len(args) > 1 or (args and kwargs):
        raise InvocationException(
            f"{what} was called with {len(args)} positional and {len(kwargs)} keyword arguments:"
            " a step takes one positional argument, or any number of keyword arguments"
        )
    if args:
        return args[0]
    return dict(kwargs) if kwargs else None


class Step:
    """A descriptor bound to a workflow instance: called with the step's input, it gives the future."""

    __slots__ = ("_descriptor", "_workflow")

    def __init__(self, descriptor: _Descriptor, workflow: Any) -> None:
        self._descriptor = descriptor
        self._workflow = workflow

    @property
    def name(self) -> str:
        """The attribute of the workflow class that it is; empty where it is none."""
        for owner in type(self._workflow).__mro__:
            for name, value in vars(owner).items():
                if value is self._descriptor:
                    return name
        return ""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        descriptor = self._descriptor
        return descriptor._invoke(self._workflow.swf, input_of(args, kwargs, descriptor._what()))


class _Descriptor(ABC):
    """Binds to a workflow instance, so that `self.step(value)` invokes the step through `self.swf`."""

    @overload
    def __get__(self: D, instance: None, owner: type) -> D: ...
    @overload
    def __get__(self, instance: Any, owner: type) -> Callable[..., Any]: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else Step(self, instance)

    @abstractmethod
    def _what(self) -> str:
        """How errors call the step."""

    @abstractmethod
    def _invoke(self, swf: Any, value: Any) -> Any:
        """Schedules the step with its input; the future."""


@dataclass(frozen=True)
class LambdaDescriptor(_Descriptor):
    """An AWS Lambda function: `price = pyflow.LambdaDescriptor('price_order', timeout=30)`.

    timeout: start-to-close seconds, 1 to 900; None leaves SWF's default.
    """

    function_name: str
    timeout: int | None = None

    def _what(self) -> str:
        return f"lambda function {self.function_name}"

    def _invoke(self, swf: Any, value: Any) -> Any:
        return swf.invoke_lambda(self.function_name, value, timeout=self.timeout)


@dataclass(frozen=True)
class ActivityDescriptor(_Descriptor):
    """An activity type, in whatever language its worker is written.

    timeout: start-to-close seconds; task_list: where its workers poll; None leaves the type's defaults.
    """

    activity_name: str
    activity_version: str
    timeout: int | None = None
    task_list: str | None = None

    def _what(self) -> str:
        return f"activity {self.activity_name} {self.activity_version}"

    def _invoke(self, swf: Any, value: Any) -> Any:
        return swf.invoke_activity(
            self.activity_name,
            self.activity_version,
            input_arg=value,
            timeout=self.timeout,
            task_list=self.task_list,
        )


@dataclass(frozen=True)
class ChildWorkflowDescriptor(_Descriptor):
    """Another workflow type, started as a child.

    child_policy, lambda_role, task_list, execution_start_to_close_timeout (seconds): None leaves the type's
    defaults, for lambda_role the parent's.
    """

    workflow_name: str
    workflow_version: str
    child_policy: str | None = None
    lambda_role: str | None = None
    task_list: str | None = None
    execution_start_to_close_timeout: int | None = None

    def _what(self) -> str:
        return f"child workflow {self.workflow_name} {self.workflow_version}"

    def _invoke(self, swf: Any, value: Any) -> Any:
        return swf.invoke_child_workflow(
            self.workflow_name,
            self.workflow_version,
            input_arg=value,
            child_policy=self.child_policy,
            lambda_role=self.lambda_role,
            task_list=self.task_list,
            execution_start_to_close_timeout=self.execution_start_to_close_timeout,
        )
