"""Whatever is in the model comes out as it went in, by every coding; whatever is not text of one is refused cleanly."""

from __future__ import annotations

import json
import math
import zlib
from base64 import b64encode
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest
from codec.configured import CODECS
from codec.notation import same
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyflow.codec import (
    Reference,
    Timestamp,
    decode,
    decode_failure,
    encode,
    encode_failure,
    encode_heartbeat,
    encode_plain,
    units,
)
from pyflow.codec.codings import msgpack, plain, xjson
from pyflow.errors import Failure, PayloadException

pytestmark = pytest.mark.usefixtures("json_library")

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
INTEGERS = (
    st.integers() | st.integers(-(2**80), 2**80) | st.sampled_from([2**63, -(2**63), 2**64 - 1, 10**999])
)
PLAIN_LEAVES = st.none() | st.booleans() | INTEGERS | st.floats(allow_nan=False, allow_infinity=False) | TEXT
TIMESTAMPS = st.builds(
    Timestamp.at, st.integers(-62_135_596_800, 253_402_300_799), st.integers(0, 999_999_999)
)
DECIMALS = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(-(10**25), 10**25),
    st.integers(-99, 99),
).map(lambda number: number if number else Decimal(0))
LEAVES = PLAIN_LEAVES | st.floats() | st.binary() | TIMESTAMPS | DECIMALS


def containers(leaves: st.SearchStrategy[Any], keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=6) | st.dictionaries(keys, inner, max_size=6),
        max_leaves=25,
    )


PLAIN = containers(PLAIN_LEAVES, TEXT | st.sampled_from(["$pyflow", "$ts", "$lit", "$map", "1"]))
VALUES = containers(LEAVES, TEXT | st.sampled_from(["$pyflow", "$ts", "$lit"]) | INTEGERS | st.binary())


@given(PLAIN)
@SLOW
def test_a_plain_value_is_byte_for_byte_what_json_dumps_writes(value: Any) -> None:
    written = plain.encode(value)
    assert written == json.dumps(value)
    assert same(plain.decode(written), value)


@given(VALUES)
@SLOW
def test_any_value_comes_out_of_each_coding_as_it_went_in(value: Any) -> None:
    assert same(xjson.decode(xjson.encode(value)), value)
    assert same(msgpack.decode(msgpack.encode(value)), value)


@given(VALUES, st.sampled_from(["auto", "xjson", "msgpack"]), st.sampled_from([{}, CODECS]))
@SLOW
def test_any_value_comes_out_of_a_payload_as_it_went_in(value: Any, coding: Any, codecs: Any) -> None:
    written = encode(value, coding=coding, codecs=codecs)
    assert units(written) <= 32_768
    json.loads(written)
    assert same(decode(written, codecs=CODECS), value)


@given(VALUES, st.integers(60, 400))
@SLOW
def test_a_payload_never_exceeds_its_limit(value: Any, limit: int) -> None:
    try:
        written = encode(value, limit=limit)
    except PayloadException as error:
        assert type(error).__name__ == "PayloadTooLarge"
    else:
        assert units(written) <= limit
        assert same(decode(written), value)


@given(VALUES)
@SLOW
def test_a_heartbeat_always_fits(value: Any) -> None:
    written = encode_heartbeat(value)
    assert (written is None) == (value is None)
    if written is not None:
        assert units(written) <= 2_048
        assert same(decode(written), value) or "dropped" in json.loads(written)


@given(PLAIN)
@SLOW
def test_towards_lambda_a_plain_value_is_json_dumps_too(value: Any) -> None:
    assert encode_plain(value) == json.dumps(value)


@given(st.text() | st.text(alphabet='[]{}",:0123456789.eE+-ntfalsru\\$ \x00é'))
@settings(max_examples=500)
def test_any_text_is_read_or_refused_by_one_of_the_errors(text: str) -> None:
    for read in (decode, plain.decode, xjson.decode):
        try:
            value = read(text)
        except PayloadException:
            continue
        assert read is decode or same(plain.decode(text), json.loads(text))
        assert same(decode(encode(value)), value)


@given(st.binary(max_size=60))
@settings(max_examples=500)
def test_any_bytes_are_read_as_msgpack_or_refused(data: bytes) -> None:
    try:
        value = msgpack.decode(data)
    except PayloadException:
        return
    assert same(msgpack.decode(msgpack.encode(value)), value)


@given(PLAIN, st.data())
@SLOW
def test_a_payload_with_one_character_changed_is_read_as_json_does_or_refused(value: Any, data: Any) -> None:
    text = json.dumps(value)
    place = data.draw(st.integers(0, len(text) - 1))
    text = text[:place] + data.draw(st.sampled_from('"\\{}[],: 0123456789-eud\x01')) + text[place + 1 :]
    try:
        strict = plain.decode(text)
    except PayloadException:
        return
    assert same(strict, json.loads(text))


@given(
    PLAIN,
    st.binary(max_size=20),
    st.sampled_from(["json", "xjson", "msgpack"]),
    st.sampled_from([[], ["zlib"]]),
)
@SLOW
def test_rubbish_in_an_envelope_is_refused(value: Any, rubbish: bytes, enc: str, codecs: list[str]) -> None:
    data = msgpack.encode(value) + rubbish
    data = zlib.compress(data)[: -len(rubbish) or None] if codecs else data
    envelope = {"$pyflow": 1, "enc": enc, "codecs": codecs, "data": b64encode(data).decode()}
    try:
        assert not isinstance(decode(json.dumps(envelope)), Reference)
    except PayloadException as error:
        assert "\n" not in str(error)


FAILURES = st.recursive(
    st.builds(
        Failure,
        type=st.text(max_size=300),
        message=st.text(max_size=9000),
        stack=st.lists(st.text(max_size=200), max_size=100).map(tuple),
        details=VALUES,
        class_name=st.none() | st.text(max_size=300),
    ),
    lambda cause: st.builds(Failure, type=st.text(), message=st.text(), cause=cause),
    max_leaves=12,
)


@given(FAILURES)
@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)
def test_any_failure_can_be_answered_and_read_again(failure: Failure) -> None:
    reason, details = encode_failure(failure)
    assert units(reason) <= 256
    assert units(details) <= 32_768
    read = decode_failure(reason, details)
    assert read.type == reason
    assert encode_failure(read) == (reason, details) or read.cause or "_omitted" in details or "…" in details


@pytest.mark.parametrize("moment", [datetime(2026, 1, 1, tzinfo=timezone.utc), Timestamp.at(0, 1)])
def test_a_datetime_comes_back_as_the_same_instant(moment: datetime) -> None:
    assert decode(encode(moment)) == moment


def test_a_tuple_comes_back_as_a_list() -> None:
    assert decode(encode((1, (2.5, b"x")))) == [1, [2.5, b"x"]]
    assert math.isnan(decode(encode(math.nan)))


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (Decimal("1.10"), "1.10"),
        (Decimal("-0.00"), "0"),
        (Decimal(10) ** 3, "1000"),
        (Decimal("1" + "0" * 1500), "1E1500"),
        (Decimal("-0." + "1" * 1000), f"-{'1' * 1000}E-1000"),
    ],
    ids=lambda given: str(given)[:20],
)
def test_a_decimal_keeps_its_scale_where_a_reader_allows_so_many_digits(
    number: Decimal, written: str
) -> None:
    assert json.loads(xjson.encode(number)) == {"$dec": written}
    assert decode(encode(number)) == number
