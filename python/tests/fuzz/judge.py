"""What must hold whatever a field holds: of every decoder, and of what it read."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import Any

from codec.configured import CODECS
from codec.notation import same

from pyflow import codec, errors
from pyflow.codec import Map, Reference, Timestamp
from pyflow.errors import PayloadException
from pyflow.history.context import read_context

REFUSALS = {errors.PayloadDecodeError, errors.UnsupportedPayloadVersion, errors.UnknownCodec}
MODEL = {type(None), bool, int, float, str, bytes, Timestamp, Decimal, list, dict, Map}
KEYS = {str, int, bytes}


def judge_payload(text: str) -> bool:
    """Whether the text was read; what was read is of the model, and can be written and read again."""
    for read_otherwise in (codec.decode_start, codec.decode_batch, read_context, leniently):
        refused(read_otherwise, text)
    try:
        payload = codec.read(text, codecs=CODECS)
    except PayloadException as refusal:
        judge_refusal(refusal)
        return False
    for value in (payload.value, *payload.headers.values()):
        if not isinstance(value, Reference):
            judge_value(value)
            judge_again(value)
    return True


def judge_failure(reason: str | None, details: str | None) -> None:
    """A failure is always read, unless a codec is missing; what it becomes is what it was."""
    try:
        failure = codec.decode_failure(reason, details, codecs=CODECS)
    except errors.UnknownCodec as refusal:
        judge_refusal(refusal)
        return
    judge_value(failure.details)
    again = codec.encode_failure(failure)
    assert (
        codec.encode_failure(codec.decode_failure(*again)) == again
        or "…" in again[1]
        or "_omitted" in again[1]
    )


def judge_again(value: Any) -> None:
    """The value is written and read as itself, and written in the same way once more."""
    written = codec.encode(value, limit=sys.maxsize)
    read = codec.decode(written)
    assert same(read, value)
    assert codec.encode(read, limit=sys.maxsize) == written


def judge_value(value: Any) -> None:
    """Nothing is in it but what the model has: no name in a payload chose a class."""
    level, depth = [value], 0
    while level:
        assert {type(item) for item in level} <= MODEL
        containers = [item for item in level if isinstance(item, (list, dict))]
        assert {type(key) for item in containers if isinstance(item, dict) for key in item} <= KEYS
        level = [
            inner for item in containers for inner in (item.values() if isinstance(item, dict) else item)
        ]
        depth += bool(containers)
    assert depth <= 64


def judge_refusal(refusal: PayloadException) -> None:
    """One sentence of a bounded length, by an error that the contract names."""
    assert type(refusal) in REFUSALS
    assert len(str(refusal)) < 700
    assert "\n" not in str(refusal)
    str(refusal).encode()


def leniently(text: str) -> Any:
    return codec.read(text, lenient=True, codecs=CODECS)


def refused(read: Any, text: str) -> None:
    try:
        read(text)
    except PayloadException as refusal:
        judge_refusal(refusal)
