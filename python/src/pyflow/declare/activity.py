"""An activity written in Python: a plain function, what a worker runs, and what a workflow calls."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Literal, ParamSpec, TypeVar, overload

from pyflow.declare.arguments import Arguments
from pyflow.declare.descriptors import ActivityDescriptor, ActivityStep, AsksForActivities, F, Holds
from pyflow.declare.options import ActivityOptions
from pyflow.declare.type_names import VERSION_LIMIT, check_name
from pyflow.errors import PyflowException

if TYPE_CHECKING:
    from typing_extensions import Unpack

P = ParamSpec("P")
R = TypeVar("R")
Heartbeat = Literal["auto", "manual"]

LONGEST_TIMEOUT = 99_999_999  # seconds; SWF holds eight digits
TIMEOUTS = (
    "schedule_to_start_timeout",
    "start_to_close_timeout",
    "schedule_to_close_timeout",
    "heartbeat_timeout",
)


class Activity(Generic[P, R]):
    """A decorated function: call it as before, give it to a worker, or name it in a workflow class.

    `class Order(pyflow.Workflow): charge = charge`, then `self.charge(order)` schedules it, and its worker, which
    speaks pyflow's contract, is told which attempt it is.
    Timeouts are whole seconds and become the type's defaults in SWF; None is SWF's `NONE`, no limit.
    task_list: where it is scheduled; None is the list of the worker that registers it.
    heartbeat: `auto` keeps the task while the function runs, `manual` only when it calls `heartbeat`.
    """

    def __init__(
        self,
        function: Callable[P, R],
        *,
        name: str | None = None,
        version: str = "1.0",
        task_list: str | None = None,
        schedule_to_start_timeout: int | None = None,
        start_to_close_timeout: int | None = None,
        schedule_to_close_timeout: int | None = None,
        heartbeat_timeout: int | None = None,
        heartbeat: Heartbeat = "auto",
    ) -> None:
        if not callable(function):
            raise PyflowException(f"@pyflow.activity decorates a function, not {function!r}")
        functools.update_wrapper(self, function)
        self.function = function
        self.name = check_name(
            getattr(function, "__name__", "") if name is None else name, "name of an activity"
        )
        self.version = check_name(version, f"version of activity {self.name}", VERSION_LIMIT)
        self.task_list = task_list
        if task_list is not None:
            check_name(task_list, f"task list of {self}")
        self.schedule_to_start_timeout = schedule_to_start_timeout
        self.start_to_close_timeout = start_to_close_timeout
        self.schedule_to_close_timeout = schedule_to_close_timeout
        self.heartbeat_timeout = heartbeat_timeout
        for timeout in TIMEOUTS:
            _check_seconds(getattr(self, timeout), f"{timeout} of {self}")
        if heartbeat not in ("auto", "manual"):
            raise PyflowException(f'heartbeat of {self} is {heartbeat!r}: it must be "auto" or "manual"')
        self.heartbeat = heartbeat
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise PyflowException(f"{self} is a generator: an activity returns its one result")
        self.arguments = Arguments.of(function, str(self))

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls the function itself; no SWF is involved."""
        return self.function(*args, **kwargs)

    def using(self, **options: Unpack[ActivityOptions]) -> ActivityDescriptor:
        """It as a step with options: `charge = charge.using(retry=RetryPolicy(3))` in a workflow class."""
        return _described(self.name, self.version, self.task_list).using(**options)

    @overload
    def __get__(self, instance: None, owner: type) -> Activity[P, R]: ...
    @overload
    def __get__(self, instance: Holds[AsksForActivities[F]], owner: type) -> ActivityStep[F]: ...
    def __get__(self, instance: Any, owner: type) -> Activity[P, R] | ActivityStep[Any]:
        if instance is None:
            return self
        return ActivityStep(instance, _described(self.name, self.version, self.task_list), self)

    def __str__(self) -> str:
        return f"activity {self.name} {self.version}"

    def __repr__(self) -> str:
        return f"<{self}>"


@overload
def activity(function: Callable[P, R], /) -> Activity[P, R]: ...
@overload
def activity(
    *,
    name: str | None = None,
    version: str = "1.0",
    task_list: str | None = None,
    schedule_to_start_timeout: int | None = None,
    start_to_close_timeout: int | None = None,
    schedule_to_close_timeout: int | None = None,
    heartbeat_timeout: int | None = None,
    heartbeat: Heartbeat = "auto",
) -> Callable[[Callable[P, R]], Activity[P, R]]: ...
def activity(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Makes an activity of a function: `@pyflow.activity(version="1.0", start_to_close_timeout=30)`.

    name: default the function's; the other options are those of `Activity`.
    Raises PyflowException for an option that SWF would refuse, or a signature that no input can fill.
    """
    if function is not None:
        return Activity(function)
    return lambda function: Activity(function, **options)


@functools.lru_cache
def _described(name: str, version: str, task_list: str | None) -> ActivityDescriptor:
    return ActivityDescriptor(name, version, task_list=task_list, envelope=True)


def _check_seconds(seconds: object, what: str) -> None:
    if seconds is None:
        return
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 <= seconds <= LONGEST_TIMEOUT:
        raise PyflowException(f"{what} is {seconds!r}: it must be whole seconds, 0 to {LONGEST_TIMEOUT}")
