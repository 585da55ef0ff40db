"""The workflow classes that a decider knows, and a run's code at its beginning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from pyflow.codec import DATA_LIMIT
from pyflow.decider.execution import Execution
from pyflow.decider.operator import Operators
from pyflow.errors import DeciderException
from pyflow.flow.body import body_of
from pyflow.flow.invocation import WorkflowInvocationHelper
from pyflow.flow.workflow import Workflow, by_type
from pyflow.history.event import Run


class Executions:
    """Many classes, told apart by `(NAME, VERSION)`. helper: what a workflow gets as `self.swf`. payload_limit:
    see Execution. headers: given a run and the text of its input, those of the inputs that it asks for.

    Raises PyflowException for two classes of the same type, and for an operator key that is none.
    """

    def __init__(
        self,
        classes: Iterable[type[Workflow]],
        operator_key: bytes | None = None,
        helper: Callable[[Execution], WorkflowInvocationHelper] = WorkflowInvocationHelper,
        payload_limit: int = DATA_LIMIT,
        headers: Callable[[Run, str | None], Mapping[str, str]] | None = None,
    ) -> None:
        self._classes = by_type(classes)
        Operators(operator_key)  # a key that is none is refused here, not at the first run
        self._operator_key = operator_key
        self._helper = helper
        self._payload_limit = payload_limit
        self._headers = headers

    def __iter__(self) -> Iterator[type[Workflow]]:
        return iter(self._classes.values())

    def knows(self, run: Run) -> bool:
        """Whether the run's type is among them."""
        return run.type in self._classes

    def begin(self, run: Run, *, polled: bool = False) -> Execution:
        """The run's code at its beginning. Raises DeciderException for a workflow type that is not here.

        polled: whether the polling loop answers; see Execution.
        """
        workflow_class = self._classes.get(run.type)
        if workflow_class is None:
            known = ", ".join(f"{name} {version}" for name, version in self._classes)
            raise DeciderException(
                f"unknown workflow type {run.name} {run.version}: this decider knows {known or 'none'}"
            )
        return Execution(
            run,
            body_of(workflow_class, self._helper),
            on_cancel=workflow_class.ON_CANCEL,
            polled=polled,
            operator_key=self._operator_key,
            payload_limit=self._payload_limit,
            headers=None if self._headers is None else partial(self._headers, run),
        )
