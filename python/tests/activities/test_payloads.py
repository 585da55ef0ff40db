"""An activity worker with keys and a store: what it reads, what it answers, and what it says it lacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from activities.fake_swf import FakeSWF

from pyflow import codec
from pyflow.codec import KeyRing
from pyflow.declare.activity import Activity, activity
from pyflow.errors import ActivityCanceled, ApplicationError
from pyflow.stores import FileStore, Payloads
from pyflow.worker.activities.context import current_activity
from pyflow.worker.activities.worker import ActivityWorker

RING = KeyRing({"2026-11": bytes(range(32)), "2025": bytes(32)}, encrypt_with="2026-11")
BIG = [str(number**7) for number in range(30_000)]


@activity
def double(value: Any) -> Any:
    return value * 2


def answer(payloads: Payloads, text: str | None, work: Activity[..., Any] = double) -> tuple[str, Any]:
    """The one answer to the one task offered."""
    swf = FakeSWF()
    swf.offer(work.name, text)
    assert ActivityWorker("shop", "cards", [work], client=swf, payloads=payloads).step() is True
    (given,) = swf.answers
    return given


def test_an_encrypted_input_has_an_encrypted_result() -> None:
    payloads = Payloads(keys=RING)
    kind, arguments = answer(payloads, payloads.write("card 4111"))
    assert kind == "completed"
    assert json.loads(arguments["result"])["codecs"] == ["aes-256-gcm"]
    assert payloads.read(arguments["result"]).value == "card 4111card 4111"


def test_a_plain_input_is_read_as_ever() -> None:
    kind, arguments = answer(Payloads(keys=RING), '"a"')
    assert (kind, Payloads(keys=RING).read(arguments["result"]).value) == ("completed", "aa")


def test_a_failure_is_encrypted_and_its_reason_is_not() -> None:
    @activity
    def charge(card: str) -> None:
        raise ApplicationError(f"{card} declined", type="CardDeclined", details={"card": card})

    kind, arguments = answer(Payloads(keys=RING), '"4111"', charge)
    assert (kind, arguments["reason"]) == ("failed", "CardDeclined")
    assert "4111" not in arguments["details"]
    told = codec.decode_failure("", arguments["details"], codecs=Payloads(keys=RING).codecs)
    assert (told.message, told.details) == ("4111 declined", {"card": "4111"})


def test_what_lies_in_a_store_is_fetched_and_what_does_not_fit_is_stored(tmp_path: Path) -> None:
    payloads = Payloads(stores={"default": FileStore(tmp_path)})
    kind, arguments = answer(payloads, payloads.write(BIG))
    assert kind == "completed"
    assert json.loads(arguments["result"])["ref"]["store"] == "default"
    assert payloads.read(arguments["result"]).value == BIG * 2


def test_headers_beside_a_claim_check_reach_the_activity(tmp_path: Path) -> None:
    @activity
    def attempt(value: Any) -> int:
        return current_activity().info.attempt

    payloads = Payloads(stores={"default": FileStore(tmp_path)})
    text = payloads.write(BIG, headers={"attempt": 3})
    assert answer(payloads, text, attempt)[1]["result"] == "3"


def retryable(payloads: Payloads, text: str) -> tuple[str, str]:
    """Type and message of the failure, which another worker may not have."""
    kind, arguments = answer(payloads, text)
    told = codec.decode_failure("", arguments["details"], codecs=payloads.codecs)
    assert (kind, told.non_retryable) == ("failed", False)
    return told.type, told.message


def test_a_key_that_the_worker_lacks_may_be_on_another() -> None:
    text = Payloads(keys=RING).write("a")
    assert retryable(Payloads(keys=KeyRing({"2025": bytes(32)}, "2025")), text) == (
        "pyflow.UnknownCodec",
        'a payload needs the key "2026-11" of aes-256-gcm, configured here: 2025',
    )


def test_a_store_that_the_worker_lacks_may_be_on_another(tmp_path: Path) -> None:
    text = Payloads(stores={"big": FileStore(tmp_path)}).write(BIG)
    assert retryable(Payloads(), text) == (
        "pyflow.PayloadUnavailable",
        'a payload lies in the store "big", configured here: none',
    )


def test_a_result_that_can_not_be_stored_may_be_on_another(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    writer = Payloads(stores={"default": FileStore(tmp_path)})
    reader = Payloads(stores={"broken": FileStore(tmp_path / "file"), "default": FileStore(tmp_path)})
    kind, message = retryable(reader, writer.write(BIG))
    assert kind == "pyflow.PayloadUnavailable"
    assert message.startswith('result of activity double 1.0 can\'t be written to the store "broken": ')


def test_an_object_that_was_changed_is_bad_content(tmp_path: Path) -> None:
    payloads = Payloads(stores={"default": FileStore(tmp_path)})
    text = payloads.write(BIG)
    path = tmp_path / json.loads(text)["ref"]["key"]
    path.write_bytes(bytes(path.stat().st_size))
    kind, arguments = answer(payloads, text)
    assert (kind, arguments["reason"]) == ("failed", "pyflow.PayloadDecodeError")


@pytest.mark.parametrize("details", [{"page": "4111"}, BIG])
def test_heartbeats_and_cancel_details_are_encrypted(details: Any, tmp_path: Path) -> None:
    @activity(heartbeat_timeout=10)
    def page() -> None:
        current_activity().heartbeat({"page": "4111"})
        raise ActivityCanceled(details=details)

    payloads = Payloads(keys=RING, stores={"default": FileStore(tmp_path)})
    swf = FakeSWF()
    swf.cancel_requested = True
    swf.offer("page", None)
    ActivityWorker("shop", "cards", [page], client=swf, payloads=payloads).step()
    assert "4111" not in str(swf.calls)
