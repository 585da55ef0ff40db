"""What stands for steps in a test: plain functions, by the step's descriptor, its name, or its name and version."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias, TypeGuard

from pyflow.declare.activity import Activity
from pyflow.declare.descriptors import ActivityDescriptor, ChildWorkflowDescriptor, LambdaDescriptor
from pyflow.errors import PyflowException
from pyflow.flow.workflow import Workflow

ACTIVITY, LAMBDA, CHILD = "activity", "lambda function", "child workflow"

Step: TypeAlias = (
    "Activity[..., Any] | ActivityDescriptor | LambdaDescriptor | ChildWorkflowDescriptor"
    " | type[Workflow] | str | tuple[str, str]"
)
Fake: TypeAlias = Callable[..., Any]
"""Given the decoded input, it returns the result or raises. A generator function lets time pass: see `after`."""


class Call(NamedTuple):
    """A fake was called: the step's name, the decoded input."""

    step: str
    input: Any


class UnfakedStep(PyflowException):
    """The workflow asked for a step that the test has no fake for."""


class Fakes:
    """Functions by what they stand for. Raises PyflowException for what is no step, or no function."""

    def __init__(self, fakes: Mapping[Any, Fake]) -> None:
        self._fakes: dict[tuple[str | None, str, str | None], Fake] = {}
        self.activities: dict[tuple[str, str], Activity[..., Any]] = {}
        """Activities that were given as a step or its fake: their timeouts are their type's."""
        for step, fake in fakes.items():
            if not callable(fake):
                raise PyflowException(f"the fake of {_name(step)} is {fake!r}: give a function of its input")
            self._fakes[_key(step)] = fake
            for each in (step, fake):
                if isinstance(each, Activity):
                    _, name, version = _key(step)
                    self.activities.setdefault((name, version or each.version), each)

    def find(self, kind: str, name: str, version: str | None = None) -> Fake:
        """The function that stands for a step. Raises UnfakedStep."""
        for key in ((kind, name, version), (None, name, version), (None, name, None)):
            if key in self._fakes:
                return self._fakes[key]
        what = " ".join(part for part in (kind, name, version) if part)
        known = ", ".join(" ".join(filter(None, key)) for key in self._fakes) or "none"
        raise UnfakedStep(
            f"the workflow asks for {what}, which has no fake: add one to fakes={{…}}; there are {known}"
        )


def after(seconds: float, fake: Fake) -> Fake:
    """The fake, but it is called when that much time has passed on the test's clock.

    It is a generator function as a test may write one too: each `yield seconds` in it lets time pass, and what it returns is
    the result. A decider's request to cancel the activity raises ActivityCanceled at the `yield`.
    """

    @functools.wraps(fake)
    def late(*args: Any, **kwargs: Any) -> Generator[float, None, Any]:
        yield seconds
        result = fake(*args, **kwargs)
        return (yield from result) if lets_time_pass(result) else result

    return late


def no_answer(value: Any = None) -> Generator[float, None, Any]:
    """A fake that never answers: its step times out, if it has a timeout."""
    yield math.inf


def lets_time_pass(result: Any) -> TypeGuard[Generator[float, None, Any]]:
    """Whether that is what a generator function returned: a fake that is to be gone on with."""
    return inspect.isgenerator(result)


def takes_anything(fake: Fake) -> bool:
    """Whether its signature is that of a mock, and says nothing."""
    kinds = [parameter.kind for parameter in _parameters(fake)]
    return kinds == [inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD]


def _parameters(fake: Fake) -> Iterable[inspect.Parameter]:
    try:
        return inspect.signature(fake).parameters.values()
    except (TypeError, ValueError):  # some builtins have none
        return ()


def _key(step: Any) -> tuple[str | None, str, str | None]:
    if isinstance(step, str):
        return None, step, None
    if isinstance(step, tuple) and len(step) == 2:
        return None, *step
    if isinstance(step, ActivityDescriptor):
        return ACTIVITY, step.activity_name, step.activity_version
    if isinstance(step, Activity):
        return ACTIVITY, step.name, step.version
    if isinstance(step, LambdaDescriptor):
        return LAMBDA, step.function_name, None
    if isinstance(step, ChildWorkflowDescriptor):
        return CHILD, step.workflow_name, step.workflow_version
    if isinstance(step, type) and issubclass(step, Workflow):
        return CHILD, str(step.NAME), step.VERSION
    raise PyflowException(
        f"{step!r} is no step that can be faked: give a descriptor as `Order.charge`, a name, or (name, version)"
    )


def _name(step: Any) -> str:
    return " ".join(part for part in _key(step) if part)
