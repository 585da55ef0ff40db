"""The vectors of values and payloads as inputs of an activity: each text that can be sent, and what must come of it."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from codec.notation import maybe_text, raw, text, value, vectors

from pyflow import codec
from pyflow.errors import PayloadTooLarge


@dataclass(frozen=True)
class Sent:
    """An input: its form, its text, and either the value that comes back or the types that the failure may have."""

    form: str
    text: str | None
    value: Any = None
    failures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vector:
    """A vector and all that is sent of it."""

    name: str
    sent: tuple[Sent, ...]

    def __str__(self) -> str:
        return self.name


def all_vectors() -> list[Vector]:
    """Those of which something can be sent."""
    found = [_vector("value", it, _of_value(it)) for it in vectors("values")]
    found += [_vector("payload", it, _of_payload(it)) for it in vectors("payloads", "read")]
    found += [
        _vector("written", it, _of_written(it)) for it in vectors("payloads", "write") if "writes" in it
    ]
    return [vector for vector in found if vector.sent]


def _vector(kind: str, vector: Any, sent: Iterator[Sent]) -> Vector:
    return Vector(f"{kind}: {vector['name']}", tuple(it for it in sent if _can_be_sent(it.text)))


def _can_be_sent(sent: str | None) -> bool:
    """Whether an SWF field takes it: Unicode, and no longer than the field."""
    if sent is None:
        return True
    try:
        sent.encode()
    except UnicodeEncodeError:
        return False
    return codec.units(sent) <= codec.DATA_LIMIT


def _of_value(vector: Any) -> Iterator[Sent]:
    """The vector's own texts and bytes, put into envelopes here; and what the Python codec makes of its value."""
    comes: dict[str, Any] = {"value": value(vector["value"])} if "value" in vector else {}
    if "error" in vector:
        comes = {"failures": (_failure(vector),)}
    for enc in ("plain", "xjson"):
        if vector.get(enc) is None:
            continue
        inner = text(vector[enc])
        if enc == "xjson":
            yield Sent("xjson", f'{{"$pyflow":1,"enc":"xjson","value":{inner}}}', **comes)
        elif inner:  # an empty field is null, whatever an empty text is to JSON
            yield Sent("plain", inner, **comes)
        if "error" in vector:  # as bytes, which may be no Unicode
            data = inner.encode("utf-8", "surrogatepass")
            yield Sent(f"{enc}+zlib", _envelope(enc.replace("plain", "json"), data, True), **comes)
    if vector.get("msgpack") is not None:
        yield Sent("msgpack", _envelope("msgpack", raw(vector["msgpack"])), **comes)
        yield Sent("msgpack+zlib", _envelope("msgpack", raw(vector["msgpack"]), True), **comes)
    if "error" not in vector:
        yield Sent("Python's own", codec.encode(comes["value"]), **comes)


def _envelope(enc: str, data: bytes, compressed: bool = False) -> str:
    codecs = {"codecs": ["zlib"]} if compressed else {}
    data = zlib.compress(data) if compressed else data
    return json.dumps({"$pyflow": 1, "enc": enc, **codecs, "data": base64.b64encode(data).decode()})


def _of_payload(vector: Any) -> Iterator[Sent]:
    """The text as it is. A worker here has no store and no codec of a user's."""
    sent = maybe_text(vector["text"])
    if "reference" in vector:
        yield Sent("text", sent, failures=("pyflow.PayloadUnavailable",))
    elif any(name in (sent or "") for name in ("test-xor", "aes-256-gcm")):
        # What else is wrong may be seen first: codecs are undone one by one, or their names are looked at before.
        also = (_failure(vector),) if "error" in vector else ()
        yield Sent("text", sent, failures=("pyflow.UnknownCodec", *also))
    elif "error" in vector:
        yield Sent("text", sent, failures=(_failure(vector),))
    else:
        read = value(vector["value"])
        try:
            codec.encode(read)
        except PayloadTooLarge:  # it can be read, and is no result that SWF takes
            yield Sent("text", sent, failures=("pyflow.ResultTooLarge",))
        else:
            yield Sent("text", sent, value=read)


def _failure(vector: Any) -> str:
    return f"pyflow.{vector['error']}"


def _of_written(vector: Any) -> Iterator[Sent]:
    """What the Python codec writes of the value, in every coding that fits."""
    given = value(vector["value"])
    for coding in ("auto", "xjson", "msgpack"):
        try:
            yield Sent(coding, codec.encode(given, coding=coding), value=given)
        except PayloadTooLarge:
            continue
