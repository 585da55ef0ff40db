"""Processes are started on demand, used again, and gone when they should be."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from pyflow.local.lambdas import Completed, Failed, HostedFunctions, TimedOut

FUNCTIONS = """
import os, socket, subprocess, sys, time

def pid(event, context):
    return os.getpid()

def work(event, context):
    time.sleep(0.7)
    return os.getpid()

def behave(event, context):
    if event == "raise":
        raise ValueError("asked to")
    if event == "exit":
        sys.exit(3)
    return os.getpid()

def meet(event, context):
    child = subprocess.Popen(["sleep", "600"])
    with socket.create_connection(("127.0.0.1", event)) as there:
        there.sendall(f"{os.getpid()} {child.pid}\\n".encode())
        there.recv(1)
    child.kill()
    return os.getpid()
"""

HANDLERS = {name: f"app:{name}" for name in ("pid", "work", "behave", "meet")}


@pytest.fixture(autouse=True)
def _functions(write_module: Callable[[str], None]) -> None:
    write_module(FUNCTIONS)


def hosting(story: Callable[[HostedFunctions], Any], **options: Any) -> Any:
    """Run the story with these functions hosted; the host is closed at its end."""

    async def told() -> Any:
        functions = HostedFunctions(HANDLERS, **options)
        try:
            return await story(functions)
        finally:
            await functions.close()

    return asyncio.run(told())


async def answer(functions: HostedFunctions, name: str, event: object = None) -> Any:
    """The value that an invocation completes with."""
    outcome = await functions.invoke(name, json.dumps(event), 20)
    assert isinstance(outcome, Completed), outcome
    return json.loads(outcome.result)


def test_a_process_that_answered_takes_the_next_invocation() -> None:
    async def story(functions: HostedFunctions) -> Any:
        return [await answer(functions, "pid") for _ in range(3)]

    assert len(set(hosting(story))) == 1


def test_a_handler_that_raised_keeps_its_process() -> None:
    async def story(functions: HostedFunctions) -> tuple[int, int]:
        before = await answer(functions, "behave")
        assert isinstance(await functions.invoke("behave", '"raise"', 20), Failed)
        return before, await answer(functions, "behave")

    before, after = hosting(story)
    assert before == after


def test_after_an_exit_the_next_invocation_has_a_new_process() -> None:
    async def story(functions: HostedFunctions) -> tuple[int, int]:
        before = await answer(functions, "behave")
        assert isinstance(await functions.invoke("behave", '"exit"', 20), Failed)
        return before, await answer(functions, "behave")

    before, after = hosting(story)
    assert before != after


def test_one_invocation_at_a_time_in_each_process_up_to_the_concurrency() -> None:
    async def story(functions: HostedFunctions) -> Any:
        return await asyncio.gather(*(answer(functions, "pid") for _ in range(6)))

    assert len(set(hosting(story, concurrency=1))) == 1
    assert len(set(hosting(story, concurrency=2))) <= 2


def test_as_many_as_the_concurrency_run_side_by_side() -> None:
    async def story(functions: HostedFunctions) -> Any:
        async with meeting() as meet:
            invocations = [asyncio.create_task(answer(functions, "meet", meet.port)) for _ in range(3)]
            for _ in range(3):
                await meet.arrival()
            meet.over.set()
            return await asyncio.gather(*invocations)

    assert len(set(hosting(story, concurrency=3))) == 3


def test_a_process_that_ended_while_idle_costs_no_invocation(has_ended: Callable[[int], bool]) -> None:
    async def story(functions: HostedFunctions) -> tuple[int, int]:
        before = await answer(functions, "pid")
        os.kill(before, signal.SIGKILL)
        assert has_ended(before)
        return before, await answer(functions, "pid")

    before, after = hosting(story)
    assert before != after


def test_a_process_that_was_idle_for_too_long_is_ended(has_ended: Callable[[int], bool]) -> None:
    async def story(functions: HostedFunctions) -> tuple[int, int]:
        before = await answer(functions, "pid")
        assert await asyncio.to_thread(has_ended, before)
        return before, await answer(functions, "pid")

    before, after = hosting(story, idle_seconds=0)
    assert before != after


def test_a_process_at_work_is_not_idle() -> None:
    async def story(functions: HostedFunctions) -> Any:
        return await answer(functions, "work"), await answer(functions, "work")

    assert len(hosting(story, idle_seconds=0.5)) == 2


def test_a_crash_leaves_the_invocations_beside_it_alone() -> None:
    async def story(functions: HostedFunctions) -> tuple[list[int], int]:
        async with meeting() as meet, meeting() as endless:
            beside = asyncio.create_task(answer(functions, "meet", meet.port))
            pids = await meet.arrival()
            assert await functions.invoke("meet", str(endless.port), 0.5) == TimedOut()
            assert isinstance(await functions.invoke("behave", '"exit"', 20), Failed)
            meet.over.set()
            return pids, await beside

    pids, answered = hosting(story)
    assert pids[0] == answered


def test_a_timeout_ends_the_whole_process_group(has_ended: Callable[[int], bool]) -> None:
    async def story(functions: HostedFunctions) -> Any:
        async with meeting() as meet:
            invocation = asyncio.create_task(functions.invoke("meet", str(meet.port), 5))
            pids = await meet.arrival()
            assert await invocation == TimedOut()
            return pids

    assert [has_ended(pid) for pid in hosting(story)] == [True, True]


def test_canceling_an_invocation_ends_its_process_group(has_ended: Callable[[int], bool]) -> None:
    async def story(functions: HostedFunctions) -> None:
        async with meeting() as meet:
            invocation = asyncio.create_task(functions.invoke("meet", str(meet.port), 60))
            pids = await meet.arrival()
            invocation.cancel()
            with pytest.raises(asyncio.CancelledError):
                await invocation
            ended = [await asyncio.to_thread(has_ended, pid) for pid in pids]
            assert ended == [True, True]

    hosting(story)


def test_close_ends_what_is_idle_and_what_is_busy(has_ended: Callable[[int], bool]) -> None:
    async def story(functions: HostedFunctions) -> tuple[object, list[int]]:
        idle = await answer(functions, "pid")
        async with meeting() as meet:
            invocation = asyncio.create_task(functions.invoke("meet", str(meet.port), 60))
            pids = await meet.arrival()
            await functions.close()
            return await invocation, [idle, *pids]

    outcome, pids = hosting(story)
    assert outcome == Failed("ServiceException", "the local Lambda host was closed in mid-invocation")
    assert [has_ended(pid) for pid in pids] == [True, True, True]


def test_a_closed_host_takes_no_invocation_and_closes_again() -> None:
    async def story(functions: HostedFunctions) -> object:
        await functions.close()
        return await functions.invoke("pid", "", 20)

    assert hosting(story) == Failed("ServiceException", "the local Lambda host is closed")


def test_nothing_stays_open_behind_processes_that_came_and_went() -> None:
    descriptors = Path("/proc/self/fd")

    async def story(functions: HostedFunctions) -> None:
        for event in ("exit", "raise", "exit", None, "exit"):
            await functions.invoke("behave", json.dumps(event), 20)

    hosting(story)  # what is imported and opened once
    before = len(list(descriptors.iterdir()))
    hosting(story)
    assert len(list(descriptors.iterdir())) == before


def test_a_warm_process_ends_by_itself_when_its_host_is_killed(has_ended: Callable[[int], bool]) -> None:
    program = """
        import asyncio
        from pyflow.local.lambdas import HostedFunctions

        async def main():
            functions = HostedFunctions({"pid": "app:pid"})
            print((await functions.invoke("pid", "", 20)).result, flush=True)
            await asyncio.Event().wait()

        asyncio.run(main())
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True
    ) as host:
        assert host.stdout is not None
        warm = int(host.stdout.readline())
        host.kill()
    assert has_ended(warm)


class Meeting:
    """A port where handlers say which processes they are, and wait until the test lets them go."""

    def __init__(self) -> None:
        self.port = 0
        self.over = asyncio.Event()
        self._arrivals: asyncio.Queue[list[int]] = asyncio.Queue()

    async def arrival(self) -> list[int]:
        """The pids of the next handler that came, and of the child it started."""
        return await self._arrivals.get()

    async def receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one handler's call, and end it when the meeting is over."""
        self._arrivals.put_nowait([int(pid) for pid in (await reader.readline()).split()])
        await self.over.wait()
        writer.close()


@contextlib.asynccontextmanager
async def meeting() -> AsyncIterator[Meeting]:
    """Hold a meeting; it is over at the latest when the block is left."""
    meet = Meeting()
    server = await asyncio.start_server(meet.receive, "127.0.0.1", 0)
    meet.port = server.sockets[0].getsockname()[1]
    try:
        yield meet
    finally:
        meet.over.set()
        server.close()
