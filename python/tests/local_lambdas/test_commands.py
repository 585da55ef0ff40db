"""Any command line that speaks the Runtime API can be hosted: here loops of a few lines, good and bad."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyflow.local.lambdas import Command, Completed, Failed, HostedFunctions, TimedOut

Outcome = Completed | Failed | TimedOut

LOOP = """
import http.client, os, sys

def call(method, path, body=None):
    there = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"], timeout=30)
    there.request(method, "/2018-06-01/runtime/" + path, body)
    answer = there.getresponse()
    return answer.status, answer.headers, answer.read()

def next_event():
    _, headers, event = call("GET", "invocation/next")
    return headers["Lambda-Runtime-Aws-Request-Id"], event

"""


def run(program: str, *events: str) -> list[Outcome]:
    """Host a program that begins with LOOP; invoke it with the events, one after the other."""
    Path("loop.py").write_text(LOOP + program, "utf-8")

    async def invocations() -> list[Outcome]:
        functions = HostedFunctions({"loop": Command((sys.executable, "loop.py"), "main")})
        try:
            return [await functions.invoke("loop", event, 20) for event in events]
        finally:
            await functions.close()

    return asyncio.run(invocations())


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_loop_of_four_lines_is_a_function() -> None:
    program = """
while True:
    request, event = next_event()
    call("POST", f"invocation/{request}/response", b'{"got":' + event + b'}')
"""
    assert run(program, "1", '"é"') == [Completed('{"got":1}'), Completed('{"got":"é"}')]


def test_a_result_is_measured_as_swf_measures_it() -> None:
    program = """
while True:
    request, event = next_event()
    text = '"' + "\\U0001F388" * int(event) + '"'
    call("POST", f"invocation/{request}/response", text.encode())
"""
    fits, too_long = run(program, "16383", "16384")
    assert fits == Completed('"' + "\U0001f388" * 16_383 + '"')
    assert isinstance(too_long, Failed)
    assert json.loads(too_long.details)["errorMessage"] == (
        "result of loop is 32770 characters, SWF takes 32768: return less, or a reference"
    )


def test_the_handler_is_told_in_the_environment() -> None:
    program = """
request, event = next_event()
call("POST", f"invocation/{request}/response", b'"%s"' % os.environb[b"_HANDLER"])
"""
    assert run(program, "1") == [Completed('"main"')]


@pytest.mark.parametrize(
    ("body", "error_type", "message"),
    [
        ('{"errorType":"TypeError","errorMessage":"no","trace":[]}', "TypeError", "no"),
        ("it broke", "Runtime.Unknown", "it broke"),
        ("", "Runtime.Unknown", ""),
        ('["a", "list"]', "Runtime.Unknown", '["a", "list"]'),
        (r'{"errorType":"E","errorMessage":"caf\ud800"}', "E", "caf?"),
    ],
)
def test_whatever_is_posted_as_an_error_becomes_a_document(body: str, error_type: str, message: str) -> None:
    program = f"""
request, event = next_event()
call("POST", f"invocation/{{request}}/error", {body.encode()!r})
"""
    [outcome] = run(program, "1")
    assert isinstance(outcome, Failed)
    document = json.loads(outcome.details)
    assert (outcome.reason, document["errorType"], document["errorMessage"]) == (
        "UnhandledError",
        error_type,
        message,
    )


def test_an_answer_to_another_invocation_is_refused() -> None:
    program = """
request, event = next_event()
status, _, text = call("POST", "invocation/8476a536-e9f4-11e8-9739-2dfe598c3fcd/response", b"1")
call("POST", f"invocation/{request}/response", b"[%d, %s]" % (status, text))
"""
    [outcome] = run(program, "1")
    assert isinstance(outcome, Completed)
    status, told = json.loads(outcome.result)
    assert (status, told["errorType"]) == (400, "InvalidRequestID")


def test_a_second_answer_is_refused_and_the_first_counts() -> None:
    program = """
