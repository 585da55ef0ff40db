"""How JSON is written: by C encoders made once, since making one for each call costs a tenth of a small payload."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from json import JSONEncoder, encoder
from typing import Any

_CONTROLS = re.compile("[\x7f-\x9f\u2028\u2029]")

Chunks = Callable[[Any, int], Iterable[str]]


def _writer(quote: Callable[[str], str], colon: str, comma: str) -> Chunks:
    """A function from a value, and 0, to the pieces of its JSON: without NaN, and a cycle ends in RecursionError."""
    plain = JSONEncoder(
        ensure_ascii=quote is encoder.encode_basestring_ascii, allow_nan=False, separators=(comma, colon)
    )
    make: Any = getattr(encoder, "c_make_encoder", None)
    if make is None:  # an interpreter without json's C module
        return lambda value, _: plain.iterencode(value)
    chunks: Chunks = make(None, plain.default, quote, None, colon, comma, False, False, False)
    return chunks


_ascii = _writer(encoder.encode_basestring_ascii, ": ", ", ")
_raw = _writer(encoder.encode_basestring, ": ", ", ")
_compact = _writer(encoder.encode_basestring, ":", ",")


def write(value: object) -> str:
    """What `json.dumps(value)` writes. Raises TypeError, ValueError or RecursionError."""
    return "".join(_ascii(value, 0))


def write_raw(value: object) -> str:
    """The same in raw Unicode."""
    return _escape_controls("".join(_raw(value, 0)))


def write_compact(value: object) -> str:
    """In raw Unicode and without spaces, for inside an envelope."""
    return _escape_controls("".join(_compact(value, 0)))


def _escape_controls(text: str) -> str:
    """DEL, the C1 controls, U+2028 and U+2029 as escapes, so that no console or log is confused."""
    if text.isascii() and "\x7f" not in text:
        return text
    return _CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
