"""How many values bytes may hold: counted before anything is made of them, equally in every coding."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from typing import Any

import pytest
from codec.test_round_trips import VALUES
from hypothesis import given

from pyflow import codec
from pyflow.codec import Map
from pyflow.codec.codings import msgpack, xjson
from pyflow.codec.payloads import amount, reference
from pyflow.errors import PayloadDecodeError, PayloadException

MILLION = 1_000_000


def size(tree: Any) -> int:
    """Values in a tree, its keys and itself included."""
    if isinstance(tree, (dict, Map)):
        return 1 + sum(size(key) + size(value) for key, value in tree.items())
    return 1 + sum(map(size, tree)) if isinstance(tree, list) else 1


@given(VALUES)
def test_bytes_hold_as_many_values_as_what_they_become_has_parts(value: Any) -> None:
    text = xjson.encode(value)
    coded = [
        ("msgpack", msgpack.encode(value), size(value)),
        ("xjson", text.encode(), size(json.loads(text))),
    ]
    for enc, data, parts in coded:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(amount, "MAX_VALUES", parts)
            assert amount.may_be_read(enc, data)
            patch.setattr(amount, "MAX_VALUES", parts - 1)
            assert not amount.may_be_read(enc, data)


@pytest.mark.parametrize(
    ("enc", "data", "length"),
    [
        ("msgpack", b"\xdd" + (MILLION - 1).to_bytes(4, "big") + b"\xc0" * (MILLION - 1), MILLION - 1),
        ("json", b"[" + b", ".join([b"0"] * (MILLION - 1)) + b"]", MILLION - 1),
        ("json", b'["' + b"{[,0:" * MILLION + b'\\"[0,0]\\\\"]', 1),
    ],
    ids=["msgpack", "JSON", "one text of many brackets"],
)
def test_a_million_values_are_read(enc: str, data: bytes, length: int) -> None:
    packed = b64encode(zlib.compress(data)).decode()
    assert (
        len(codec.decode(json.dumps({"$pyflow": 1, "enc": enc, "codecs": ["zlib"], "data": packed})))
        == length
    )


def test_a_million_values_are_written_and_one_more_is_too_large() -> None:
    value = [0] * (MILLION - 1)
    assert codec.decode(codec.encode(value)) == value
    assert codec.write_payload(value, store="s", limit=500).claim is not None
    for limit, store in ((32_768, None), (500, "s")):
        with pytest.raises(PayloadException) as caught:
            codec.write_payload([*value, 0], store=store, limit=limit)
        assert caught.type.__name__ == "PayloadTooLarge"


def test_what_lies_in_a_store_is_counted_as_well() -> None:
    stored = zlib.compress(b"\x90" * (MILLION + 1))
    with pytest.raises(PayloadDecodeError, match="^a payload has more than 1000000 values: "):
        codec.resolve(reference.of(stored, "s", "msgpack", ("zlib",)), stored)


def test_a_failure_of_too_many_values_is_foreign_text() -> None:
    data = b64encode(zlib.compress(b'{"type":"T","details":[' + b"[]," * MILLION + b"0]}")).decode()
    details = json.dumps({"$pyflow": 1, "enc": "failure", "codecs": ["zlib"], "data": data})
    assert codec.decode_failure("Reason", details).message == details
