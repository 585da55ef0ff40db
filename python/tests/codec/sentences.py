"""The sentence of each vector that is refused: `python -m codec.sentences`, from python/tests, writes those of today.

A change of a sentence is a change of the contract, so read what the command changed: the three languages are held to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from codec.configured import CODECS
from codec.notation import VECTORS, maybe_text, raw, text, value
from codec.test_payload_vectors import write
from codec.test_special_vectors import READERS, carried, order_of
from codec.test_special_vectors import write as write_special

from pyflow.codec import decode_failure, encode_order, encode_plain, read, resolve
from pyflow.codec.codings import msgpack, plain, xjson
from pyflow.errors import PayloadException

DECODERS: dict[str, Callable[[Any], Any]] = {
    "plain": lambda notation: plain.decode(text(notation)),
    "xjson": lambda notation: xjson.decode(text(notation)),
    "msgpack": lambda notation: msgpack.decode(raw(notation)),
}
ENCODERS: dict[str, Callable[[Any], Any]] = {
    "plain": plain.encode,
    "xjson": xjson.encode,
    "msgpack": msgpack.encode,
}


def refused() -> Iterator[tuple[Path, Any]]:
    """Each vector that is refused, with its file."""
    for path in sorted(VECTORS.glob("*/*.json")):
        if path.parent.name != "histories":
            for vector in json.loads(path.read_text("utf-8")):
                if "error" in vector:
                    yield path, vector


def told(path: Path, vector: Any) -> str | dict[str, str]:
    """What Python says of it: one sentence, or one for each coding of a value where they are not the same."""
    each = {coding: _sentence(attempt) for coding, attempt in _attempts(path, vector).items()}
    return each if len(set(each.values())) > 1 else next(iter(each.values()))


def _sentence(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except PayloadException as refusal:
        return str(refusal)
    raise AssertionError("it was not refused")


def _attempts(path: Path, vector: Any) -> dict[str, Callable[[], object]]:
    folder, kind = path.parent.name, path.stem.split("-")[0]
    if folder == "values":
        if "value" in vector:
            given = value(vector["value"])
            return {coding: lambda encode=encode: encode(given) for coding, encode in ENCODERS.items()}
        return {
            coding: lambda decode=decode, coding=coding: decode(vector[coding])
            for coding, decode in DECODERS.items()
            if coding in vector
        }
    if folder == "codecs":
        return {"": lambda: CODECS["aes-256-gcm"].decode(raw(vector["encoded"]), None)}
    if folder == "failures":
        texts = maybe_text(vector["reason"]), maybe_text(vector["details"])
        return {"": lambda: decode_failure(*texts, codecs=CODECS)}
    return {"": lambda: _PAYLOADS[kind](vector)}


def _read(vector: Any) -> object:
    payload = read(maybe_text(vector["text"]), codecs=CODECS)
    return resolve(payload.value, raw(vector["stored"]), codecs=CODECS)


def _special(kind: str) -> Callable[[Any], object]:
    def attempt(vector: Any) -> object:
        if "text" in vector:
            return READERS[kind](maybe_text(vector["text"]), codecs=CODECS)
        return write_special(vector, carried(kind, vector[kind]))

    return attempt


def _order(vector: Any) -> object:
    order = order_of(vector["order"])
    assert order is not None
    return encode_order(order, raw(vector["key"]), vector["run_id"])


_PAYLOADS: dict[str, Callable[[Any], object]] = {
    "read": _read,
    "write": write,
    "lambda": lambda vector: encode_plain(value(vector["value"])),
    "start": _special("start"),
    "batch": _special("batch"),
    "operator": _order,
}


def _write() -> None:
    """Puts each sentence behind its `error`, which every file has last in a vector."""
    sentences: dict[Path, list[str]] = {}
    for path, vector in refused():
        shown = json.dumps(told(path, vector), ensure_ascii=False)
        sentences.setdefault(path, []).append(shown)
    for path, its in sentences.items():
        parts = re.split(
            r'("error": "\w+")(?:,\s+"sentence": (?:"(?:[^"\\]|\\.)*"|\{[^{}]*\}))?', path.read_text("utf-8")
        )
        errors = parts[1::2]
        assert len(errors) == len(its), path
        parts[1::2] = [
            f'{error},\n    "sentence": {sentence}' for error, sentence in zip(errors, its, strict=True)
        ]
        path.write_text("".join(parts), "utf-8")


if __name__ == "__main__":
    _write()
