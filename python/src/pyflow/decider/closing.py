"""How a run ends: the close decision that its code, a cancel request or a refusal leads to.

Closing is a state: a close that SWF refused because of unseen news is asked for again once that was taken.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import Any

from pyflow import codec
from pyflow.decider.asked import Asked
from pyflow.errors import PayloadException, WorkflowCanceled, WorkflowFailedException
from pyflow.history.kinds import CANCEL, CANCEL_TIMER, COMPLETE, FAIL

logger = logging.getLogger("pyflow")

UNHANDLED = "UNHANDLED_DECISION"


def of_body(workflow_type: tuple[str, str], body: Callable[[], Any], *, quiet: bool) -> Asked:
    """Runs the workflow's code and says how its run ends. quiet: a replay, which logs nothing twice.

    A KeyboardInterrupt passes: it is meant for the process, not for the run.
    """
    try:
        result = body()
    except WorkflowFailedException as error:
        return failed(error.reason, error.details)
    except WorkflowCanceled as error:
        return canceled(str(error.args[0]) if error.args and error.args[0] else None)
    except (Exception, SystemExit):
        reason = f"Caught exception while executing workflow {workflow_type!r}"
        if not quiet:
            logger.exception(reason)
        return failed(reason, traceback.format_exc())
    try:
        return Asked(COMPLETE, {"result": codec.encode(result, what="result of the workflow")})
    except PayloadException:
        reason = f"Caught exception while processing workflow result for workflow {workflow_type!r}"
        if not quiet:
            logger.exception(reason)
        return failed(reason, traceback.format_exc())


def failed(reason: str | None, details: str | None) -> Asked:
    """FailWorkflowExecution; texts longer than SWF takes are cut."""
    attributes = {}
    if reason is not None:
        attributes["reason"] = cut(str(reason), codec.REASON_LIMIT)
    if details is not None:
        attributes["details"] = cut(str(details), codec.DATA_LIMIT)
    return Asked(FAIL, attributes)


def canceled(details: str | None) -> Asked:
    """CancelWorkflowExecution, with the cause that the request gave, if it did."""
    return Asked(CANCEL, {"details": details} if details else {})


def cancel_request(cause: str | None) -> WorkflowCanceled:
    """What the workflow's next wait raises."""
    return WorkflowCanceled(cause or "")


def after_refusal(close: Asked | None, cause: str) -> Asked | None:
    """What to close with after SWF refused to. Unseen news: the same again. Anything else: fail the run."""
    if close is None or cause == UNHANDLED:
        return close
    if close.kind is FAIL:
        logger.error("SWF refuses to let the run fail (%s): it stays open until it times out", cause)
        return None
    return failed(f"{close.kind.decision} was refused by SWF: {cause}", None)


def closable(asked: list[Asked]) -> list[Asked]:
    """What may be asked for together with a close: SWF refuses a whole answer that starts work and closes."""
    dropped = [each for each in asked if each.kind.starts_work]
    if not dropped:
        return asked
    logger.warning("the run closes: %s is not started", ", ".join(str(each) for each in dropped))
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
