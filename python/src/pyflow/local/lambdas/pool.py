"""The warm processes of one function: started on demand, used again, one invocation at a time in each."""

from __future__ import annotations

import asyncio
import time
import uuid

from pyflow.local.lambdas.conversation import Exited, Invocation, Raised, Returned
from pyflow.local.lambdas.documents import document, exited
from pyflow.local.lambdas.function import Function
from pyflow.local.lambdas.http import RuntimeApi
from pyflow.local.lambdas.process import Process


class Pool:
    """Up to `concurrency` processes of one function; who comes when all are busy waits."""

    def __init__(self, function: Function, api: RuntimeApi, concurrency: int, idle_seconds: float) -> None:
        self._function = function
        self._api = api
        self._slots = asyncio.Semaphore(concurrency)
        self._idle_seconds = idle_seconds
        self._idle: dict[Process, asyncio.TimerHandle] = {}
        self._busy: set[Process] = set()
        self._closing: set[asyncio.Task[None]] = set()

    async def invoke(self, event: bytes, deadline: float) -> Returned | Raised:
        """Run the event in a process; deadline, on the wall clock, is when whoever asks gives it up.

        Canceling it kills the process that has the event.
        """
        async with self._slots:
            while True:
                warm = self._warm()
                try:
                    process = warm or await Process.start(self._function, self._api)
                except OSError as error:
                    program = self._function.command.argv[0]
                    why = f"{program} can't be started: {error.strerror or error}"
                    return Raised(document("Runtime.InvalidEntrypoint", why).encode())
                invocation = self._invocation(event, deadline)
                answer = await self._run(process, invocation)
                if not isinstance(answer, Exited):
                    return answer
                if warm is None or answer.taken:
                    return Raised(exited(invocation.request_id, answer.status).encode())
                # it ended by itself after its last answer: the event was not seen, another process takes it

    async def close(self) -> None:
        """Kill every process and wait until they have ended."""
        for process in list(self._idle):
            self._retire(process)
        for process in self._busy:
            self._discard(process)
        while self._closing:
            await asyncio.wait(self._closing)

    def _warm(self) -> Process | None:
        """An idle process, the one used last first; those that ended meanwhile are cleared away."""
        while self._idle:
            process, retirement = self._idle.popitem()
            retirement.cancel()
            if process.reusable:
                return process
            self._discard(process)
        return None

    def _rest(self, process: Process) -> None:
        """Keep it warm, for a while."""
        loop = asyncio.get_running_loop()
        self._idle[process] = loop.call_later(self._idle_seconds, self._retire, process)

    def _retire(self, process: Process) -> None:
        self._idle.pop(process).cancel()
        self._discard(process)

    async def _run(self, process: Process, invocation: Invocation) -> Returned | Raised | Exited:
        self._busy.add(process)
        try:
            answer = await process.run(invocation)
        except BaseException:
            self._discard(process)
            raise
        finally:
            self._busy.discard(process)
        if process.reusable:
            self._rest(process)
        else:
            self._discard(process)
        return answer

    def _invocation(self, event: bytes, deadline: float) -> Invocation:
        request_id = str(uuid.uuid4())
        headers = {
            "Lambda-Runtime-Aws-Request-Id": request_id,
            "Lambda-Runtime-Invoked-Function-Arn": self._function.arn,
            "Lambda-Runtime-Trace-Id": f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]};Sampled=0",
        }
        seconds = self._function.limits.seconds
        answer = asyncio.get_running_loop().create_future()
        return Invocation(request_id, event, headers, deadline, seconds, answer)

    def _discard(self, process: Process) -> None:
        """Kill it now, clear up behind it in the background."""
        process.kill()
        closing = asyncio.ensure_future(process.close())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
