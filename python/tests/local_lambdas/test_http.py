"""The Runtime API's port is for the process it was opened for: not for pages, nor for other paths."""

from __future__ import annotations

import asyncio
import http.client
import json

import pytest

from pyflow.local.lambdas.conversation import Conversation, Invocation, Raised
from pyflow.local.lambdas.http import RuntimeApi

NEXT = "/2018-06-01/runtime/invocation/next"


def asked(method: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
    """Status and error type of one request to a port where an event waits."""

    def request(address: str) -> tuple[int, str]:
        there = http.client.HTTPConnection(address, timeout=20)
        there.request(method, path, headers=headers)
        answer = there.getresponse()
        told = json.loads(answer.read())
        there.close()
        return answer.status, told["errorType"]

    async def story() -> tuple[int, str]:
        conversation = Conversation()
        invocation = Invocation("r1", b"{}", {}, asyncio.get_running_loop().create_future())
        conversation.offer(invocation)
        port = await RuntimeApi().listen(conversation)
        try:
            return await asyncio.to_thread(request, port.address)
        finally:
            assert not invocation.taken
            port.close()

    return asyncio.run(story())


@pytest.mark.parametrize("headers", [{"Origin": "https://example.org"}, {"Host": "rebound.example.org:80"}])
def test_a_page_in_a_browser_gets_no_event(headers: dict[str, str]) -> None:
    assert asked("GET", NEXT, headers) == (403, "Forbidden")


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
    assert asked(method, path, {}) == (404, "UnknownPath")


def test_a_start_that_fails_before_any_event_was_offered_is_remembered() -> None:
    conversation = Conversation()
    conversation.fail_start(b"{}")
    assert conversation.spent


def test_an_answer_that_comes_twice_changes_nothing() -> None:
    async def story() -> object:
        conversation = Conversation()
        conversation.offer(
            invocation := Invocation("r1", b"{}", {}, asyncio.get_running_loop().create_future())
        )
        await conversation.next()
        assert conversation.fail("r1", b"first")
        assert not conversation.respond("r1", b"second")
        return invocation.answer.result()

    assert asyncio.run(story()) == Raised(b"first")
