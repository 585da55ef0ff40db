"""A reply sent to SWF: how it is worded, and what happens when SWF does not take it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from pyflow.errors import PayloadTooLarge, PayloadUnavailable
from pyflow.stores.decisions import seal_context, seal_decisions
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.swf.decision_client import DecisionClient
from pyflow.swf.faults import UNKNOWN_RESOURCE, code_of, is_fault, message_of
from pyflow.worker.decisions.deciding import Reply, failing, name_of
from pyflow.worker.decisions.outage import passes
from pyflow.worker.decisions.parking import moment, void_answer
from pyflow.worker.decisions.residence import CLOSING
from pyflow.worker.decisions.sticky import Sticky
from pyflow.worker.process.backoff import Backoff

logger = logging.getLogger("pyflow")

STATE = 24_000  # units that a sealed state may have of an execution context's 32,768
REFUSED = "respond_decision_task_completed failed"
"""The reason with which a run fails whose decisions SWF finds invalid."""


class Answering:
    """Any thread may send. task_list: the ordinary one; payloads: what decisions are sealed with."""

    def __init__(
        self, swf: DecisionClient, task_list: str, sticky: Sticky, payloads: Payloads = PLAIN
    ) -> None:
        self._swf = swf
        self._task_list = task_list
        self._sticky = sticky
        self._payloads = payloads

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
        name = name_of(reply.task)
        try:
            decisions, context = self._sealed(reply, pause)
        except PayloadUnavailable as error:
            logger.error("%s is not answered, SWF offers it again: %s", name, error)
            return False
        except PayloadTooLarge as error:
            return self._sends_parked(reply, str(error), pause, keep)
        backoff, taken = Backoff(), True
        while True:
            try:
                self._swf.respond(reply.task, decisions, context, **self._where(reply, keep))
                return taken
            except Exception as error:
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

    def _sealed(
        self, reply: Reply, pause: Callable[[BaseException, float], bool]
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Decisions and context as SWF is to hold them; a store that does not answer is asked again."""
        backoff = Backoff()
        while True:
            try:
                return (
                    seal_decisions(reply.answer.decisions, self._payloads),
                    seal_context(reply.answer.context, self._payloads, STATE),
                )
            except PayloadUnavailable as error:
                logger.warning("%s: %s", name_of(reply.task), error)
                if not pause(error, backoff.failed()):
                    raise

    def _sends_parked(
        self, reply: Reply, why: str, pause: Callable[[BaseException, float], bool], keep: bool | None
    ) -> bool:
        """Parks the run in place of an answer that fits in no form; False, since the run is not where it seems."""
        name, events = name_of(reply.task), reply.task.events
        answer = None if reply.void else void_answer(events, why, moment(events[-1]["eventTimestamp"]))
        if answer is None:
            logger.error("%s is not answered, SWF offers it again: %s", name, why)
        else:
            logger.error("%s: the run is parked, it goes on with a decider that fits: %s", name, why)
            self.send(Reply(reply.task, answer, void=True), pause=pause, keep=keep)
        return False

    def _where(self, reply: Reply, keep: bool | None) -> dict[str, Any]:
        """Where the run's next decision task goes. A private list is left by name: SWF goes on with one otherwise."""
        if reply.stays and keep and self._sticky.on:
            return {"task_list": self._sticky.task_list, "schedule_to_start": self._sticky.timeout}
        decisions = reply.answer.decisions
        closes = bool(decisions) and decisions[-1]["decisionType"] in CLOSING
        leaves = keep is not None and self._sticky.timeout > 0 and not closes
        return {"task_list": self._task_list} if leaves or reply.void else {}
