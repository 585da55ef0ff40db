"""What an invocation may use: memory that its processes really hold, and time of the function's own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import textwrap
from collections.abc import Callable

import pytest

from pyflow.local.lambdas import Completed, Failed, HostedFunctions, HostingError, Limits, TimedOut
from pyflow.local.lambdas.group import ProcessGroup

Outcome = Completed | Failed | TimedOut
WriteModule = Callable[[str], None]

MEBIBYTE = 1_048_576
SMALL = Limits(memory=128)
SHORT = Limits(seconds=1)

FUNCTIONS = """
import os, subprocess, sys, time

HOG = "hog = bytearray(b'x') * (400 * 2**20); input()"

def app(event, context):
    if event == "pid":
        return os.getpid()
    if event == "limits":
        return [context.memory_limit_in_mb, context.get_remaining_time_in_millis() <= 1000]
    if event == "hold":
        hog = bytearray(b"x") * (400 * 2**20)
        time.sleep(600)
    if event == "child holds":
        child = subprocess.Popen([sys.executable, "-c", HOG], stdin=subprocess.PIPE)
        print(child.pid)
        child.wait()
    time.sleep(600)
"""


def invocations(limits: Limits, *events: str, seconds: float = 30) -> list[Outcome]:
    """Invoke app:app with these limits, one event after the other; the host is closed again."""

    async def story() -> list[Outcome]:
        functions = HostedFunctions({"app": "app:app"}, limits={"app": limits})
        try:
            return [await functions.invoke("app", json.dumps(event), seconds) for event in events]
        finally:
            await functions.close()

    return asyncio.run(story())


def ending(outcome: Outcome) -> tuple[str, str]:
    """Type and message of an unhandled error, without the request id."""
    assert isinstance(outcome, Failed), outcome
    assert outcome.reason == "UnhandledError"
    told = json.loads(outcome.details)
    request, error, message = told["errorMessage"].partition(" Error: ")
    assert (request[:11], error) == ("RequestId: ", " Error: ")
    return told["errorType"], message


def test_a_function_is_told_its_limits(write_module: WriteModule) -> None:
    write_module(FUNCTIONS)
    assert invocations(Limits(memory=256, seconds=1), "limits") == [Completed('["256", true]')]


def test_a_process_that_holds_too_much_memory_is_killed_and_another_takes_the_next_event(
    write_module: WriteModule, has_ended: Callable[[int], bool], caplog: pytest.LogCaptureFixture
) -> None:
    write_module(FUNCTIONS)
    before, killed, after = invocations(SMALL, "pid", "hold", "pid")
    assert ending(killed) == ("Runtime.ExitError", "Runtime exited with error: signal: killed")
    assert isinstance(before, Completed) and isinstance(after, Completed)
    assert before != after
    assert has_ended(int(before.result))
    [warning] = caplog.messages
    assert warning.startswith("lambda function app holds ")
    assert warning.endswith(" MB of its 128: its process is killed (--lambda-memory)")


def test_memory_that_a_child_holds_is_the_functions_too(
    write_module: WriteModule, has_ended: Callable[[int], bool], capsys: pytest.CaptureFixture[str]
) -> None:
    write_module(FUNCTIONS)
    [killed] = invocations(SMALL, "child holds")
    assert ending(killed) == ("Runtime.ExitError", "Runtime exited with error: signal: killed")
    assert has_ended(int(capsys.readouterr().err.removeprefix("[app] ")))


def test_memory_that_processes_share_is_counted_once_where_it_matters() -> None:
    program = r"""
        import os, signal
        held = bytearray(b"x") * (100 * 2**20)
        children = [os.fork() for _ in range(2)]
        os.write(1, b"ready\n")
        signal.pause()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        group = ProcessGroup(process.pid)
        try:
            assert [process.stdout.readline() for _ in range(4)] == ["ready\n"] * 4
            counted, exact = group.memory(10_240 * MEBIBYTE), group.memory(0)
        finally:
            group.kill()
    assert counted > 400 * MEBIBYTE
    assert 100 * MEBIBYTE < exact < 200 * MEBIBYTE


def test_a_function_over_its_own_time_fails_in_lambdas_words_and_loses_its_process(
    write_module: WriteModule, has_ended: Callable[[int], bool]
) -> None:
    write_module(FUNCTIONS)
    before, late, after = invocations(SHORT, "pid", "wait", "pid")
    assert ending(late) == ("Sandbox.Timedout", "Task timed out after 1.00 seconds")
    assert isinstance(before, Completed) and isinstance(after, Completed)
    assert before != after
    assert has_ended(int(before.result))


def test_the_start_of_a_process_takes_none_of_its_functions_time(write_module: WriteModule) -> None:
    write_module("import time\ntime.sleep(1.2)\ndef app(event, context): return event")
    assert invocations(SHORT, "late") == [Completed('"late"')]


def test_who_asks_may_give_up_before_the_functions_own_time_is_over(write_module: WriteModule) -> None:
    write_module(FUNCTIONS)
    assert invocations(Limits(seconds=900), "wait", seconds=1) == [TimedOut()]


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        ({"memory": 127}, "lambda memory is 127 MB: Lambda has 128 to 10240"),
        ({"memory": 10_241}, "lambda memory is 10241 MB: Lambda has 128 to 10240"),
        ({"seconds": 0}, "lambda timeout is 0 seconds: Lambda has 1 to 900"),
        ({"seconds": 901}, "lambda timeout is 901 seconds: Lambda has 1 to 900"),
    ],
)
def test_limits_that_lambda_does_not_have_are_refused(limits: dict[str, int], why: str) -> None:
    with pytest.raises(HostingError) as refused:
        Limits(**limits)
    assert str(refused.value) == why


def test_limits_of_a_function_that_is_not_there_are_refused() -> None:
    with pytest.raises(HostingError) as refused:
        HostedFunctions({"price": "app:price"}, limits={"prize": SMALL})
    assert str(refused.value) == "lambda function 'prize' has limits, but is not hosted here"
