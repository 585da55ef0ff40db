"""Values through keys and stores, and what is said where one is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pyflow import codec
from pyflow.codec import KeyRing
from pyflow.errors import (
    Failure,
    PayloadDecodeError,
    PayloadTooLarge,
    PayloadUnavailable,
    PyflowException,
    UnknownCodec,
)
from pyflow.stores import FileStore, Payloads
from pyflow.stores.texts import seal_text

OLD, NEW = bytes(32), bytes(range(32))
BIG = [str(number**7) for number in range(30_000)]  # 600 KB, 240 KB compressed


def test_what_fits_is_plain_and_not_stored(tmp_path: Path) -> None:
    payloads = Payloads(stores={"default": FileStore(tmp_path)})
    assert payloads.write({"id": 7}) == '{"id": 7}'
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_fit_is_stored_and_fetched(tmp_path: Path) -> None:
    payloads = Payloads(stores={"default": FileStore(tmp_path)})
    text = payloads.write(BIG)
    ref = json.loads(text)["ref"]
    assert (tmp_path / ref["key"]).stat().st_size == ref["size"]
    assert payloads.read(text).value == BIG
    assert payloads.write(BIG) == text


def test_what_is_stored_is_encrypted(tmp_path: Path) -> None:
    payloads = Payloads(keys=KeyRing({"new": NEW}, "new"), stores={"default": FileStore(tmp_path)})
    text = payloads.write(BIG)
    assert json.loads(text)["codecs"] == ["zlib", "aes-256-gcm"]
    assert payloads.read(text).value == BIG
    with pytest.raises(UnknownCodec, match='needs the codec "aes-256-gcm", configured here: zlib'):
        Payloads(stores={"default": FileStore(tmp_path)}).read(text)


def test_the_first_store_is_written_to_and_all_are_read(tmp_path: Path) -> None:
    old, new = FileStore(tmp_path / "old"), FileStore(tmp_path / "new")
    text = Payloads(stores={"old": old}).write(BIG)
    both = Payloads(stores={"new": new, "old": old})
    assert both.read(text).value == BIG
    assert json.loads(both.write(BIG))["ref"]["store"] == "new"


def test_without_a_store_what_does_not_fit_is_too_large() -> None:
    with pytest.raises(PayloadTooLarge, match="configure a payload store"):
        Payloads().write(BIG)


def test_a_store_that_is_not_here_is_named(tmp_path: Path) -> None:
    text = Payloads(stores={"old": FileStore(tmp_path)}).write(BIG)
    with pytest.raises(PayloadUnavailable) as refusal:
        Payloads(stores={"new": FileStore(tmp_path)}).read(text)
    assert str(refusal.value) == 'a payload lies in the store "old", configured here: new'


def test_an_object_that_is_gone_is_named(tmp_path: Path) -> None:
    payloads = Payloads(stores={"default": FileStore(tmp_path)})
    text = payloads.write(BIG)
    key = json.loads(text)["ref"]["key"]
    (tmp_path / key).unlink()
    with pytest.raises(PayloadUnavailable) as refusal:
        payloads.read(text)
    assert (
        str(refusal.value) == f'the store "default" has no {key}: it was deleted, or another store is meant'
    )


@pytest.mark.parametrize("change", [lambda data: data + b"x", lambda data: b"?" + data[1:]])
def test_an_object_that_was_changed_is_no_payload(tmp_path: Path, change: Any) -> None:
    payloads = Payloads(stores={"default": FileStore(tmp_path)})
    text = payloads.write(BIG)
    path = tmp_path / json.loads(text)["ref"]["key"]
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(PayloadDecodeError, match="sha256/"):
        payloads.read(text)


class Broken:
    """A store that nobody can reach."""

    def put(self, key: str, data: bytes) -> None:
        raise TimeoutError("no answer\nafter 5 s")

    def get(self, key: str, size: int) -> bytes | None:
        raise TimeoutError("no answer")


def test_a_store_that_can_not_be_reached_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PayloadUnavailable) as refusal:
        Payloads(stores={"far": Broken()}).write(BIG, what="result of bulk 1")
    assert (
        str(refusal.value)
        == 'result of bulk 1 can\'t be written to the store "far": TimeoutError: no answer after 5 s'
    )
    text = Payloads(stores={"far": FileStore(tmp_path)}).write(BIG)
    with pytest.raises(PayloadUnavailable, match='the store "far" can\'t be read: TimeoutError: no answer'):
        Payloads(stores={"far": Broken()}).read(text)


def test_no_more_than_16_mib_are_fetched(tmp_path: Path) -> None:
    ref = {"store": "default", "key": "sha256/aa/aa", "size": 16_777_217, "sha256": "a" * 64}
    payloads = Payloads(stores={"default": Broken()})
    with pytest.raises(PayloadDecodeError, match="is for 16777217 bytes, and at most 16777216 are fetched"):
        payloads.read(json.dumps({"$pyflow": 1, "ref": ref}))


def test_failures_and_heartbeats_are_encrypted_and_never_stored(tmp_path: Path) -> None:
    payloads = Payloads(keys=KeyRing({"new": NEW}, "new"), stores={"default": FileStore(tmp_path)})
    reason, details = payloads.failure(Failure("CardDeclined", "card 4111 declined"))
    assert reason == "CardDeclined"
    assert "4111" not in details
    assert "4111" not in str(payloads.heartbeat({"card": "4111"}))
    assert json.loads(str(payloads.heartbeat(BIG)))["value"] is None
    assert list(tmp_path.iterdir()) == []


def test_a_ring_without_a_key_to_encrypt_with_reads_and_writes_in_the_clear() -> None:
    text = Payloads(keys=KeyRing({"old": OLD, "new": NEW}, "new")).write(7)
    reader = Payloads(keys=KeyRing({"old": OLD, "new": NEW}))
    assert reader.read(text).value == 7
    assert reader.write(7) == "7"


def test_a_store_s_name_is_one_that_payloads_can_carry() -> None:
    with pytest.raises(PyflowException, match="a store has the name 'a/b', which must match"):
        Payloads(stores={"a/b": Broken()})


def test_a_last_heartbeat_is_sealed_by_the_decider_and_opened_by_the_worker() -> None:
    keyed = Payloads(keys=KeyRing({"new": bytes(32)}, "new"))
    plain = codec.encode({"id": 7}, headers={"attempt": 2, "last_heartbeat": {"card": "4111"}})
    sealed = seal_text(plain, keyed)
    header = json.loads(sealed)["h"]["last_heartbeat"]
    assert json.loads(header)["codecs"] == ["aes-256-gcm"]
    assert keyed.read(sealed).headers == {"attempt": 2, "last_heartbeat": {"card": "4111"}}
    with pytest.raises(UnknownCodec):
        Payloads().read(json.dumps({"$pyflow": 1, "value": 1, "h": {"last_heartbeat": header}}))
    text = '{"$pyflow":1,"value":"an author\'s own"}'
    assert keyed.read(codec.encode(1, headers={"last_heartbeat": text})).headers == {"last_heartbeat": text}


class Reversed:
    """A codec of a user's."""

    def encode(self, data: bytes, context: Any) -> bytes:
        return data[::-1]

    decode = encode


def test_a_codec_that_is_not_applied_is_only_read() -> None:
    writes = Payloads(codecs={"reversed": Reversed()})
    reads = Payloads(codecs={"reversed": Reversed()}, apply=[])
    text = writes.write("secret")
    assert json.loads(text)["codecs"] == ["reversed"]
    assert reads.read(text).value == "secret"
    assert reads.write("secret") == '"secret"'
    with pytest.raises(PyflowException, match="codecs to apply that there are none of: other"):
        Payloads(codecs={"reversed": Reversed()}, apply=["other"])
