"""Events are opened and decisions sealed, so that a decider's core needs neither keys nor stores."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from pyflow import codec
from pyflow.codec import CarriedSignal, KeyRing
from pyflow.codec.payloads import reference
from pyflow.errors import DeciderException, Failure, PayloadTooLarge, PayloadUnavailable
from pyflow.stores import FileStore, Payloads
from pyflow.stores.decisions import DECISION_FIELDS, open_events, seal_context, seal_decisions

RING = KeyRing({"new": bytes(range(32)), "old": bytes(32)}, "new")
KEYED = Payloads(keys=RING)
BIG = [str(number**7) for number in range(30_000)]


def event(kind: str, **attributes: Any) -> dict[str, Any]:
    return {
        "eventId": 7,
        "eventType": kind,
        f"{kind[0].lower()}{kind[1:]}EventAttributes": attributes,
    }


def decision(kind: str, **attributes: Any) -> dict[str, Any]:
    return {"decisionType": kind, f"{kind[0].lower()}{kind[1:]}DecisionAttributes": attributes}


def opened(payloads: Payloads, **attributes: Any) -> dict[str, Any]:
    """The attributes of an event, opened."""
    (found,) = open_events([event("ActivityTaskCompleted", **attributes)], payloads)
    return dict(found["activityTaskCompletedEventAttributes"])


def sealed(payloads: Payloads, kind: str, **attributes: Any) -> dict[str, Any]:
    """The attributes of a decision, sealed."""
    (found,) = seal_decisions([decision(kind, **attributes)], payloads)
    return dict(found[f"{kind[0].lower()}{kind[1:]}DecisionAttributes"])


@pytest.mark.parametrize("text", ['{"id": 7}', "7", '"\\u00e9"', "no JSON", '{"$pyflow":1,"value":7}'])
def test_what_needs_no_key_stays_as_it_is(text: str) -> None:
    assert opened(KEYED, result=text, scheduledEventId=5) == {"result": text, "scheduledEventId": 5}


@pytest.mark.parametrize(
    "value", [7, {"id": 7}, {"$pyflow": 1, "value": 2}, b"\0", "é", None, {"$ts": "soon"}, [1.5, b"x"]]
)
def test_what_was_encrypted_is_opened(value: Any) -> None:
    assert codec.decode(opened(KEYED, result=KEYED.write(value))["result"]) == value


def test_headers_and_an_id_stay_beside_what_was_encrypted() -> None:
    text = opened(KEYED, input=KEYED.write(7, id="s1", headers={"attempt": 2}))["input"]
    payload = codec.read(text)
    assert (payload.value, payload.id, payload.headers) == (7, "s1", {"attempt": 2})


def test_what_lies_in_a_store_is_fetched(tmp_path: Path) -> None:
    payloads = Payloads(keys=RING, stores={"default": FileStore(tmp_path)})
    assert codec.decode(opened(payloads, result=payloads.write(BIG))["result"]) == BIG


def test_a_failure_is_opened() -> None:
    reason, details = KEYED.failure(Failure("CardDeclined", "card declined", details={"code": 7}))
    found = codec.decode_failure(reason, opened(KEYED, reason=reason, details=details)["details"])
    assert (found.type, found.message, found.details) == ("CardDeclined", "card declined", {"code": 7})


def test_no_event_is_changed_in_place() -> None:
    given = event("ActivityTaskCompleted", result=KEYED.write(7))
    before = json.dumps(given)
    assert open_events([given], KEYED) != [given]
    assert json.dumps(given) == before


def test_bad_content_is_a_text_that_no_decoder_takes(tmp_path: Path) -> None:
    envelope = json.loads(KEYED.write(7))
    envelope["data"] = envelope["data"][:-4] + "AAA="
    text = opened(KEYED, result=json.dumps(envelope))["result"]
    assert text.startswith('unreadable: the codec "aes-256-gcm" can\'t undo the bytes of a payload: ')


def test_what_lies_in_a_store_is_counted_before_it_is_opened(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    data = zlib.compress(b"\x90" * 1_000_001)
    claim = reference.of(data, "default", "msgpack", ("zlib",))
    store.put(claim.key, data)
    ref = {"store": claim.store, "key": claim.key, "size": claim.size, "sha256": claim.sha256}
    text = json.dumps({"$pyflow": 1, "enc": "msgpack", "codecs": ["zlib"], "ref": ref})
    found = opened(Payloads(stores={"default": store}), result=text)["result"]
    assert found.startswith("unreadable: a payload has more than 1000000 values: ")


def test_a_key_that_is_not_here_parks(tmp_path: Path) -> None:
    other = Payloads(keys=KeyRing({"old": bytes(32)}))
    with pytest.raises(DeciderException) as refusal:
        opened(other, result=KEYED.write(7))
    assert (
        str(refusal.value) == "result of event 7 ActivityTaskCompleted can't be read here: "
        'a payload needs the key "new" of aes-256-gcm, configured here: old'
    )


def test_an_object_that_is_not_here_parks(tmp_path: Path) -> None:
    text = Payloads(stores={"big": FileStore(tmp_path)}).write(BIG)
    with pytest.raises(DeciderException, match='lies in the store "big", configured here: other'):
        opened(Payloads(stores={"other": FileStore(tmp_path)}), result=text)


@pytest.mark.parametrize(("kind", "field"), [*DECISION_FIELDS.items()])
def test_what_a_decision_holds_is_encrypted(kind: str, field: str) -> None:
    text = sealed(KEYED, kind, **{field: '{"card": "4111"}'})[field]
    assert "4111" not in text
    assert opened(KEYED, details=text)["details"]  # of a failure: a document
    if kind != "FailWorkflowExecution":
        assert KEYED.read(text).value == {"card": "4111"}


def test_the_input_of_a_lambda_function_and_what_is_no_payload_stay() -> None:
    scheduled = decision("ScheduleLambdaFunction", id="lambda1", name="f", input='{"card": "4111"}')
    timer = decision("StartTimer", timerId="sleep1", startToFireTimeout="5")
    assert seal_decisions([scheduled, timer], KEYED) == [scheduled, timer]


def test_a_failure_of_the_workflow_is_encrypted_whatever_its_details_are() -> None:
    for details in ("Traceback: card 4111", codec.encode_failure(Failure("A", "card 4111"))[1]):
        text = sealed(KEYED, "FailWorkflowExecution", reason="A", details=details)["details"]
        assert "4111" not in text
        assert "4111" in codec.decode_failure("A", text, codecs=KEYED.codecs).message


def test_what_does_not_fit_is_stored_and_what_fits_stays(tmp_path: Path) -> None:
    payloads = Payloads(stores={"default": FileStore(tmp_path)})
    attributes = sealed(payloads, "ScheduleActivityTask", activityId="activity1", input=json.dumps(BIG))
    assert codec.units(attributes["input"]) < 400
    assert payloads.read(attributes["input"]).value == BIG
    assert sealed(payloads, "ScheduleActivityTask", input='{"id": 7}') == {"input": '{"id": 7}'}


def test_what_can_not_be_stored_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    broken = Payloads(stores={"default": FileStore(tmp_path / "file")})
    with pytest.raises(
        PayloadUnavailable, match="input of ScheduleActivityTask can't be written to the store"
    ):
        sealed(broken, "ScheduleActivityTask", input=json.dumps(BIG))
    with pytest.raises(PayloadTooLarge, match="input of ScheduleActivityTask is .* SWF takes 32768"):
        sealed(KEYED, "ScheduleActivityTask", input=json.dumps(BIG))


@pytest.mark.parametrize("big", [False, True])
def test_the_input_of_a_run_that_carries_signals_is_sealed_and_opened(tmp_path: Path, big: bool) -> None:
    payloads = Payloads(keys=RING, stores={"default": FileStore(tmp_path)})
    signals = [CarriedSignal("paid", json.dumps(BIG if big else 7), "s1")]
    text = codec.encode_start('{"id": 7}', signals, limit=10_000_000)
    held = sealed(payloads, "ContinueAsNewWorkflowExecution", input=text)["input"]
    assert codec.units(held) <= 32_768
    assert ('"ref"' in held) == big
    start = codec.decode_start(opened(payloads, input=held)["input"])
    assert start == codec.Start('{"id": 7}', tuple(signals))


def test_what_a_client_sealed_inside_a_start_or_a_batch_is_opened_too() -> None:
    start = codec.encode_start(KEYED.write(7), [CarriedSignal("paid", KEYED.write(8), "s1")])
    found = codec.decode_start(opened(KEYED, input=start)["input"])
    assert found == codec.Start("7", (CarriedSignal("paid", "8", "s1"),))
    batch = codec.encode_batch("resize", [KEYED.write(7), "8"])
    assert codec.decode_batch(opened(KEYED, input=batch)["input"]) == codec.Batch("resize", ("7", "8"))


def test_the_state_in_an_execution_context_is_sealed_and_opened() -> None:
    context = '{"$pyflow":1,"behaviour":1,"state":"{\\"card\\": \\"4111\\"}"}'
    held = seal_context(context, KEYED, 32_000)
    assert held is not None
    assert "4111" not in held
    (completed,) = open_events([event("DecisionTaskCompleted", executionContext=held)], KEYED)
    state = json.loads(completed["decisionTaskCompletedEventAttributes"]["executionContext"])["state"]
    assert json.loads(state) == {"card": "4111"}
    assert seal_context('{"$pyflow":1,"void":true}', KEYED, 32_000) == '{"$pyflow":1,"void":true}'
    assert seal_context(None, KEYED, 32_000) is None


def test_without_keys_and_stores_all_stays() -> None:
    events, decisions = [event("ActivityTaskCompleted", result="7")], [decision("RecordMarker", details="7")]
    assert open_events(events, Payloads()) == events
    assert seal_decisions(decisions, Payloads()) == decisions
