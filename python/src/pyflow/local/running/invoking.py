"""Lambda tasks: the service is their worker, and somebody else's functions do the work."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from pyflow.local.engine.accept import lambdas
from pyflow.local.engine.durations import lambda_timeout
from pyflow.local.engine.fault import Fault
from pyflow.local.engine.tasks import LAMBDA
from pyflow.local.lambdas.outcome import Completed, Failed, Functions, TimedOut
from pyflow.local.running.pace import RETRY

if TYPE_CHECKING:
    from pyflow.local.running.running import Running

NO_FUNCTIONS = "this local SWF hosts no functions: start it with --lambda NAME=module:function"

logger = logging.getLogger("pyflow.local")


class Invoker:
    """Invokes a function for every lambda task that waits.

    A task whose call the end of the server cut off is called again by the next one on the same database: as
    in Lambda itself, a function may run more than once.
    """

    def __init__(self, running: Running, functions: Functions | None) -> None:
        self._running = running
        self._functions = functions
        self._calls: dict[tuple[int, int], asyncio.Task[None]] = {}
        service = running.service
        service.on_lambda = self._begin
        for row in service.store.tasks(LAMBDA):
            self._begin(row.run, row.scheduled_id)

    @property
    def busy(self) -> bool:
        """Whether a function is being called."""
        return bool(self._calls)

    async def close(self) -> None:
        """End every call; their tasks stay open."""
        calls = list(self._calls.values())
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        if self._functions is not None:
            await self._functions.close()

    def _begin(self, run: int, scheduled_id: int) -> None:
        key = (run, scheduled_id)
        self._calls[key] = asyncio.get_running_loop().create_task(self._call(*key))
        self._calls[key].add_done_callback(lambda _: self._ended(key))

    def _ended(self, key: tuple[int, int]) -> None:
        self._calls.pop(key, None)
        self._running.stir()

    async def _call(self, key: int, scheduled_id: int) -> None:
        try:
            while not await self._carried_out(key, scheduled_id):
                await asyncio.sleep(RETRY)
        except Exception:
            logger.exception("could not carry out a lambda task")

    async def _carried_out(self, key: int, scheduled_id: int) -> bool:
        """Carry out a task; False where the database took its start or its end not, so that it is as it was."""
        try:
            request = self._start(key, scheduled_id)
            if request is not None:
                await self._running.durable()
                outcome = await self._invoke(*request)
                self._end(key, scheduled_id, outcome)
                await self._running.durable()
        except Fault:
            return False
        return True

    def _start(self, key: int, scheduled_id: int) -> tuple[str, str, float] | None:
        """Name, payload and seconds of a task now started; None where there is nothing to call."""
        service = self._running.service
        run = service.runs.get(key)
        task = None if run is None else run.lambdas.by_event.get(scheduled_id)
        if run is None or not run.open or task is None:
            return None
        if not task.started_id:
            self._running.act(lambda now: service.perform(run, lambdas.start(run, task, now), now))
            if not task.started_id or not run.open:
                return None
        scheduled = task.scheduled
        seconds = float(lambda_timeout(scheduled))
        if task.answer_by is not None:
            seconds = min(seconds, max(0.0, (task.answer_by - service.clock.now()) / 1000))
        return scheduled["name"], scheduled.get("input") or "{}", seconds

    async def _invoke(self, name: str, payload: str, seconds: float) -> Completed | Failed | TimedOut:
        if self._functions is None:
            return Failed("ResourceNotFoundException", f"Function not found: {name} ({NO_FUNCTIONS})")
        return await self._functions.invoke(name, payload, seconds)

    def _end(self, key: int, scheduled_id: int, outcome: Completed | Failed | TimedOut) -> None:
        service = self._running.service
        run = service.runs.get(key)
        task = None if run is None else run.lambdas.by_event.get(scheduled_id)
        if run is None or not run.open or task is None:
            return
        now = service.clock.now()
        if isinstance(outcome, Completed):
            records = lambdas.complete(run, task, outcome.result, now)
        elif isinstance(outcome, Failed):
            records = lambdas.fail(run, task, outcome.reason, outcome.details, now)
        else:
            records = lambdas.time_out(run, task, now)
        self._running.act(lambda now: service.perform(run, records, now))
