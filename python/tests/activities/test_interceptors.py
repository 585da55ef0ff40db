"""Functions around each call of an activity."""

from __future__ import annotations

import contextvars
import json
from typing import Any

import pytest
from activities.fake_swf import FakeSWF

import pyflow
from pyflow.declare.activity import activity
from pyflow.worker.activities.worker import ActivityWorker

tenant = contextvars.ContextVar("tenant", default="nobody")


@activity
def double(value: Any) -> Any:
    return value * 2


@activity
async def who() -> str:
    return tenant.get()


def answer(*interceptors: Any, input: str = "2", of: Any = double) -> tuple[str, dict[str, Any]]:
    """The answer to one task of a worker with these interceptors."""
    swf = FakeSWF()
    swf.offer(of.name, input)
    assert ActivityWorker("shop", "cards", [of], client=swf, interceptors=interceptors).step()
    (given,) = swf.answers
    return given


def test_the_first_one_is_outermost_and_each_may_change_the_result():
    said = []

    def outer(context: Any, proceed: Any) -> Any:
        said.append("outer begins")
        result = proceed()
        said.append(f"outer got {result}")
        return result + 1

    def inner(context: Any, proceed: Any) -> Any:
        said.append("inner begins")
        return proceed() * 10

    assert answer(outer, inner)[1]["result"] == "41"
    assert said == ["outer begins", "inner begins", "outer got 40"]


def test_it_reads_who_the_activity_is_and_the_headers_of_its_input():
    seen = []

    def looking(context: pyflow.ActivityContext, proceed: Any) -> Any:
        assert pyflow.current_activity() is context
        seen.append((context.info.name, context.info.headers["traceparent"], context.attempt))
        return proceed()

    answer(
        looking, input='{"$pyflow":1,"enc":"json","value":2,"h":{"traceparent":"00-ab-cd-01","attempt":3}}'
    )
    assert seen == [("double", "00-ab-cd-01", 3)]


def test_what_it_raises_fails_the_task_and_the_activity_may_never_be_called():
    def refusing(context: Any, proceed: Any) -> Any:
        raise pyflow.ApplicationError("not today", type="Closed", non_retryable=True)

    kind, arguments = answer(refusing)
    assert (kind, arguments["reason"]) == ("failed", "Closed")


def test_it_may_catch_what_the_activity_raises():
    @activity
    def fail() -> None:
        raise ValueError("no")

    def forgiving(context: Any, proceed: Any) -> Any:
        with pytest.raises(ValueError, match="no"):
            proceed()
        return "forgiven"

    assert answer(forgiving, input="", of=fail)[1]["result"] == '"forgiven"'


def test_a_context_variable_that_it_sets_is_seen_by_an_async_activity():
    def of_acme(context: Any, proceed: Any) -> Any:
        token = tenant.set("acme")
        try:
            return proceed()
        finally:
            tenant.reset(token)

    assert answer(of_acme, input="", of=who)[1]["result"] == '"acme"'


def test_the_stack_of_a_failure_begins_with_the_interceptor():
    @activity
    def fail() -> None:
        raise ValueError("no")

    def passing(context: Any, proceed: Any) -> Any:
        return proceed()

    stack = json.loads(answer(passing, input="", of=fail)[1]["details"])["failure"]["stack"]
    assert [line.rpartition(" in ")[2] for line in stack] == ["fail", "proceed", "passing"]
