"""An activity that leaves its answer to somebody else, and whoever gives it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from activities.fake_swf import FakeSWF, Fault

import pyflow
from pyflow.codec import KeyRing
from pyflow.declare.activity import activity
from pyflow.stores.payloads import Payloads
from pyflow.worker.activities.worker import ActivityWorker


@activity
def approve(document: Any) -> str:
    token = pyflow.current_activity().complete_later()
    if document is None:
        raise ValueError("nothing to approve")
    return token


def step(swf: FakeSWF, input: str | None) -> None:
    swf.offer("approve", input)
    assert ActivityWorker("shop", "desks", [approve], client=swf).step()


@pytest.fixture
def swf() -> FakeSWF:
    return FakeSWF()


def test_what_the_activity_returns_is_not_answered(swf):
    step(swf, '"report"')
    assert swf.answers == []


def test_what_it_raises_still_fails_the_task(swf):
    step(swf, None)
    ((kind, arguments),) = swf.answers
    assert (kind, arguments["reason"]) == ("failed", "ValueError")


def test_somebody_else_completes_it(swf):
    pyflow.ActivityCompletion("token1", client=swf).complete({"by": "Ada"})
    pyflow.ActivityCompletion("token2", client=swf).complete()
    assert swf.answers == [
        ("completed", {"taskToken": "token1", "result": '{"by": "Ada"}'}),
        ("completed", {"taskToken": "token2"}),
    ]


def test_somebody_else_fails_it_as_the_activity_might_have(swf):
    error = pyflow.ApplicationError("no", type="Refused", non_retryable=True)
    pyflow.ActivityCompletion("token1", client=swf).fail(error)
    ((kind, arguments),) = swf.answers
    assert (kind, arguments["reason"]) == ("failed", "Refused")
    assert json.loads(arguments["details"])["failure"]["non_retryable"] is True


def test_somebody_else_beats_for_it_and_hears_of_a_cancel(swf):
    completion = pyflow.ActivityCompletion("token1", client=swf)
    completion.heartbeat({"seen": True})
    swf.cancel_requested = True
    with pytest.raises(pyflow.ActivityCanceled) as canceled:
        completion.heartbeat()
    assert canceled.value.reason == "requested"
    completion.cancel({"seen": True})
    assert swf.named("record_activity_task_heartbeat") == [
        {"taskToken": "token1", "details": '{"seen": true}'},
        {"taskToken": "token1"},
    ]
    assert swf.answers == [("canceled", {"taskToken": "token1", "details": '{"seen": true}'})]


@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("respond_activity_task_completed", lambda it: it.complete(1)),
        ("respond_activity_task_failed", lambda it: it.fail(ValueError())),
        ("respond_activity_task_canceled", lambda it: it.cancel()),
        ("record_activity_task_heartbeat", lambda it: it.heartbeat()),
    ],
)
def test_a_task_that_is_no_more_is_told(swf, operation, call):
    swf.faults[operation] = [Fault("UnknownResourceFault", "Unknown activity")]
    with pytest.raises(
        pyflow.UnknownExecutionException, match="SWF knows no such activity task: it was answered"
    ):
        call(pyflow.ActivityCompletion("token1", client=swf))


def test_other_faults_reach_the_caller_who_may_try_again(swf):
    swf.faults["respond_activity_task_completed"] = [Fault("ThrottlingException", "Rate exceeded")]
    completion = pyflow.ActivityCompletion("token1", client=swf)
    with pytest.raises(Fault):
        completion.complete(1)
    completion.complete(1)
    assert swf.answers == [("completed", {"taskToken": "token1", "result": "1"})]


def test_a_result_that_can_not_be_sent_leaves_the_task_open(swf):
    with pytest.raises(pyflow.PayloadEncodeError, match="result of the activity holds a set"):
        pyflow.ActivityCompletion("token1", client=swf).complete({1})
    assert swf.answers == []


def test_its_payloads_are_the_workers(swf):
    pytest.importorskip("cryptography")
    payloads = Payloads(keys=KeyRing({"k": b"k" * 32}, "k"))
    pyflow.ActivityCompletion("token1", client=swf, payloads=payloads).complete("secret")
    ((_, arguments),) = swf.answers
    assert payloads.read(arguments["result"]).value == "secret"
    assert "secret" not in arguments["result"]
