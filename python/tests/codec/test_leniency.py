"""A decider goes on reading what pyflow-swf 2.0.0 wrote; nobody else does."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from pyflow.codec import decode, read
from pyflow.errors import PayloadDecodeError, PayloadException, UnsupportedPayloadVersion

pytestmark = pytest.mark.usefixtures("json_library")

OLD = [
    [1.5, math.inf, -math.inf],
    {"name": "caf\udce9"},
    {1: "a", "1": "b"},
    10**1500,
    json.loads("[" * 80 + "]" * 80),
]


@pytest.mark.parametrize("value", OLD, ids=lambda value: ascii(value)[:30])
def test_what_the_old_library_wrote_is_read_when_asked_for(value: Any) -> None:
    text = json.dumps(value)
    assert decode(text, lenient=True) == json.loads(text)
    assert read(text, lenient=True).value == json.loads(text)
    with pytest.raises(PayloadDecodeError):
        decode(text)


def test_nan_is_read_when_asked_for() -> None:
    assert math.isnan(decode("[NaN]", lenient=True)[0])


@pytest.mark.parametrize("text", ["Hello", "[1,]", "{", '{"a"}', "", " ", "[" * 100_000])
def test_what_is_not_json_is_refused_all_the_same(text: str) -> None:
    if text:
        with pytest.raises(PayloadDecodeError):
            decode(text, lenient=True)
    else:
        assert decode(text, lenient=True) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"$pyflow":1,"value":NaN}',
        '{"$pyflow":1,"value":{"a":1,"a":2}}',
        '{"$pyflow":1,"value":"\\ud800"}',
        '{"$pyflow":1,"enc":"nonsense","value":1}',
    ],
)
def test_an_envelope_is_read_strictly_by_everybody(text: str) -> None:
    with pytest.raises(PayloadDecodeError):
        decode(text, lenient=True)


def test_a_newer_envelope_is_refused_by_its_version() -> None:
    with pytest.raises(UnsupportedPayloadVersion, match="has the version 2, read here is version 1: upgrade"):
        decode('{"$pyflow":2,"value":1}', lenient=True)


def test_a_refusal_says_where_in_one_line() -> None:
    with pytest.raises(PayloadException, match=r'^a payload is not JSON: "Hello" at character 1$'):
        decode("Hello")
    with pytest.raises(PayloadException, match=r'^a payload is not JSON: "2\]" at character 4$'):
        decode("[1 2]")
