"""Every value of the contract in its three codings, both ways; and what each of them refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from codec.notation import name_of, raw, same, same_json, text, value, vectors

from pyflow import errors
from pyflow.codec.codings import msgpack, plain, xjson

pytestmark = pytest.mark.usefixtures("json_library")

VALUES = vectors("values")
VALID = [vector for vector in VALUES if "error" not in vector]
UNREADABLE = [vector for vector in VALUES if vector.get("error") == "PayloadDecodeError"]
UNWRITABLE = [vector for vector in VALUES if vector.get("error") == "PayloadEncodeError"]
WRITTEN = [vector for vector in VALID if vector.get("direction") != "decode"]

DECODERS: dict[str, Callable[[Any], Any]] = {
    "plain": lambda notation: plain.decode(text(notation)),
    "xjson": lambda notation: xjson.decode(text(notation)),
    "msgpack": lambda notation: msgpack.decode(raw(notation)),
}


def codings(vector: Any) -> list[str]:
    return [coding for coding in DECODERS if vector.get(coding) is not None]


def test_every_vector_is_run_by_one_of_these_tests() -> None:
    assert len(VALID) + len(UNREADABLE) + len(UNWRITABLE) == len(VALUES)


@pytest.mark.parametrize("vector", VALID, ids=name_of)
def test_each_coding_of_a_value_is_read_as_that_value(vector: Any) -> None:
    for coding in codings(vector):
        assert same(DECODERS[coding](vector[coding]), value(vector["value"])), coding


@pytest.mark.parametrize("vector", WRITTEN, ids=name_of)
def test_a_value_is_written_in_each_coding_as_the_vector_says(vector: Any) -> None:
    given = value(vector["value"])
    if "plain" in vector:
        written = plain.encode(given)
        assert written is None if vector["plain"] is None else same_json(written or "", text(vector["plain"]))
    if "xjson" in vector:
        assert same_json(xjson.encode(given), text(vector["xjson"]))
    if "msgpack" in vector:
        assert msgpack.encode(given).hex() == raw(vector["msgpack"]).hex()


@pytest.mark.parametrize("vector", UNREADABLE, ids=name_of)
def test_a_text_that_is_no_value_is_refused_in_each_coding(vector: Any) -> None:
    assert codings(vector)
    for coding in codings(vector):
        with pytest.raises(errors.PayloadException) as refusal:
            DECODERS[coding](vector[coding])
        assert type(refusal.value).__name__ == vector["error"], coding
        assert len(str(refusal.value)) < 300
        assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("vector", UNWRITABLE, ids=name_of)
def test_a_value_outside_the_model_is_written_in_no_coding(vector: Any) -> None:
    for encode in (plain.encode, xjson.encode, msgpack.encode):
        with pytest.raises(errors.PayloadException) as refusal:
            encode(value(vector["value"]))
        assert type(refusal.value).__name__ == vector["error"]
