"""The codec `aes-256-gcm`: its vectors, its key ring, and that no nonce comes twice."""

from __future__ import annotations

from typing import Any

import pytest
from codec.configured import KEYS
from codec.notation import name_of, raw, vectors

from pyflow import errors
from pyflow.codec import Aes256Gcm, KeyRing, decode, encode
from pyflow.codec.payloads.transforms import undo

VECTORS = vectors("codecs", "aes-")
RING = KeyRing(KEYS, encrypt_with="2026-11")


@pytest.mark.parametrize("vector", [vector for vector in VECTORS if "bytes" in vector], ids=name_of)
def test_bytes_are_encrypted_and_decrypted_as_the_vector_says(vector: Any) -> None:
    codec = Aes256Gcm(KeyRing(KEYS, encrypt_with=vector["key"]), nonce=lambda: raw(vector["nonce"]))
    assert codec.encode(raw(vector["bytes"])).hex() == vector["encoded"]
    assert Aes256Gcm(RING).decode(raw(vector["encoded"])).hex() == vector["bytes"]


@pytest.mark.parametrize("vector", [vector for vector in VECTORS if "error" in vector], ids=name_of)
def test_bytes_are_refused_by_the_error_that_the_vector_names(vector: Any) -> None:
    with pytest.raises(errors.PayloadException) as refusal:
        undo(raw(vector["encoded"]), ["aes-256-gcm"], {"aes-256-gcm": Aes256Gcm(RING)}, None)
    assert type(refusal.value).__name__ == vector["error"]
    assert len(str(refusal.value)) < 300


def test_one_value_encrypted_twice_has_two_nonces() -> None:
    codecs = {"aes-256-gcm": Aes256Gcm(RING)}
    one, two = encode(7, codecs=codecs), encode(7, codecs=codecs)
    assert one != two
    assert decode(one, codecs=codecs) == decode(two, codecs=codecs) == 7


def test_after_a_rotation_the_old_key_still_reads() -> None:
    before = {"aes-256-gcm": Aes256Gcm(KeyRing({"2025": KEYS["2025"]}, encrypt_with="2025"))}
    after = {"aes-256-gcm": Aes256Gcm(RING)}
    assert decode(encode({"id": 7}, codecs=before), codecs=after) == {"id": 7}
    with pytest.raises(
        errors.UnknownCodec, match='needs the key "2026-11" of aes-256-gcm, configured here: 2025'
    ):
        decode(encode({"id": 7}, codecs=after), codecs=before)


def test_a_ring_shows_no_key() -> None:
    assert "x00" not in repr(RING)


@pytest.mark.parametrize(
    ("keys", "encrypt_with", "sentence"),
    [
        ({"a": bytes(16)}, None, "the key 'a' has 16 bytes, and AES-256 takes 32: draw random ones"),
        (
            {"a b": bytes(32)},
            None,
            "a key ring has the key id 'a b', which must match [A-Za-z0-9_.-]{1,64}",
        ),
        ({"a": bytes(32)}, "b", "a key ring encrypts with 'b', and has no such key"),
    ],
)
def test_a_ring_that_can_not_be_is_refused(keys: Any, encrypt_with: str | None, sentence: str) -> None:
    with pytest.raises(errors.PyflowException) as refusal:
        KeyRing(keys, encrypt_with)
    assert str(refusal.value) == sentence


def test_a_ring_without_a_key_to_encrypt_with_reads_only() -> None:
    codec = Aes256Gcm(KeyRing(KEYS))
    assert codec.decode(Aes256Gcm(RING).encode(b"order")) == b"order"
    with pytest.raises(errors.PyflowException, match="no key to encrypt with"):
        codec.encode(b"order")