while True:
    request, event = next_event()
    if event == b"1":
        call("POST", f"invocation/{request}/response", b'"first"')
        second, _, _ = call("POST", f"invocation/{request}/error", b"{}")
    else:
        call("POST", f"invocation/{request}/response", b"%d" % second)
"""
    assert run(program, "1", "2") == [Completed('"first"'), Completed("400")]


def test_asking_again_before_answering_gives_the_same_event_again() -> None:
    program = """
next_event()
request, event = next_event()
call("POST", f"invocation/{request}/response", event)
"""
    assert run(program, '"once"') == [Completed('"once"')]


def test_a_client_that_hung_up_and_asks_again_gets_the_event() -> None:
    program = """
import socket
request, event = next_event()
call("POST", f"invocation/{request}/response", b"1")
host, _, port = os.environ["AWS_LAMBDA_RUNTIME_API"].partition(":")
with socket.create_connection((host, int(port))) as given_up:
    given_up.sendall(b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: %s:%s\\r\\n\\r\\n" %
                     (host.encode(), port.encode()))
request, event = next_event()
call("POST", f"invocation/{request}/response", b"2")
"""
    assert run(program, "1", "2") == [Completed("1"), Completed("2")]


def test_half_an_answer_is_none() -> None:
    program = """
import socket
request, event = next_event()
host, _, port = os.environ["AWS_LAMBDA_RUNTIME_API"].partition(":")
there = socket.create_connection((host, int(port)))
there.sendall(b"POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\\r\\n"
              b"Host: %s:%s\\r\\nContent-Length: 100\\r\\n\\r\\n12" % (request.encode(), host.encode(), port.encode()))
sys.exit(5)
"""
    [outcome] = run(program, "1")
    assert isinstance(outcome, Failed)
    assert json.loads(outcome.details)["errorMessage"].endswith("exit status 5")


def test_a_program_that_is_gone_when_it_is_needed_fails_the_task_with_a_sentence(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)

    async def invocation() -> Outcome:
        functions = HostedFunctions({"gone": Command((str(program),))})
        program.unlink()
        try:
            return await functions.invoke("gone", "1", 20)
        finally:
            await functions.close()

    outcome = asyncio.run(invocation())
    assert isinstance(outcome, Failed)
    assert json.loads(outcome.details) == {
        "errorType": "Runtime.InvalidEntrypoint",
        "errorMessage": f"{program} can't be started: No such file or directory",
    }


def test_a_program_that_never_asks_for_an_event_times_out(has_ended: Callable[[int], bool]) -> None:
    async def invocation() -> Outcome:
        functions = HostedFunctions({"idle": Command(("sleep", "600"))})
        try:
            return await functions.invoke("idle", "1", 0.5)
        finally:
            await functions.close()

    assert asyncio.run(invocation()) == TimedOut()


def test_a_function_that_finds_the_port_of_another_gets_none_of_its_events() -> None:
    Path("loop.py").write_text(
        LOOP
        + """
while True:
    request, event = next_event()
    own = os.environ["AWS_LAMBDA_RUNTIME_API"]
    if event == b'"where"':
        answer = b'"%s"' % own.encode()
    else:
        os.environ["AWS_LAMBDA_RUNTIME_API"] = event.decode().strip('"')
        statuses = [call("GET", "invocation/next")[0], call("POST", "init/error", "{}")[0]]
        os.environ["AWS_LAMBDA_RUNTIME_API"] = own
        answer = b"%a" % statuses
    call("POST", f"invocation/{request}/response", answer)
""",
        "utf-8",
    )
    command = Command((sys.executable, "loop.py"))

    async def story() -> list[Outcome]:
        functions = HostedFunctions({"thief": command, "owner": command})
        try:
            owner = await functions.invoke("owner", '"where"', 20)
            assert isinstance(owner, Completed)
            stolen = await functions.invoke("thief", owner.result, 20)
            return [stolen, owner, await functions.invoke("owner", '"where"', 20)]
        finally:
            await functions.close()

    stolen, before, after = asyncio.run(story())
    assert stolen == Completed("[403, 403]")
    assert before == after
