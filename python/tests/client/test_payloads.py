"""Clients with the decider's keys and stores: what they send is sealed, what they read is opened."""

from __future__ import annotations

import json
from typing import Any

import pytest

import pyflow
from pyflow import codec
from pyflow.client.timeline import timeline
from pyflow.codec import KeyRing
from pyflow.errors import Failure, PayloadUnavailable, UnknownCodec
from pyflow.stores import FileStore, Payloads
from pyflow.stores.decisions import open_events as open_all
from pyflow.stores.shown import show_text
from pyflow.testing import replay

RING = KeyRing({"new": bytes(range(32))}, "new")
CARD = {"card": "4111", "amount": 7}
BIG = {"rows": [str(number**7) for number in range(10_000)]}
NO_KEY = (
    'can\'t be read here: a payload needs the codec "aes-256-gcm", configured here: zlib:'
    " name the keys, by --key-file or in payloads="
)


@pytest.fixture
def payloads(tmp_path) -> Payloads:
    return Payloads(keys=RING, stores={"big": FileStore(tmp_path / "store")})


def start(house, value: Any, payloads: Payloads, **options: Any) -> dict[str, str]:
    return pyflow.start_workflow(
        house.domain,
        "Order",
        "1.0",
        None,
        input=json.dumps(value),
        client=house.client,
        payloads=payloads,
        **options,
    )


@pytest.mark.parametrize("value", [CARD, BIG], ids=["encrypted", "stored"])
def test_an_input_is_sealed(house, payloads, value) -> None:
    started = start(house, value, payloads)
    (said,) = house.attributes(started["runId"], "WorkflowExecutionStarted", started["workflowId"])
    assert json.loads(said["input"])["codecs"][-1] == "aes-256-gcm"
    assert payloads.read(said["input"]).value == value


def test_the_same_start_finds_its_run_though_no_two_ciphertexts_are_alike(house, payloads) -> None:
    one = start(house, CARD, payloads, workflow_id="w")
    assert start(house, CARD, payloads, workflow_id="w") == one
    with pytest.raises(pyflow.WorkflowAlreadyStartedException, match="open already .* with another input"):
        start(house, {"card": "4112"}, payloads, workflow_id="w")


def test_without_keys_and_stores_an_input_is_the_callers_text(house) -> None:
    started = pyflow.start_workflow(
        house.domain, "Order", "1.0", None, input='{ "a" :1}', client=house.client, workflow_id="w"
    )
    assert house.attributes(started["runId"], "WorkflowExecutionStarted")[0]["input"] == '{ "a" :1}'


def test_signals_are_sealed_and_so_is_the_start_that_carries_one(house, payloads) -> None:
    run_id = house.open()
    pyflow.signal_workflow(
        house.domain, "w", "paid", CARD, client=house.client, payloads=payloads, signal_id="s1"
    )
    (signal,) = house.attributes(run_id, "WorkflowExecutionSignaled")
    read = payloads.read(signal["input"])
    assert (read.value, read.id, "4111" in signal["input"]) == (CARD, "s1", False)
    started = pyflow.signal_with_start(
        *(house.domain, "Order", "1.0", None, "other", "paid", BIG), client=house.client, payloads=payloads
    )
    events = house.events(str(started["runId"]), "other")
    assert "823543" not in json.dumps(events, default=str)
    (opened, *_) = open_all(events, payloads)
    carried = codec.decode_start(opened["workflowExecutionStartedEventAttributes"]["input"])
    assert carried is not None
    assert codec.decode(carried.signals[0].input) == BIG


