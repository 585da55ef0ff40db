"""Lambda functions run on this machine, in warm processes behind the Lambda Runtime API."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from pyflow.local.lambdas.command import Command, python_handler
from pyflow.local.lambdas.conversation import Raised
from pyflow.local.lambdas.documents import document, posted
from pyflow.local.lambdas.http import RuntimeApi
from pyflow.local.lambdas.inflight import InFlight
from pyflow.local.lambdas.json_text import NotJson, json_text
from pyflow.local.lambdas.outcome import DATA_LIMIT, Completed, Failed, TimedOut, units
from pyflow.local.lambdas.pool import Pool

ACCOUNT = "123456789012"
"""The account in the ARNs that handlers see: the one of AWS's own examples."""


class HostedFunctions:
    """Functions by name, each run by its own command.

    handlers: function name to `module:function`, found from the current directory and PYTHONPATH, or to a
    Command; concurrency: processes that each function may have.
    Raises HostingError where a handler can't be hosted.
    """

    def __init__(self, handlers: Mapping[str, str | Command], *, concurrency: int = 4) -> None:
        self._commands = {
            name: target if isinstance(target, Command) else python_handler(name, target)
            for name, target in handlers.items()
        }
        self._concurrency = concurrency
        self._api: RuntimeApi | None = None
        self._pools: dict[str, Pool] = {}
        self._in_flight = InFlight()

    async def invoke(self, name: str, payload: str, seconds: float) -> Completed | Failed | TimedOut:
        """See `Functions.invoke`; a function that runs too long loses its process group."""
        known = name if name in self._commands else function_name(name)
        if known not in self._commands:
            hosted = ", ".join(sorted(self._commands)) or "none"
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
            self._pools[name] = Pool(name, arn(name), self._commands[name], self._api, self._concurrency)
        return self._pools[name]


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


def arn(name: str) -> str:
    """The ARN of a hosted function."""
    return f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}"


def function_name(name: str) -> str:
    """The bare name in a name, a partial or whole ARN, or one with a version or alias behind it.

    Source: Lambda API, Invoke, FunctionName.
    """
    _, found, rest = name.rpartition("function:")
    return (rest if found else name).partition(":")[0]
