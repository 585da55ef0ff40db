"""A warm process: a command line in a process group of its own, and the conversation held with it."""

from __future__ import annotations

import asyncio
import logging
import os
import uuid
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from pyflow.local.lambdas.conversation import Conversation, Exited, Invocation, Raised, Returned
from pyflow.local.lambdas.function import Function
from pyflow.local.lambdas.group import ProcessGroup
from pyflow.local.lambdas.http import Port, RuntimeApi
from pyflow.local.lambdas.output import Output

# each would switch awslambdaric into another mode (lambda_config.py, bootstrap.py of 4.2.2)
_WITHHELD = frozenset({"AWS_LAMBDA_MAX_CONCURRENCY", "_LAMBDA_TELEMETRY_LOG_FD"})

MEBIBYTE = 1_048_576

LOOK_EVERY = 0.1
"""Seconds between looks at the memory of a process that has an invocation."""

logger = logging.getLogger("pyflow.local")


class Process:
    """One process of a function; it takes one invocation at a time."""

    def __init__(self, function: Function, conversation: Conversation, port: Port, output: Output) -> None:
        self._function = function
        self._conversation = conversation
        self._port = port
        self._output = output
        self._process: asyncio.subprocess.Process | None = None
        self._group: ProcessGroup | None = None
        self._exited: asyncio.Future[int] | None = None

    @classmethod
    async def start(cls, function: Function, api: RuntimeApi) -> Process:
        """Start the function's command; raises OSError where it can't be."""
        conversation = Conversation()
        port = await api.listen(conversation)
        started = cls(function, conversation, port, Output(function.name))
        try:
            started._process = await asyncio.create_subprocess_exec(
                *function.command.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=started._output.write_end,
                stderr=started._output.write_end,
                env=environment(function, port.address),
                start_new_session=True,
            )
            started._group = ProcessGroup(started._process.pid)
            port.serve(started._group)
            started._output.started()
            started._exited = asyncio.ensure_future(started._process.wait())
        except BaseException:
            await started.close()
            raise
        return started

    @property
    def reusable(self) -> bool:
        """Whether it can take another invocation."""
        return not self._conversation.spent and not self._has_exited()

    async def run(self, invocation: Invocation) -> Returned | Raised | Exited:
        """Hand the invocation over and wait for the answer, or for the process to end.

        Where this is canceled the process still has the invocation: close it.
        """
        assert self._exited is not None
        self._conversation.offer(invocation)
        waited: set[asyncio.Future[Any]] = {invocation.answer, self._exited}
        while True:
            seconds = min(LOOK_EVERY, max(0.0, invocation.seconds_left))
            done, _ = await asyncio.wait(waited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if done:
                break
            self._restrain(invocation)
        if invocation.answer.done():
            return invocation.answer.result()
        return Exited(self._exited.result(), invocation.taken)

    def _restrain(self, invocation: Invocation) -> None:
        """End the process where it is beyond its function's limits.

        Memory is what the group has in use, not a limit on its address space (RLIMIT_AS): a JVM reserves gigabytes
        of that which it never touches, and would not even start.
        """
        assert self._group is not None
        if invocation.seconds_left <= 0:
            self._conversation.expire()
            self.kill()
            return
        limit = self._function.limits.memory
        if (held := self._group.memory(limit * MEBIBYTE)) > limit * MEBIBYTE:
            logger.warning(
                "lambda function %s holds %d MB of its %d: its process is killed (--lambda-memory)",
                self._function.name,
                held // MEBIBYTE,
                limit,
            )
            self.kill()

    def _has_exited(self) -> bool:
        """Ask the system: the loop may not have got round to the news, and an event must not go to a dead process."""
        if self._process is None or self._process.returncode is not None:
            return True
        if not hasattr(os, "waitid"):  # macOS before Python 3.13
            return False
        try:
            left = os.WEXITED | os.WNOHANG | os.WNOWAIT
            return os.waitid(os.P_PID, self._process.pid, left) is not None
        except ChildProcessError:  # reaped already
            return True

    def kill(self) -> None:
        """End the process group now."""
        if self._group is not None:
            self._group.kill()

    async def close(self) -> None:
        """Kill the process group, wait for the process, tell its last output."""
        self.kill()
        try:
            if self._exited is not None:
                await self._exited
        finally:
            self._port.close()
            self._output.close()


def environment(function: Function, address: str) -> Mapping[str, str]:
    """Our environment and what Lambda adds to a function's (developer guide, "Defined runtime variables")."""
    now = datetime.now(timezone.utc)
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    ours = {key: value for key, value in os.environ.items() if key not in _WITHHELD}
    return ours | {
        "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.limits.memory),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": f"{now:%Y/%m/%d}/[$LATEST]{uuid.uuid4().hex}",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "LAMBDA_TASK_ROOT": str(Path.cwd()),
        "TZ": ":UTC",
        "_HANDLER": function.command.handler,
    }