@pytest.mark.parametrize("value", [CARD, BIG], ids=["encrypted", "stored"])
def test_a_result_is_opened(house, payloads, value) -> None:
    run_id = house.open()
    house.close(result=payloads.write(value))
    asked = {"client": house.client, "time": house}
    assert pyflow.get_workflow_result(house.domain, "w", run_id, payloads=payloads, **asked) == value
    status = pyflow.get_workflow_status(house.domain, "w", run_id, house.client, payloads=payloads)
    assert codec.decode(status.result) == value
    with pytest.raises(UnknownCodec if value is CARD else PayloadUnavailable) as refusal:
        pyflow.get_workflow_result(house.domain, "w", run_id, **asked)
    if value is CARD:
        assert str(refusal.value) == f"result of w {NO_KEY}"
    else:
        assert str(refusal.value).endswith(
            "configured here: none: name the store, by --store or in payloads="
        )
    assert json.loads(pyflow.get_workflow_status(house.domain, "w", run_id, house.client).result)["codecs"]


def test_a_failure_is_opened_or_keeps_its_reason(house, payloads) -> None:
    run_id = house.open()
    reason, details = payloads.failure(Failure(type="CardDeclined", message="4111 declined"))
    house.close("FailWorkflowExecution", reason=reason, details=details)

    def failed(**options: Any) -> pyflow.WorkflowFailedException:
        with pytest.raises(pyflow.WorkflowFailedException) as failure:
            pyflow.get_workflow_result(house.domain, "w", run_id, client=house.client, time=house, **options)
        return failure.value

    assert (failed(payloads=payloads).type, failed(payloads=payloads).message) == (
        "CardDeclined",
        "4111 declined",
    )
    assert (failed().type, failed().message) == ("CardDeclined", f"its details {NO_KEY}")


def test_a_state_is_opened_or_said_to_be_unreadable(house, payloads) -> None:
    run_id = house.open()
    house.decide(
        context=json.dumps({"$pyflow": 1, "behaviour": 1, "state": payloads.write({"step": "4111"})})
    )
    status = pyflow.get_workflow_status(house.domain, "w", run_id, house.client, payloads=payloads)
    assert (status.state, status.state_unreadable) == ({"step": "4111"}, None)
    status = pyflow.get_workflow_status(house.domain, "w", run_id, house.client)
    assert (status.state, status.state_unreadable) == (None, f"state {NO_KEY}")


def test_a_text_is_shown_as_json_wherever_it_lies(payloads) -> None:
    assert show_text('{ "a":1}', payloads) == '{ "a":1}'
    assert show_text("no payload", payloads) == "no payload"
    assert show_text(payloads.write(CARD), payloads) == '{"card": "4111", "amount": 7}'
    assert json.loads(show_text(payloads.write(BIG), payloads)) == BIG
    assert show_text(codec.encode(CARD, coding="msgpack"), Payloads()) == '{"card": "4111", "amount": 7}'
    assert show_text(payloads.write(CARD), Payloads(), "result of event 7") == f"(result of event 7 {NO_KEY})"
    _, details = payloads.failure(Failure(type="A", message="b"))
    assert show_text(details, payloads) == '{"$pyflow":1,"failure":{"type":"A","message":"b"}}'
    assert show_text('{"$pyflow":1,"data":"M"}', payloads, "it").startswith(
        '(it can\'t be read here: an envelope has "M" as data'
    )


class Order(pyflow.Workflow):
    NAME = "Order"

    def run(self, given):
        return given["card"]


def test_a_sealed_history_is_replayed_with_the_keys_and_says_what_would_help_without(house, payloads) -> None:
    started = start(house, CARD, payloads, workflow_id="w")
    house.client.poll_for_decision_task(domain=house.domain, taskList={"name": "deciders"})
    events = house.events(started["runId"])
    (decision,) = replay(events, Order, payloads=payloads)
    assert decision["completeWorkflowExecutionDecisionAttributes"]["result"] == '"4111"'
    assert timeline(events) == []
    with pytest.raises(pyflow.PyflowException, match='needs the codec "aes-256-gcm", configured here: zlib'):
        replay(events, Order)
    with pytest.raises(
        pyflow.PyflowException,
        match=r"the history can't be replayed: input of event 1 .*: payloads= takes keys",
    ):
        replay(events, Order, payloads=Payloads(keys=KeyRing({"other": bytes(32)})))
