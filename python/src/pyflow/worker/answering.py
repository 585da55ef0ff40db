"""A reply sent to SWF: how it is worded, and what happens when SWF does not take it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from pyflow.swf.decision_client import DecisionClient
from pyflow.swf.faults import UNKNOWN_RESOURCE, code_of, is_fault, message_of
from pyflow.worker.backoff import Backoff
from pyflow.worker.deciding import Reply, failing, name_of
from pyflow.worker.outage import passes
from pyflow.worker.residence import CLOSING
from pyflow.worker.sticky import Sticky

logger = logging.getLogger("pyflow")

REFUSED = "respond_decision_task_completed failed"
"""The reason with which a run fails whose decisions SWF finds invalid."""


class Answering:
    """Any thread may send. task_list: the ordinary one."""

    def __init__(self, swf: DecisionClient, task_list: str, sticky: Sticky) -> None:
        self._swf = swf
        self._task_list = task_list
        self._sticky = sticky

    def send(
        self,
        reply: Reply,
        *,
        pause: Callable[[BaseException, float], bool] = lambda error, seconds: False,
        keep: bool | None = None,
    ) -> bool:
        """Sends it; whether SWF surely took it.

        pause: waits so long before another try after an error that passes; False gives up. keep: whether the run's next
        task may come back here, or goes to the ordinary list; None leaves that as it is. Raises what does not pass.
        """
        decisions, context = reply.answer.decisions, reply.answer.context
        backoff, taken = Backoff(), True
        while True:
            try:
                self._swf.respond(reply.task, decisions, context, **self._where(reply, keep))
                return taken
            except Exception as error:
                name = name_of(reply.task)
                if is_fault(error, UNKNOWN_RESOURCE):
                    logger.info("%s is no longer wanted: %s", name, message_of(error))
                    return False
                if keep and self._sticky.refused(error):
                    keep = False
                elif taken and code_of(error) in ("ValidationException", "SerializationException"):
                    logger.error("%s: SWF refused the decisions: %s", name, message_of(error))
                    decisions, context, taken = [failing(REFUSED, message_of(error))], None, False
                elif not passes(error):
                    raise
                elif not pause(error, backoff.failed()):
                    logger.warning("%s: the answer may be lost: %s", name, message_of(error))
                    return False

    def _where(self, reply: Reply, keep: bool | None) -> dict[str, Any]:
        """Where the run's next decision task goes. A private list is left by name: SWF goes on with one otherwise."""
        if reply.stays and keep and self._sticky.on:
            return {"task_list": self._sticky.task_list, "schedule_to_start": self._sticky.timeout}
        decisions = reply.answer.decisions
        closes = bool(decisions) and decisions[-1]["decisionType"] in CLOSING
        leaves = keep is not None and self._sticky.timeout > 0 and not closes
        return {"task_list": self._task_list} if leaves or reply.void else {}
