"""How a run ends: the close decision that its code, a cancel request or a refusal leads to.

Closing is a state: a close that SWF refused because of unseen news is built and asked for again once that was taken.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import Any

from pyflow import codec
from pyflow.decider.asked import Asked
from pyflow.errors import PayloadException, WorkflowCanceled, WorkflowFailedException
from pyflow.history.kinds import CANCEL, CANCEL_TIMER, COMPLETE, FAIL, Kind

logger = logging.getLogger("pyflow")

UNHANDLED = "UNHANDLED_DECISION"


class Close:
    """One way to end. attributes: made when it is asked for, each time; held: it waits until SWF takes it."""

    __slots__ = ("_attributes", "held", "kind")

    def __init__(self, kind: Kind, attributes: Callable[[], dict[str, Any]]) -> None:
        self.kind = kind
        self._attributes = attributes
        self.held = False

    def asked(self) -> Asked:
        """The decision."""
        return Asked(self.kind, self._attributes())

    def let_go(self) -> None:
        """It may be asked for again."""
        self.held = False

    @classmethod
    def failed(cls, reason: str | None, details: str | None) -> Close:
        """FailWorkflowExecution; texts longer than SWF takes are cut."""
        attributes = {}
        if reason is not None:
            attributes["reason"] = cut(str(reason), codec.REASON_LIMIT)
        if details is not None:
            attributes["details"] = cut(str(details), codec.DATA_LIMIT)
        return cls(FAIL, lambda: attributes)

    @classmethod
    def canceled(cls, details: str | None) -> Close:
        """CancelWorkflowExecution, with the cause that the request gave, if it did."""
        return cls(CANCEL, lambda: {"details": details} if details else {})


class EndOfRun(BaseException):
    """Raised in a workflow's code to leave it with a close of its own, such as continue as new."""

    def __init__(self, close: Close) -> None:
        super().__init__(close)
        self.close = close


def of_body(
    workflow_type: tuple[str, str], body: Callable[[], Any], *, quiet: Callable[[], bool], limit: int
) -> Close:
    """Runs the workflow's code and says how its run ends. quiet: whether it is a replay, which logs nothing twice.
    limit: of the result.

    A KeyboardInterrupt passes: it is meant for the process, not for the run.
    """
    try:
        result = body()
    except EndOfRun as end:
        return end.close
    except WorkflowFailedException as error:
        return Close.failed(error.reason, error.details)
    except WorkflowCanceled as error:
        return Close.canceled(str(error.args[0]) if error.args and error.args[0] else None)
    except (Exception, SystemExit):
        reason = f"Caught exception while executing workflow {workflow_type!r}"
        if not quiet():
            logger.exception(reason)
        return Close.failed(reason, traceback.format_exc())
    try:
        text = codec.encode(result, what="result of the workflow", limit=limit)
    except PayloadException:
        reason = f"Caught exception while processing workflow result for workflow {workflow_type!r}"
        if not quiet():
            logger.exception(reason)
        return Close.failed(reason, traceback.format_exc())
    return Close(COMPLETE, lambda: {"result": text})


def after_refusal(close: Close | None, cause: str) -> Close | None:
    """What to close with after SWF refused to. Unseen news: the same again. Anything else: fail the run."""
    if close is None or cause == UNHANDLED:
        return close
    if close.kind is FAIL:
        logger.error("SWF refuses to let the run fail (%s): it stays open until it times out", cause)
        return None
    return Close.failed(f"{close.kind.decision} was refused by SWF: {cause}", None)


def closable(asked: list[Asked], kept_back: list[Asked]) -> list[Asked]:
    """What may be asked for together with a close: SWF refuses a whole answer that starts work and closes."""
    dropped = [*(each for each in asked if each.kind.starts_work), *kept_back]
    if not dropped:
        return asked
    logger.warning("the run closes: %s is not started", ", ".join(str(each) for each in dropped[:10]))
    timers = {each.attributes.get("timerId") for each in dropped}
    return [
        each
        for each in asked
        if not each.kind.starts_work
        and not (each.kind is CANCEL_TIMER and each.attributes["timerId"] in timers)
    ]


def cut(text: str, limit: int) -> str:
    """The text, or as much of its beginning as fits, and an ellipsis. limit: UTF-16 units."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    if codec.units(text) <= limit:
        return text
    head = text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    return f"{head}…"
