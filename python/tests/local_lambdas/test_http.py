"""The Runtime API's port is for the process it was opened for: not for pages, nor for other paths."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import socket
import subprocess
from collections.abc import Iterator

import pytest

from pyflow.local.lambdas.conversation import Conversation, Invocation, Raised
from pyflow.local.lambdas.group import ProcessGroup
from pyflow.local.lambdas.http import RuntimeApi

NEXT = "/2018-06-01/runtime/invocation/next"
FAILED_START = "/2018-06-01/runtime/init/error"


@pytest.fixture
def stranger() -> Iterator[int]:
    """The process group of a process that has nothing to do with these tests."""
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as process:
        yield process.pid
        process.kill()


def waiting() -> Invocation:
    """An event that nobody has taken."""
    return Invocation("r1", b"{}", {}, 2e9, 60, asyncio.get_running_loop().create_future())


def asked(method: str, path: str, headers: dict[str, str], owner: int) -> tuple[int, str]:
    """Status and error type of one request to a port where an event waits for the owner's process group."""

    def request(address: str) -> tuple[int, str]:
        there = http.client.HTTPConnection(address, timeout=20)
        there.request(method, path, headers=headers)
        answer = there.getresponse()
        told = json.loads(answer.read())
        there.close()
        return answer.status, told["errorType"]

    async def story() -> tuple[int, str]:
        conversation = Conversation()
        invocation = waiting()
        conversation.offer(invocation)
        port = await RuntimeApi().listen(conversation)
        port.serve(ProcessGroup(owner))
        try:
            return await asyncio.to_thread(request, port.address)
        finally:
            assert not invocation.taken
            assert not conversation.spent
            port.close()

    return asyncio.run(story())


@pytest.mark.parametrize("headers", [{"Origin": "https://example.org"}, {"Host": "rebound.example.org:80"}])
def test_a_page_in_a_browser_gets_no_event(headers: dict[str, str]) -> None:
    assert asked("GET", NEXT, headers, os.getpgid(0)) == (403, "Forbidden")


@pytest.mark.parametrize(("method", "path"), [("GET", NEXT), ("POST", FAILED_START)])
def test_a_process_of_another_group_gets_no_event_and_fails_no_start(
    stranger: int, method: str, path: str
) -> None:
    assert asked(method, path, {}, stranger) == (403, "Forbidden")


@pytest.mark.parametrize("host", ["127.0.0.1", "::ffff:127.0.0.1"])
def test_a_process_of_the_group_is_known_by_its_connection_whichever_family_it_speaks(
    stranger: int, host: str
) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(family) as client:
        here = server.getsockname()
        client.connect((host, here[1]))
        there = server.accept()[1]
        assert ProcessGroup(os.getpgid(0)).holds(here, there)
        assert not ProcessGroup(stranger).holds(here, there)
        client.close()
        assert not ProcessGroup(os.getpgid(0)).holds(here, there)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("POST", NEXT),
        ("GET", "/2018-06-01/runtime/restore/next"),
        ("GET", "/2018-06-01/runtime/invocation/r1/response"),
    ],
)
def test_a_path_that_is_not_of_the_runtime_api_is_unknown(method: str, path: str) -> None:
    assert asked(method, path, {}, os.getpgid(0)) == (404, "UnknownPath")


def test_a_start_that_fails_before_any_event_was_offered_is_remembered() -> None:
    conversation = Conversation()
    conversation.fail_start(b"{}")
    assert conversation.spent


def test_an_answer_that_comes_twice_changes_nothing() -> None:
    async def story() -> object:
        conversation = Conversation()
        conversation.offer(invocation := waiting())
        await conversation.next()
        assert conversation.fail("r1", b"first")
        assert not conversation.respond("r1", b"second")
        return invocation.answer.result()

    assert asyncio.run(story()) == Raised(b"first")
