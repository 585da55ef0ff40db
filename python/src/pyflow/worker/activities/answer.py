"""Gives SWF the answer to an activity task, through throttling and lost connections."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.swf.activity_client import ActivityClient, ActivityTask
from pyflow.swf.faults import UNKNOWN_RESOURCE, is_fault, message_of
from pyflow.worker.activities.outcome import Answer, Canceled, Completed, Failed, failed
from pyflow.worker.process.backoff import Backoff

logger = logging.getLogger("pyflow.worker")

PATIENCE = 600.0  # seconds of trying, where it is not known when the task times out
REFUSED = (
    "ValidationException",
    "SerializationException",
    "OperationNotPermittedFault",
    "AccessDeniedException",
)


class Answers:
    """Answers tasks of one worker.

    closing: once set, nothing is tried again; clock: seconds, never set back; retried: called before each further try.
    """

    def __init__(
        self,
        client: ActivityClient,
        closing: threading.Event,
        *,
        payloads: Payloads = PLAIN,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] | None = None,
        backoff: Callable[[], Backoff] = Backoff,
        retried: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._closing = closing
        self._payloads = payloads
        self._clock = clock
        self._pause = pause or closing.wait
        self._backoff = backoff
        self._retried = retried

    def give(self, task: ActivityTask, outcome: Answer, patience: float | None = None) -> bool:
        """Sends the answer; whether SWF took it. Never raises.

        patience: seconds after which the task must have timed out. A task that SWF gave up needs no answer; a
        result that SWF refuses becomes a failure.
        """
        give_up = self._clock() + (PATIENCE if patience is None else patience)
        backoff = self._backoff()
        while True:
            try:
                self._send(task.token, outcome)
                return True
            except Exception as error:
                if is_fault(error, UNKNOWN_RESOURCE):
                    logger.warning("%s was answered or given up before: %s", task, message_of(error))
                    return False
                if any(is_fault(error, code) for code in REFUSED):
                    logger.error("the answer to %s was refused: %s", task, message_of(error))
                    if not isinstance(outcome, Completed):
                        return False
                    outcome = failed(
                        "pyflow.ResultEncodeError",
                        message_of(error),
                        non_retryable=True,
                        payloads=self._payloads,
                    )
                    continue
                delay = backoff.failed()
                if self._closing.is_set() or self._clock() + delay > give_up:
                    logger.error("the answer to %s is lost: %s", task, message_of(error))
                    return False
                logger.warning(
                    "the answer to %s is tried again in %.1f s: %s", task, delay, message_of(error)
                )
                self._pause(delay)
                self._retried()

    def _send(self, token: str, outcome: Answer) -> None:
        if isinstance(outcome, Completed):
            self._client.respond_activity_task_completed(token, outcome.result)
        elif isinstance(outcome, Canceled):
            self._client.respond_activity_task_canceled(token, outcome.details)
        elif isinstance(outcome, Failed):
            self._client.respond_activity_task_failed(token, outcome.reason, outcome.details)
