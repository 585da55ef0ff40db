"""The activity worker: a step (poll once, answer once) and the threads that repeat it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from pyflow.declare.activity import Activity
from pyflow.declare.type_names import check_name
from pyflow.errors import PyflowException
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.swf.activity_client import ActivityClient, ActivityTask
from pyflow.swf.faults import is_transient, message_of
from pyflow.worker.activities.answer import Answers
from pyflow.worker.activities.context import Interceptor
from pyflow.worker.activities.desk import ActivityDesk
from pyflow.worker.activities.executors import calls_by
from pyflow.worker.activities.heartbeat import Heartbeats
from pyflow.worker.activities.statistics import ActivityStatistics
from pyflow.worker.activities.types import ActivityTypes
from pyflow.worker.process.backoff import Backoff
from pyflow.worker.process.crew import Crew
from pyflow.worker.process.identity import of_this_process
from pyflow.worker.process.senders import Senders
from pyflow.worker.process.signals import signals_to

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from pyflow.worker.process.serving import MetricsServer

logger = logging.getLogger("pyflow.worker")

CANCEL_TIMEOUT = 5.0  # seconds that activities get to end after they were told to
HEARTBEAT_SENDERS = 4
POLL_TRIES = 5  # in a row that SWF refuses, until the worker gives up
_ENDED = "ended"


class ActivityWorker:
    """Runs the activities of one task list: `ActivityWorker("shop", "cards", [charge]).run()`.

    activities: functions decorated with `pyflow.activity`. concurrency: how many run at a time, each in a thread, or,
    if it is an `async def`, on the one event loop that they share;
    pollers: how many of the free threads poll at a time. graceful_timeout: seconds that a stop waits for polls in
    flight and activities; SWF holds a poll for 60. client: anything with boto3's SWF methods; by default pyflow makes
    two, for endpoint_url (else AWS_ENDPOINT_URL_SWF, AWS_ENDPOINT_URL, AWS) and region. identity: shown in the
    history, default python@HOST:PID. register: whether `start` registers the activity types;
    strict_registration: whether it raises where a registered type has other defaults, in place of a warning.
    cancel_timeout: seconds that activities get, once told to stop, before they are answered for.
    payloads: the keys, codecs and stores that inputs are read with and results written; by default none.
    interceptors: functions of (context, proceed) that wrap each call of an activity, the first one outermost; they may
    raise, and what they return is the result. metrics_port: where `/metrics` and `/health` are served, on 127.0.0.1, from
    `start` to the end of `stop`; 0 is a free one, which `metrics_port` then tells. executor: where
    activities run: in `threads` of this process, in `processes`, one for each busy slot, or in an Executor of yours.
    """

    def __init__(
        self,
        domain: str,
        task_list: str,
        activities: Iterable[Activity[..., Any]],
        concurrency: int = 10,
        pollers: int = 2,
        graceful_timeout: float = 70,
        client: Any = None,
        identity: str | None = None,
        *,
        register: bool = True,
        strict_registration: bool = False,
        endpoint_url: str | None = None,
        region: str | None = None,
        cancel_timeout: float = CANCEL_TIMEOUT,
        payloads: Payloads = PLAIN,
        interceptors: Iterable[Interceptor] = (),
        metrics_port: int | None = None,
        executor: Literal["threads", "processes"] | Executor = "threads",
    ) -> None:
        if concurrency < 1 or pollers < 1:
            raise PyflowException(f"concurrency {concurrency} and pollers {pollers} must both be at least 1")
        self.domain = check_name(domain, "domain of the worker")
        self.task_list = check_name(task_list, "task list of the worker")
        self.identity = (identity or of_this_process())[:256]
        self.exit_code = 0
        self.metrics_port = metrics_port
        self._slots = concurrency
        self._metrics: MetricsServer | None = None
        self._types = ActivityTypes(activities)
        self._graceful_timeout = graceful_timeout
        self._cancel_timeout = cancel_timeout
        self._register = register
        self._strict = strict_registration
        self._client = ActivityClient.connect(
            domain,
            client=client,
            endpoint_url=endpoint_url,
            region=region,
            calls=concurrency + HEARTBEAT_SENDERS,
        )
        self.statistics = ActivityStatistics()
        self._heartbeats = Heartbeats(
            self._client.record_activity_task_heartbeat,
            hand=Senders(HEARTBEAT_SENDERS).put,
            counted=self.statistics.heartbeat,
        )
        self._closing = threading.Event()
        self._calls = calls_by(
            executor,
            self._types,
            payloads=payloads,
            interceptors=tuple(interceptors),
            cancel_timeout=cancel_timeout,
        )
        self._desk = ActivityDesk(
            self._types,
            self._calls.call,
            domain=domain,
            task_list=task_list,
            slots=concurrency,
            heartbeats=self._heartbeats,
            answers=Answers(self._client, self._closing, payloads=payloads, retried=self.statistics.retried),
            statistics=self.statistics,
            payloads=payloads,
        )
        self._inbox: SimpleQueue[str] = SimpleQueue()
        self._crew = Crew(
            self._poll,
            self._desk.work,
            size=concurrency,
            pollers=min(pollers, concurrency),
            ended=lambda: self._inbox.put(_ENDED),
        )
        self._hurried = False
        self._started = False
        self._stop_lock = threading.Lock()
        self._stopped = False

    def ensure_activities_registered(self) -> None:
        """Registers every activity as a type, with this worker's task list as its default; an existing type is fine.

        Where its defaults differ, a warning names them, or with `strict_registration` PyflowException does.
        """
        self._types.register(self._client, self.task_list, strict=self._strict)

    def step(self) -> bool:
        """Polls once and answers once, in this thread; whether there was a task."""
        task = self._client.poll_for_activity_task(self.task_list, self.identity)
        if task is None:
            return False
        self._heartbeats.start()
        self._desk.work(task)
        return True

    def start(self) -> None:
        """Registers the types and starts the threads; `stop` ends them. Raises what registering raises."""
        if self._started:
            raise PyflowException("this worker was started before: make another one")
        self._started = True
        if self._register:
            self.ensure_activities_registered()
        if self.metrics_port is not None:
            self._serve_metrics(self.metrics_port)
        self._heartbeats.start()
        self._crew.start()

    def stop(self) -> int:
        """Stops as protocol/worker.md orders it, and waits; 0, or 1 when an activity was cut short.

        No new polls; polls in flight and activities may end for `graceful_timeout` seconds; then activities are told to
        stop; those that don't within `cancel_timeout` are answered with a failure and left behind.
        """
        with self._stop_lock:
            if self._started and not self._stopped:
                self._stopped = True
                self._drain()
            return self.exit_code

    def run(self, *, max_time: float | None = None, on_ready: Callable[[], object] | None = None) -> int:
        """Starts, waits for SIGTERM or SIGINT (in the main thread) or `max_time` seconds, stops; the exit code.

        A second signal tells activities to stop at once, a third leaves them behind. on_ready: called once the types
        are registered and polls begin. Raises what registering raises, and PyflowException when SWF refuses the polls
        for good.
        """
        with signals_to(self._inbox):
            self.start()
            if on_ready is not None:
                on_ready()
            try:
                why = self._inbox.get(timeout=max_time)
                logger.info("stopping: %s", why)
            except Empty:
                logger.info("stopping after %s s", max_time)
            stopping = threading.Thread(target=self._stop_and_say, name="pyflow-stop", daemon=True)
            stopping.start()
            while (news := self._inbox.get()) != "stopped":
                if news != _ENDED:
                    logger.warning("%s again: stopping at once", news)
                    self.hurry()
        if self._crew.error is not None:
            raise self._crew.error
        return self.exit_code

    @property
    def left_behind(self) -> bool:
        """Whether an activity still runs after `stop`; its threads may keep the process from ending by itself."""
        return self._stopped and self._desk.busy > 0

    def hurry(self) -> None:
        """Ends the wait that a stop is in: first for polls and activities, then for those that were told to stop."""
        self._hurried = True
        self._crew.look()

    def __enter__(self) -> ActivityWorker:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _poll(self, backoff: Backoff) -> ActivityTask | None:
        try:
            self._calls.prepare()
            task = self._client.poll_for_activity_task(self.task_list, self.identity)
        except Exception as error:
            self._calls.release()
            self.statistics.poll("failed")
            delay = backoff.failed()
            if not is_transient(error) and backoff.failures >= POLL_TRIES:
                raise _refusal(error, self.task_list) from error
            logger.warning("polling %s again in %.1f s: %s", self.task_list, delay, message_of(error))
            self._crew.quiet.wait(delay)
            return None
        if task is None:
            self._calls.release()
        self.statistics.poll("empty" if task is None else "task")
        backoff.succeeded()
        return task

    @property
    def health(self) -> dict[str, Any]:
        """How it is, as `/health` says: `status`, `slots`, `busy`, `seconds_since_poll`."""
        from pyflow.worker.activities.metrics import health_of

        return health_of(
            self.statistics,
            slots=self._slots,
            busy=self._desk.busy,
            draining=self._crew.quiet.is_set(),
            now=time.monotonic(),
        )

    def _serve_metrics(self, port: int) -> None:
        from pyflow.worker.activities.metrics import families
        from pyflow.worker.process.serving import MetricsServer

        self._metrics = MetricsServer(
            port,
            lambda: families(self.statistics, slots=self._slots, busy=self._desk.busy),
            lambda: self.health,
        )
        self.metrics_port = self._metrics.port
        logger.info("metrics at http://127.0.0.1:%d", self.metrics_port)

    def _stop_and_say(self) -> None:
        try:
            self.stop()
        finally:
            self._inbox.put("stopped")

    def _drain(self) -> None:
        self._crew.poll_no_more()
        left = self._crew.wait(self._graceful_timeout, until=lambda: self._hurried)
        if not left:
            self._hurried = False
            self._desk.close()
            if self._desk.busy:
                self._crew.wait(self._cancel_timeout, until=lambda: self._hurried or not self._desk.busy)
            self._closing.set()
            self._desk.answer_the_rest()
            if not self._crew.wait(0) and not self._desk.busy:
                logger.warning("a poll is left open: a task that SWF gives it now is lost until its timeout")
        self._heartbeats.stop()
        self._calls.close()
        self._client.close()
        if self._metrics is not None:
            self._metrics.close()
        self.exit_code = 1 if self._desk.cut_short else 0


def poll_for_activities(
    activities: Iterable[Activity[..., Any]],
    domain: str,
    task_list: str,
    identity: str | None = None,
    max_time: float | None = None,
) -> int:
    """Runs the activities until SIGTERM, SIGINT or `max_time` seconds; the twin of `poll_for_executions`.

    Returns 0, or 1 when an activity was cut short.
    """
    return ActivityWorker(domain, task_list, activities, identity=identity).run(max_time=max_time)


def _refusal(error: Exception, task_list: str) -> PyflowException:
    if isinstance(error, PyflowException):
        return error
    return PyflowException(f"SWF refused to be polled for task list {task_list}: {message_of(error)}")
