"""Continue as new: the run ends, and the next one of the same workflow id begins with a history of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from pyflow import codec
from pyflow.decider.asked import Asked
from pyflow.decider.closing import Close, EndOfRun
from pyflow.decider.execution import Execution
from pyflow.errors import InvocationException, PayloadException, WorkflowCanceled
from pyflow.flow.held import Held
from pyflow.flow.seconds import whole_seconds
from pyflow.history.kinds import CONTINUE_AS_NEW

KEPT = (
    "executionStartToCloseTimeout",
    "taskStartToCloseTimeout",
    "childPolicy",
    "taskList",
    "taskPriority",
    "tagList",
    "lambdaRole",
)
"""What the next run has from this one unless told otherwise: SWF would give it the type's defaults."""


class Renewal(Held):
    """How a run that never ends stays small."""

    def continue_as_new(
        self,
        input: Any = None,
        *,
        version: str | None = None,
        task_list: str | None = None,
        tags: Sequence[str] | None = None,
        priority: int | None = None,
        execution_timeout: int | None = None,
        task_timeout: int | None = None,
        child_policy: str | None = None,
        lambda_role: str | None = None,
    ) -> NoReturn:
        """Ends this run and begins the next, with this input and the signals that nobody has read.

        version: of the workflow type, this run's unless given; all others too. tags: up to five. priority: of SWF's
        task lists. Timeouts in whole seconds. Leaves `run` by an exception that is no Exception; activities, timers
        and functions that were not waited for are let go; children go on, and nobody learns how they end.
        Raises PayloadTooLarge where input and signals together don't fit, WorkflowCanceled where a cancel was asked
        for that this line was not told of.
        """
        execution = self._execution
        _tell_of_cancel(execution)
        given = {
            "executionStartToCloseTimeout": _seconds(execution_timeout),
            "taskStartToCloseTimeout": _seconds(task_timeout),
            "childPolicy": child_policy,
            "taskList": None if task_list is None else {"name": task_list},
            "taskPriority": None if priority is None else str(priority),
            "tagList": None if tags is None else _tags(tags),
            "lambdaRole": lambda_role,
        }
        settings = {
            name: given[name] if given[name] is not None else execution.started.get(name) for name in KEPT
        }
        attributes = {"workflowTypeVersion": version or execution.run.version} | {
            name: setting for name, setting in settings.items() if setting is not None and setting != []
        }
        text = None if input is None else codec.encode(input, what=WHAT, limit=execution.payload_limit)
        close = RenewalClose(execution, attributes, text)
        close.attributes()  # too large for SWF? Then the code is told, while it can do something about it
        raise EndOfRun(close)


WHAT = "input of the next run"


class RenewalClose(Close):
    """Made anew each time it is asked for: signals that came meanwhile are carried too."""

    __slots__ = ("_execution", "_settings", "_text")

    def __init__(self, execution: Execution, settings: dict[str, Any], text: str | None) -> None:
        super().__init__(CONTINUE_AS_NEW, self.attributes)
        self._execution = execution
        self._settings = settings
        self._text = text

    def attributes(self) -> dict[str, Any]:
        """Of the decision, with the signals unread now. Raises PayloadTooLarge where they don't fit."""
        text = self._text
        signals = [
            codec.CarriedSignal(signal.name, signal.input, signal.id)
            for signal in self._execution.signals.unread()
        ]
        if signals:
            what = f"{WHAT} with {len(signals)} unread signals"
            text = codec.encode_start(text, signals, what=what, limit=self._execution.payload_limit)
        return {**self._settings} if text is None else {**self._settings, "input": text}

    def asked(self) -> Asked:
        """The decision; it fails the run where signals have come that can't be carried and must not be lost."""
        try:
            return super().asked()
        except PayloadException as error:
            return Close.failed("Unread signals don't fit into the input of the next run", str(error)).asked()


def _tell_of_cancel(execution: Execution) -> None:
    """The next run would not know of it."""
    fiber = execution.fiber
    if fiber.canceled_by and None in fiber.canceled_by:
        raise WorkflowCanceled(fiber.canceled_by.pop(None))


def _seconds(seconds: int | None) -> str | None:
    return None if seconds is None else whole_seconds(seconds)


def _tags(tags: Sequence[str]) -> list[str]:
    if isinstance(tags, str) or len(tags) > 5 or not all(1 <= codec.units(tag) <= 256 for tag in tags):
        raise InvocationException(f"tags are up to five texts of 1 to 256 characters, not {tags!r:.80}")
    return list(tags)
