"""Answering for an activity that left its answer to somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyflow.errors import ActivityCanceled, UnknownExecutionException
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.swf.activity_client import ActivityClient
from pyflow.swf.faults import UNKNOWN_RESOURCE, is_fault
from pyflow.worker.activities.outcome import raised, written


class ActivityCompletion:
    """Ends an activity from anywhere, by its task token: `ActivityCompletion(token).complete(receipt)`.

    token: what `context.complete_later()` returned in the activity. client: anything with boto3's SWF methods; by default
    one is made, for endpoint_url and region. payloads: the keys, codecs and stores that the worker has.
    Every method raises UnknownExecutionException where SWF knows no such task any more: it was answered, has timed out,
    or its execution is closed. A call that fails for another reason may be made again.
    """

    def __init__(
        self,
        token: str,
        *,
        client: Any = None,
        endpoint_url: str | None = None,
        region: str | None = None,
        payloads: Payloads = PLAIN,
    ) -> None:
        self._token = token
        self._payloads = payloads
        self._client = ActivityClient.answering(client, endpoint_url=endpoint_url, region=region)

    def complete(self, result: Any = None) -> None:
        """Completes it; result: what the activity might have returned.

        Raises PayloadEncodeError, PayloadTooLarge or PayloadUnavailable for a result that can't be sent: it is still open.
        """
        text = None if result is None else written(result, "result of the activity", self._payloads)
        with self._open():
            self._client.respond_activity_task_completed(self._token, text)

    def fail(self, error: BaseException) -> None:
        """Fails it with what the activity might have raised, such as an ApplicationError."""
        answer = raised(error, self._payloads)
        with self._open():
            self._client.respond_activity_task_failed(self._token, answer.reason, answer.details)

    def cancel(self, details: Any = None) -> None:
        """Says that it was canceled; only after `heartbeat` said that its decider asked for that."""
        text = None if details is None else written(details, "cancel details of the activity", self._payloads)
        with self._open():
            self._client.respond_activity_task_canceled(self._token, text)

    def heartbeat(self, details: Any = None) -> None:
        """Keeps the task, at once. Raises ActivityCanceled once its decider asked to cancel it."""
        with self._open():
            requested = self._client.record_activity_task_heartbeat(
                self._token, self._payloads.heartbeat(details)
            )
        if requested:
            raise ActivityCanceled("requested")

    @contextmanager
    def _open(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if not is_fault(error, UNKNOWN_RESOURCE):
                raise
            raise UnknownExecutionException(
                "SWF knows no such activity task: it was answered before, has timed out, or its execution is closed"
            ) from None
