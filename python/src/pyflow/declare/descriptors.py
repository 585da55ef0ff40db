"""Class attributes of a workflow that stand for remote steps and are called like methods."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload

from pyflow.declare import options as check
from pyflow.declare.options import ActivityOptions, ChildWorkflowOptions, LambdaOptions, Seconds
from pyflow.declare.retry import RetryPolicy
from pyflow.errors import InvocationException

if TYPE_CHECKING:
    from typing_extensions import Unpack

D = TypeVar("D", bound="Descriptor")
F = TypeVar("F")
F_co = TypeVar("F_co", covariant=True)
S_co = TypeVar("S_co", covariant=True)


class Holds(Protocol[S_co]):
    """A workflow: what its `swf` gives for a step, the step gives. So types of futures are known here by their use alone."""

    @property
    def swf(self) -> S_co:
        """What the workflow asks of SWF."""


class AsksForLambdas(Protocol[F_co]):
    """A `swf` that has Lambda functions called."""

    @property
    def invoke_lambda(self) -> Callable[..., F_co]:
        """Asks for one; its future."""


class AsksForActivities(Protocol[F_co]):
    """A `swf` that has activities done."""

    @property
    def invoke_activity(self) -> Callable[..., F_co]:
        """Asks for one; its future."""


class AsksForChildren(Protocol[F_co]):
    """A `swf` that starts child workflows."""

    @property
    def invoke_child_workflow(self) -> Callable[..., F_co]:
        """Asks for one; its future."""


def input_of(args: tuple[Any, ...], kwargs: Mapping[str, Any], what: object) -> Any:
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


class Step(Generic[D, F]):
    """A step of a running workflow: `self.charge(order)` asks for it, with that input, and returns its Future.

    `using(…)` is the same step with other options, for this call or for several; keywords of a call are its input.
    """

    __slots__ = ("_declared", "_workflow", "descriptor")

    def __init__(self, workflow: Any, descriptor: D, declared: object = None) -> None:
        self._workflow = workflow
        self.descriptor = descriptor
        self._declared = declared

    @property
    def name(self) -> str:
        """The attribute of the workflow class that it is; empty where it is none, as after `using`."""
        for owner in type(self._workflow).__mro__:
            for name, value in vars(owner).items():
                if value is self._declared and value is not None:
                    return name
        return ""

    def __call__(self, *args: Any, **kwargs: Any) -> F:
        """Asks for the step; the future. Raises InvocationException for several positional arguments, or a mix."""
        future: F = self.descriptor.invoke(self._workflow.swf, input_of(args, kwargs, self.descriptor))
        return future

    def __repr__(self) -> str:
        return f"<step {self.descriptor}>"


class Descriptor(ABC):
    """Binds to a workflow instance, so that `self.step(value)` invokes the step through `self.swf`.

    An option that SWF would refuse raises InvocationException when the descriptor is made.
    """

    @abstractmethod
    def invoke(self, swf: Any, value: Any) -> Any:
        """Asks for the step with its input, through `self.swf`; the future."""


class LambdaStep(Step["LambdaDescriptor", F]):
    """A Lambda function, ready to be called."""

    __slots__ = ()

    def using(self, **options: Unpack[LambdaOptions]) -> LambdaStep[F]:
        """The same step with other options; see LambdaDescriptor."""
        return LambdaStep(self._workflow, self.descriptor.using(**options))


@dataclass(frozen=True)
class LambdaDescriptor(Descriptor):
    """An AWS Lambda function: `price = pyflow.LambdaDescriptor('price_order', timeout=30)`.

    timeout: start-to-close seconds, 1 to 900; None leaves SWF's default. retry: without one, a failure of the
    Lambda service, not of the function, is tried again at once, five times at most.
    """

    function_name: str
    timeout: Seconds | None = None
    _: KW_ONLY
    retry: RetryPolicy | None = None
    _said: dict[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check.lambda_attributes(self.function_name, self.timeout)
        _settle(self, LambdaOptions, always=("timeout",))

    def using(self, **options: Unpack[LambdaOptions]) -> LambdaDescriptor:
        """The same step with other options."""
        return _with(self, LambdaOptions, options)

    def invoke(self, swf: Any, value: Any) -> Any:
        """See Descriptor."""
        return swf.invoke_lambda(self.function_name, value, **self._said)

    @overload
    def __get__(self, instance: None, owner: type) -> LambdaDescriptor: ...
    @overload
    def __get__(self, instance: Holds[AsksForLambdas[F]], owner: type) -> LambdaStep[F]: ...
    def __get__(self, instance: Any, owner: type) -> LambdaDescriptor | LambdaStep[Any]:
        return self if instance is None else LambdaStep(instance, self, self)

    def __str__(self) -> str:
        return f"lambda function {self.function_name}"


class ActivityStep(Step["ActivityDescriptor", F]):
    """An activity, ready to be called."""

    __slots__ = ()

    def using(self, **options: Unpack[ActivityOptions]) -> ActivityStep[F]:
        """The same step with other options; see ActivityDescriptor."""
        return ActivityStep(self._workflow, self.descriptor.using(**options))


@dataclass(frozen=True)
class ActivityDescriptor(Descriptor):
    """An activity type, in whatever language its worker is written.

    timeout: start-to-close seconds; task_list: where its workers poll; all timeouts are whole seconds or `NONE`, a
    higher priority goes first, and None leaves the type's defaults. retry: None is one attempt.
    envelope: tells its worker which attempt it is and the last heartbeat of the one before; for workers that
    speak pyflow's contract.
    """

    activity_name: str
    activity_version: str
    timeout: Seconds | None = None
    task_list: str | None = None
    _: KW_ONLY
    retry: RetryPolicy | None = None
    schedule_to_start_timeout: Seconds | None = None
    schedule_to_close_timeout: Seconds | None = None
    heartbeat_timeout: Seconds | None = None
    priority: int | None = None
    envelope: bool = False
    _said: dict[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check.activity_attributes(
            self.activity_name,
            self.activity_version,
            self.timeout,
            self.task_list,
            self.schedule_to_start_timeout,
            self.schedule_to_close_timeout,
            self.heartbeat_timeout,
            self.priority,
        )
        _settle(self, ActivityOptions, always=("timeout", "task_list"))

    def using(self, **options: Unpack[ActivityOptions]) -> ActivityDescriptor:
        """The same step with other options."""
        return _with(self, ActivityOptions, options)

    def invoke(self, swf: Any, value: Any) -> Any:
        """See Descriptor."""
        return swf.invoke_activity(self.activity_name, self.activity_version, input_arg=value, **self._said)

    @overload
    def __get__(self, instance: None, owner: type) -> ActivityDescriptor: ...
    @overload
    def __get__(self, instance: Holds[AsksForActivities[F]], owner: type) -> ActivityStep[F]: ...
    def __get__(self, instance: Any, owner: type) -> ActivityDescriptor | ActivityStep[Any]:
        return self if instance is None else ActivityStep(instance, self, self)

    def __str__(self) -> str:
        return f"activity {self.activity_name} {self.activity_version}"


class ChildWorkflowStep(Step["ChildWorkflowDescriptor", F]):
    """A child workflow, ready to be called."""

    __slots__ = ()

    def using(self, **options: Unpack[ChildWorkflowOptions]) -> ChildWorkflowStep[F]:
        """The same step with other options; see ChildWorkflowDescriptor."""
        return ChildWorkflowStep(self._workflow, self.descriptor.using(**options))


@dataclass(frozen=True)
class ChildWorkflowDescriptor(Descriptor):
    """Another workflow type, started as a child.

    Timeouts are whole seconds or `NONE`; None leaves the type's defaults, for lambda_role the parent's.
    workflow_id: None is one that is unique in the domain; tags: at most five. retry: None is one attempt; each
    further one has a workflow id of its own.
    """

    workflow_name: str
    workflow_version: str
    child_policy: str | None = None
    lambda_role: str | None = None
    task_list: str | None = None
    execution_start_to_close_timeout: Seconds | None = None
    _: KW_ONLY
    retry: RetryPolicy | None = None
    workflow_id: str | None = None
    tags: tuple[str, ...] | list[str] = ()
    priority: int | None = None
    task_start_to_close_timeout: Seconds | None = None
    _said: dict[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tags", check.tuple_of(self.tags))
        check.child_attributes(
            self.workflow_name,
            self.workflow_version,
            self.child_policy,
            self.lambda_role,
            self.task_list,
            self.execution_start_to_close_timeout,
            self.task_start_to_close_timeout,
            check.tuple_of(self.tags),
            self.priority,
        )
        if self.workflow_id is not None:
            check.check_workflow_id(self.workflow_id, str(self), retried=self.retry is not None)
        _settle(
            self,
            ChildWorkflowOptions,
            always=("child_policy", "lambda_role", "task_list", "execution_start_to_close_timeout"),
        )

    def using(self, **options: Unpack[ChildWorkflowOptions]) -> ChildWorkflowDescriptor:
        """The same step with other options."""
        return _with(self, ChildWorkflowOptions, options)

    def invoke(self, swf: Any, value: Any) -> Any:
        """See Descriptor."""
        return swf.invoke_child_workflow(
            self.workflow_name, self.workflow_version, input_arg=value, **self._said
        )

    @overload
    def __get__(self, instance: None, owner: type) -> ChildWorkflowDescriptor: ...
    @overload
    def __get__(self, instance: Holds[AsksForChildren[F]], owner: type) -> ChildWorkflowStep[F]: ...
    def __get__(self, instance: Any, owner: type) -> ChildWorkflowDescriptor | ChildWorkflowStep[Any]:
        return self if instance is None else ChildWorkflowStep(instance, self, self)

    def __str__(self) -> str:
        return f"child workflow {self.workflow_name} {self.workflow_version}"


def _settle(descriptor: Any, options: type, *, always: tuple[str, ...]) -> None:
    """Keeps what is said to `self.swf`: the options that are set, and those that it takes from the beginning."""
    check.check_retry(descriptor.retry, str(descriptor))
    said = {}
    for name in options.__annotations__:
        value = getattr(descriptor, name)
        if name in always or value not in (None, (), False):
            said[name] = value
    object.__setattr__(descriptor, "_said", said)


def _with(descriptor: D, options: type, given: Any) -> D:
    """The same step with other options. Raises InvocationException for one that its kind does not take."""
    for name in given:
        if name not in options.__annotations__:
            known = ", ".join(options.__annotations__)
            raise InvocationException(f"{descriptor} has no option {name}: it takes {known}")
    changed: D = replace(descriptor, **given)  # type: ignore[type-var]  # each kind is a dataclass
    return changed
