"""How many values bytes hold, seen before anything is made of them (protocol/payload.md, "Codecs").

A few kilobytes of zlib can be millions of empty arrays, and these a gigabyte of Python's.
"""

from __future__ import annotations

import re
from itertools import islice

from pyflow.codec.codings.msgpack_headers import EXTENSIONS, NUMBERS, SIZED
from pyflow.codec.model.limits import MAX_DECODED_BYTES, MAX_VALUES
from pyflow.codec.model.refusals import refusal

_values = re.compile(rb'"[^"\\]*(?:\\.?[^"\\]*)*"?|[\[{]|(?:\\[\\"]|[^\s,:\[\]{}"])+', re.DOTALL).finditer

_LONG = {
    head: (width, kind == "extension")
    for head, (kind, width) in SIZED.items()
    if kind not in ("array", "map")
}
"""Header byte -> bytes of the length of what follows, and whether there is a byte more."""

_FIXED = {
    **{head: 1 + number.size for head, number in NUMBERS.items()},
    **{head: 2 + size for head, size in EXTENSIONS.items()},
    **{head: 1 + width for head, (_, width) in SIZED.items() if head not in _LONG},
    **{head: head - 0x9F for head in range(0xA0, 0xC0)},
    **dict.fromkeys(_LONG, 0),
}
_STEPS = [_FIXED.get(head, 1) for head in range(256)]
"""Header byte -> bytes to the next header; 0 where a length has to be read."""


def check_amount(enc: str, data: bytes) -> None:
    """Refuse bytes of this coding that hold more than the contract's 1,000,000 values."""
    if _are_many(enc, data):
        raise refusal("values")


def may_be_read(enc: str, data: bytes) -> bool:
    """Whether a reader would let these bytes come out of a codec or a store, and read them."""
    return len(data) <= MAX_DECODED_BYTES and not _are_many(enc, data)


def _are_many(enc: str, data: bytes) -> bool:
    if len(data) <= MAX_VALUES:  # a value takes a byte at least
        return False
    if enc == "msgpack":
        return _headers_are_many(data)
    return next(islice(_values(data), MAX_VALUES, None), None) is not None


def _headers_are_many(data: bytes) -> bool:
    at, size = 0, len(data)
    for _ in range(MAX_VALUES):
        if at >= size:
            return False
        step = _STEPS[data[at]]
        if not step:
            width, more = _LONG[data[at]]
            step = 1 + width + more + int.from_bytes(data[at + 1 : at + 1 + width], "big")
        at += step
    return at < size
