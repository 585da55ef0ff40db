"""What an author reads when a value can't be sent: what, where, and what would help."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import uuid
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from pyflow.codec import Map, Reference, decode, encode, encode_plain, resolve, units
from pyflow.errors import PayloadDecodeError, PayloadEncodeError, PayloadTooLarge, UnknownCodec


class Kind(Enum):
    ONE = 1


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"tags": {"a"}}, "holds a set at $.tags: no payload can hold that, make it a list"),
        (
            [0, Kind.ONE],
            f"holds a value of type {__name__}.Kind at $[1]: no payload can hold that, send its value or its name",
        ),
        (
            {"first name": object()},
            'holds an object at $["first name"]: no payload can hold that, turn it into text',
        ),
        (
            dt.date(2026, 1, 1),
            "holds a value of type datetime.date at $: no payload can hold that, send a datetime with a time zone",
        ),
        ({"a": [uuid.UUID(int=0)]}, "holds a value of type uuid.UUID at $.a[0]: "),
        (
            [dt.datetime(2026, 1, 1)],
            "holds a time without a zone at $[0]: nobody knows which instant that is, give it a zone",
        ),
        ({"a": Decimal("NaN")}, "holds a decimal at $.a that is no number of at most 1000 digits"),
        ({"a": "x\ud800"}, "holds a surrogate without its partner at $.a: no text can hold it"),
        ([10**1000], "holds an integer of more than 1000 digits at $[0]: send it as text, or as bytes"),
        ({"a": {None: 1}}, "holds a map with null as a key at $.a: keys are text, integers or bytes"),
        (1 + 2j, "holds a complex at $: "),
    ],
    ids=lambda given: ascii(given)[:30],  # short of addresses, which differ from process to process
)
def test_a_value_outside_the_model_is_named_with_its_path(value: Any, says: str) -> None:
    with pytest.raises(PayloadEncodeError) as refusal:
        encode(value, what="result of resize")
    assert str(refusal.value).startswith(f"result of resize {says}")


def test_a_value_that_is_too_large_says_how_large_and_what_helps() -> None:
    with pytest.raises(PayloadTooLarge) as refusal:
        encode("Hello", what="input of activity3 (resize 2.0)", limit=4)
    assert str(refusal.value) == (
        "input of activity3 (resize 2.0) is 7 characters, SWF takes 4: configure a payload store, or pass a reference"
    )


def test_towards_lambda_the_path_is_named_too() -> None:
    with pytest.raises(
        PayloadEncodeError, match=r"^input of lambda1 holds 0x78 at \$\.a\[0\]: a Lambda function takes plain"
    ):
        encode_plain({"a": [b"x"]}, what="input of lambda1")


def test_a_missing_codec_is_named_with_those_that_are_there() -> None:
    with pytest.raises(UnknownCodec, match=r'^a payload needs the codec "acme-kms", configured here: zlib$'):
        decode('{"$pyflow":1,"codecs":["acme-kms"],"data":"MQ=="}')


def test_a_forced_coding_must_exist() -> None:
    with pytest.raises(ValueError, match="no coding is called 'yaml'"):
        encode(1, coding="yaml")  # type: ignore[arg-type]


def test_a_map_with_other_keys_than_text_says_so() -> None:
    read = decode(encode({1: "one"}))
    assert read == {1: "one"}
    assert isinstance(read, Map)
    assert type(decode('{"1": "one"}')) is dict
    assert decode(encode(Map(a=1))) == {"a": 1}


def test_a_claim_check_is_resolved_by_who_fetches_it() -> None:
    digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
    claim = Reference("default", "sha256/2c/x", 3, digest, "xjson", ())
    with pytest.raises(PayloadDecodeError, match="is not JSON"):
        resolve(claim, b"foo")
    with pytest.raises(PayloadDecodeError, match="has 4 bytes, the claim check says 3"):
        resolve(claim, b"fooo")
    with pytest.raises(PayloadDecodeError, match="has another SHA-256 than the claim check says"):
        resolve(claim, b"bar")


@pytest.mark.parametrize(("text", "length"), [("", 0), ("abc", 3), ("é", 1), ("😀", 2), ("a\ud800", 2)])
def test_units_are_utf_16(text: str, length: int) -> None:
    assert units(text) == length


def test_the_codec_alone_loads_neither_boto3_nor_msgpack() -> None:
    script = """
import sys, types, importlib.util
from pathlib import Path
root = Path(sys.argv[1])
package = types.ModuleType("pyflow"); package.__path__ = [str(root)]; sys.modules["pyflow"] = package
import pyflow.codec
print(pyflow.codec.encode({"a": 1}), {"boto3", "botocore", "msgpack", "hashlib"} & set(sys.modules))
"""
    source = sys.modules["pyflow"].__path__[0]
    done = subprocess.run([sys.executable, "-c", script, source], capture_output=True, text=True, check=True)
    assert done.stdout == '{"a": 1} set()\n'
