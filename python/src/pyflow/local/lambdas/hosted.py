"""Lambda functions run on this machine, in warm processes behind the Lambda Runtime API."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from pyflow.local.lambdas.command import Command, HostingError, python_handler, runnable
from pyflow.local.lambdas.conversation import Raised
from pyflow.local.lambdas.documents import document, posted
from pyflow.local.lambdas.function import Function, Limits, arn, bare_name
from pyflow.local.lambdas.http import RuntimeApi
from pyflow.local.lambdas.inflight import InFlight
from pyflow.local.lambdas.json_text import NotJson, json_text
from pyflow.local.lambdas.outcome import DATA_LIMIT, Completed, Failed, TimedOut, units
from pyflow.local.lambdas.pool import Pool

IDLE_SECONDS = 600.0
"""How long a process waits for its next invocation before it is ended; AWS keeps one for minutes too."""


class HostedFunctions:
    """Functions by name, each run by its own command.

    handlers: function name to `module:function`, found from the current directory and PYTHONPATH, or to a
    Command; concurrency: processes that each function may have; limits: function name to Limits, for those that
    have others than everybody; idle_seconds: how long a process may wait for its next invocation.
    Raises HostingError where a handler can't be hosted.
    """

    def __init__(
        self,
        handlers: Mapping[str, str | Command],
        *,
        concurrency: int = 4,
        limits: Mapping[str, Limits] | None = None,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        given = limits or {}
        if unknown := sorted(given.keys() - handlers.keys()):
            raise HostingError(f"lambda function {unknown[0]!r} has limits, but is not hosted here")
        self._functions = {
            name: Function(name, _command(name, target), given.get(name, Limits()))
            for name, target in handlers.items()
        }
        self._concurrency = concurrency
        self._idle_seconds = idle_seconds
        self._api: RuntimeApi | None = None
        self._pools: dict[str, Pool] = {}
        self._in_flight = InFlight()

    async def invoke(self, name: str, payload: str, seconds: float) -> Completed | Failed | TimedOut:
        """See `Functions.invoke`; a function that runs too long loses its process group."""
        known = name if name in self._functions else bare_name(name)
        if known not in self._functions:
            hosted = ", ".join(sorted(self._functions)) or "none"
            return Failed("ResourceNotFoundException", f"Function not found: {arn(known)} (hosted: {hosted})")
        event = event_of(payload)
        if isinstance(event, Failed):
            return event
        deadline = time.time() + seconds
        return await self._in_flight.within(seconds, self._invoke(known, event, deadline))

    async def close(self) -> None:
        """End every process group; an invocation under way fails with reason `ServiceException`."""
        await self._in_flight.close()
        await asyncio.gather(*(pool.close() for pool in self._pools.values()))

    async def _invoke(self, name: str, event: bytes, deadline: float) -> Completed | Failed:
        answer = await self._pool(name).invoke(event, deadline)
        if isinstance(answer, Raised):
            return Failed("UnhandledError", posted(answer.body))
        return completed(name, answer.body)

    def _pool(self, name: str) -> Pool:
        """The function's pool, made when first asked for: there must be a running loop."""
        if self._api is None:
            self._api = RuntimeApi()
        if name not in self._pools:
            self._pools[name] = Pool(self._functions[name], self._api, self._concurrency, self._idle_seconds)
        return self._pools[name]


def _command(name: str, target: str | Command) -> Command:
    return runnable(name, target) if isinstance(target, Command) else python_handler(name, target)


def event_of(payload: str) -> bytes | Failed:
    """The event to send for a payload, or Lambda's refusal of what is not JSON."""
    try:
        return json_text((payload or "{}").encode("utf-8", "surrogatepass")).encode()
    except NotJson as error:
        return Failed("InvalidRequestContentException", f"Could not parse request body into json: {error}")


def completed(name: str, answer: bytes) -> Completed | Failed:
    """The outcome of a function that returned this, whoever ran it: it must be JSON, and fit SWF's result."""
    try:
        result = json_text(answer)
    except NotJson as error:
        return Failed(
            "UnhandledError", document("Runtime.MarshalError", f"Unable to marshal response: {error}")
        )
    if (length := units(result)) > DATA_LIMIT:
        why = f"result of {name} is {length} characters, SWF takes {DATA_LIMIT}: return less, or a reference"
        return Failed("UnhandledError", document("Function.ResponseSizeTooLarge", why))
    return Completed(result)
