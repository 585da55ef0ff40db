"""Activities in a test of their author's."""

from __future__ import annotations

import pytest

import pyflow
from pyflow.declare.activity import activity
from pyflow.testing.activity import ActivityEnvironment
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
    environment = ActivityEnvironment(workflow_id="order-7", headers={"attempt": 2})
    info = environment.run(activity(version="3")(lambda: current_activity().info))
    assert (info.name, info.version, info.workflow_id, info.attempt) == ("<lambda>", "3", "order-7", 2)


def test_an_async_activity_is_run_to_its_end():
    async def later() -> str:
        return current_activity().info.name

    assert ActivityEnvironment().run(later) == "later"


def test_details_that_a_worker_could_not_send_are_refused():
    def odd() -> None:
        current_activity().heartbeat({1, 2})

    with pytest.raises(pyflow.PayloadEncodeError):
        ActivityEnvironment().run(odd)
