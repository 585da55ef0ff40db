"""The vectors of values and payloads as inputs of `echo`: each text that can be sent, and what must come of it."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyflow import codec
from pyflow.conformance.notation import maybe_text, raw, same, text, value
from pyflow.conformance.patterns import shortened
from pyflow.conformance.payloads import decoded
from pyflow.conformance.run import Outcome
from pyflow.errors import PayloadTooLarge, PyflowException

KINDS = ("values/*.json", "payloads/read-*.json", "payloads/write-*.json")
CODECS = {
    "test-xor": "codecs",
    "aes-256-gcm": "encryption",
}  # those that a worker may lack, and what it says it supports


@dataclass(frozen=True)
class Sent:
    """An input: its form, its text, and either the value that comes back or the types that the failure may have."""

    form: str
    text: str | None
    value: Any = None
    failures: tuple[str, ...] = ()

    def refusal(self, outcome: Outcome) -> str | None:
        """The sentence in which it was refused, where it was to be."""
        if not self.failures or outcome.event != "ActivityTaskFailed":
            return None
        return codec.decode_failure(
            outcome.attributes.get("reason"), outcome.attributes.get("details")
        ).message

    def misfit(self, outcome: Outcome) -> str | None:
        """What is wrong with what came of it, as a sentence; None where nothing is."""
        got = outcome.attributes
        if self.failures:
            if outcome.event == "ActivityTaskFailed" and got.get("reason") in self.failures:
                return None
            return f"{self.form}: {_told(outcome)}, should be failed, {' or '.join(self.failures)}"
        if outcome.event == "ActivityTaskCompleted":
            try:
                if same(decoded(got.get("result")), self.value):
                    return None
            except PyflowException as error:
                return f"{self.form}: the result is no payload: {error}"
        return f"{self.form}: {_told(outcome)}, should be {shortened(self.value)}"


def _told(outcome: Outcome) -> str:
    kept = ("result", "reason", "details", "timeoutType", "cause")
    told = {key: part for key, part in outcome.attributes.items() if key in kept}
    return f"{outcome.event} {shortened(told)}"


@dataclass(frozen=True)
class Vector:
    """A vector and all that is sent of it. see: the sentence that it pins."""

    id: str
    see: str
    sent: tuple[Sent, ...]


def vectors(protocol: Path, supported: frozenset[str]) -> list[Vector]:
    """Those of which something can be sent. supported: what the worker says it supports."""
    found = []
    for kind in KINDS:
        for path in sorted((protocol / "vectors").glob(kind)):
            for vector in json.loads(path.read_text("utf-8")):
                its = tuple(it for it in _sent(kind, vector, supported) if _can_be_sent(it.text))
                if its:
                    found.append(Vector(f"vectors/{path.stem}: {vector['name']}", vector["see"], its))
    return found


def _sent(kind: str, vector: Any, supported: frozenset[str]) -> Iterator[Sent]:
    if kind.startswith("values"):
        return _of_value(vector)
    if "read" in kind:
        return _of_payload(vector, supported)
    return _of_written(vector) if "writes" in vector else iter(())


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


def _of_payload(vector: Any, supported: frozenset[str]) -> Iterator[Sent]:
    """The text as it is. The vectors' stores are nobody's here."""
    sent = maybe_text(vector["text"])
    if "reference" in vector:
        yield Sent("text", sent, failures=("pyflow.PayloadUnavailable",))
    elif any(name in (sent or "") for name, feature in CODECS.items() if feature not in supported):
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
