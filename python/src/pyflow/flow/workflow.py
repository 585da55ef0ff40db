"""The class that workflow authors subclass."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Literal

from pyflow.errors import PyflowException
from pyflow.flow.invocation import WorkflowInvocationHelper


class Workflow:
    """A workflow type. Subclasses set `NAME` and write `run`; one instance is made for each execution.

    VERSION: change it when old executions could not go on with the new code.
    OPTIONS: registration options of SWF's RegisterWorkflowType, laid over DEFAULT_OPTIONS; timeouts in seconds.
    ON_CANCEL: `"stop"` cancels the run at once when that is asked for; `"raise"` raises WorkflowCanceled at
    the next wait instead, so that the workflow can clean up.
    """

    NAME: ClassVar[str | None] = None
    VERSION: ClassVar[str] = "1.0"
    DEFAULT_OPTIONS: ClassVar[dict[str, Any]] = {
        "defaultChildPolicy": "TERMINATE",
        "defaultTaskStartToCloseTimeout": 600,
        "defaultExecutionStartToCloseTimeout": 3600,
    }
    OPTIONS: ClassVar[dict[str, Any]] = {}
    ON_CANCEL: ClassVar[Literal["stop", "raise"]] = "stop"

    def __init__(self, swf: WorkflowInvocationHelper) -> None:
        self._swf = swf
        missing = [name for name in ("NAME", "VERSION") if not getattr(self, name)]
        if missing:
            raise PyflowException(
                f"workflow class {type(self).__qualname__} has no {' and no '.join(missing)}:"
                " set it as a class attribute"
            )
        if self.ON_CANCEL not in ("stop", "raise"):
            raise PyflowException(
                f"ON_CANCEL of workflow class {type(self).__qualname__} is {self.ON_CANCEL!r}:"
                " it takes 'stop' or 'raise'"
            )

    @property
    def name(self) -> str:
        """The workflow type's name."""
        assert self.NAME is not None
        return self.NAME

    @property
    def version(self) -> str:
        """The workflow type's version."""
        return self.VERSION

    @property
    def options(self) -> dict[str, Any]:
        """What the type is registered with, besides name, version and task list."""
        return {**self.DEFAULT_OPTIONS, **self.OPTIONS}

    @property
    def swf(self) -> WorkflowInvocationHelper:
        """What the workflow asks of SWF, and what it knows of its own execution."""
        return self._swf

    def run(self, workflow_input: Any, /) -> Any:
        """The workflow's logic: any Python control flow over futures; the value returned is the result."""
        raise NotImplementedError(f"workflow class {type(self).__qualname__} has no run method")

    def on_error(self, exception: Exception, /) -> None:
        """Called with what `run` raised, before the run fails with it: may wait and ask for steps, as `run` may.

        Not for a cancel, nor in a child that does a part of a `map`. What it raises itself is logged.
        """


def by_type(classes: Iterable[type[Workflow]]) -> dict[tuple[str | None, str], type[Workflow]]:
    """Workflow classes by name and version. Raises PyflowException for two of the same."""
    found: dict[tuple[str | None, str], type[Workflow]] = {}
    for each in classes:
        other = found.setdefault((each.NAME, each.VERSION), each)
        if other is not each and each.NAME:
            raise PyflowException(
                f"workflow classes {other.__qualname__} and {each.__qualname__} are both {each.NAME} {each.VERSION}:"
                " give one of them another VERSION"
            )
    return found
