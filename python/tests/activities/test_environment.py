"""Activities in a test of their author's."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import pytest

import pyflow
from pyflow.codec import KeyRing
from pyflow.declare.activity import activity
from pyflow.stores.payloads import Payloads
from pyflow.testing import ActivityEnvironment
from pyflow.worker.activities.context import current_activity


@activity(version="3")
def copy(pages: int) -> int:
    context = current_activity()
    for page in range(pages):
        context.heartbeat({"page": page})
        context.wait(60)
    return pages


def test_it_returns_what_the_activity_returns_and_keeps_its_heartbeats():
    environment = ActivityEnvironment()
    assert environment.run(copy, 2) == 2
    assert environment.heartbeats == [{"page": 0}, {"page": 1}]
    assert environment.waits == [60, 60]


def test_a_heartbeat_can_find_a_cancel_request():
    environment = ActivityEnvironment(cancel_at_heartbeat=2)
    with pytest.raises(pyflow.ActivityCanceled) as canceled:
        environment.run(copy, 5)
    assert canceled.value.reason == "requested"
    assert environment.heartbeats == [{"page": 0}, {"page": 1}]


def test_it_can_be_canceled_for_any_reason():
    environment = ActivityEnvironment()
    environment.cancel("worker_shutdown")
    with pytest.raises(pyflow.ActivityCanceled) as canceled:
        environment.run(copy, 1)
    assert canceled.value.reason == "worker_shutdown"
    assert environment.heartbeats == []


def test_the_activity_hears_who_it_is():
    @activity(version="3")
    def who() -> list[Any]:
        it = current_activity()
        return [it.info.name, it.info.version, it.info.workflow_id, it.attempt, it.last_heartbeat]

    environment = ActivityEnvironment(workflow_id="order-7", attempt=2, last_heartbeat={"page": 9})
    assert environment.run(who) == ["who", "3", "order-7", 2, {"page": 9}]


def test_it_hears_headers_that_a_decider_may_send():
    def trace() -> str:
        return str(current_activity().info.headers["traceparent"])

    assert ActivityEnvironment(headers={"traceparent": "00-ab-cd-01"}).run(trace) == "00-ab-cd-01"


def test_an_async_activity_is_run_to_its_end():
    async def later() -> str:
        return current_activity().info.name

    assert ActivityEnvironment().run(later) == "later"


def test_an_async_activity_is_canceled_at_an_await():
    environment = ActivityEnvironment()

    async def hold() -> None:
        environment.shutdown()
        await asyncio.sleep(3600)

    with pytest.raises(pyflow.ActivityCanceled) as canceled:
        environment.run(hold)
    assert canceled.value.reason == "worker_shutdown"


def test_input_and_result_go_through_the_codec():
    def both(pair: Any) -> Any:
        assert pair == [1, 2]
        return (3, 4)

    assert ActivityEnvironment().run(both, (1, 2)) == [3, 4]
    with pytest.raises(pyflow.PayloadEncodeError, match="result of activity <lambda> 1.0 holds a set"):
        ActivityEnvironment().run(lambda: {1})
    with pytest.raises(pyflow.PayloadEncodeError, match="input of activity both 1.0 holds a set"):
        ActivityEnvironment().run(both, {1})


@dataclasses.dataclass
class Receipt:
    cents: int


def test_typed_values_stay_so():
    @activity
    def charge(receipt: Receipt, *, twice: bool = False) -> Receipt:
        current_activity().heartbeat(receipt)
        return Receipt(receipt.cents * (2 if twice else 1))

    environment = ActivityEnvironment()
    assert environment.run(charge, Receipt(7), twice=True) == Receipt(14)
    assert environment.heartbeats == [{"cents": 7}]
    with pytest.raises(TypeError, match=r"input of activity charge 1.0: \$.receipt.cents is a text"):
        environment.run(charge, {"cents": "7"})


def test_open_keywords_are_keys_of_the_input():
    assert ActivityEnvironment().run(lambda first, **more: [first, more], 1, second=2) == [1, {"second": 2}]


def test_interceptors_and_keys_are_as_in_a_worker():
    pytest.importorskip("cryptography")
    payloads = Payloads(keys=KeyRing({"k": b"k" * 32}, "k"))
    environment = ActivityEnvironment(
        payloads=payloads, interceptors=[lambda context, proceed: proceed() + 1]
    )
    assert environment.run(copy, 2) == 3
    assert environment.heartbeats == [{"page": 0}, {"page": 1}]


def test_an_answer_that_is_left_to_somebody_else_is_none():
    environment = ActivityEnvironment()
    assert environment.run(lambda: current_activity().complete_later()) is None
    assert environment.deferred


def test_details_that_a_worker_could_not_send_are_refused():
    def odd() -> None:
        current_activity().heartbeat({1, 2})

    with pytest.raises(pyflow.PayloadEncodeError):
        ActivityEnvironment().run(odd)
