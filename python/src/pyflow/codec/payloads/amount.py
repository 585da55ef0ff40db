"""How many values bytes hold, seen before anything is made of them (protocol/payload.md, "Codecs").

A few kilobytes of zlib can be millions of empty arrays, and these a gigabyte of Python's.
"""

from __future__ import annotations

import re
from itertools import islice

from pyflow.codec.model.limits import MAX_DECODED_BYTES, MAX_VALUES
from pyflow.codec.model.refusals import refusal

_values = re.compile(rb'"[^"\\]*(?:\\.?[^"\\]*)*"?|[\[{]|(?:\\[\\"]|[^\s,:\[\]{}"])+', re.DOTALL).finditer

_ARRAYS_AND_MAPS = {0xDC: 3, 0xDD: 5, 0xDE: 3, 0xDF: 5}
_NUMBERS = {0xCA: 5, 0xCB: 9, 0xCC: 2, 0xCD: 3, 0xCE: 5, 0xCF: 9, 0xD0: 2, 0xD1: 3, 0xD2: 5, 0xD3: 9}
_EXTENSIONS = {0xD4: 3, 0xD5: 4, 0xD6: 6, 0xD7: 10, 0xD8: 18}
_TEXTS = {head: head - 0x9F for head in range(0xA0, 0xC0)}
_LONG = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xC7: 1, 0xC8: 2, 0xC9: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}
"""Header byte -> bytes of the length of what follows: bytes, extensions, which have a byte more, texts."""

_STEPS = [
    0 if head in _LONG else {**_ARRAYS_AND_MAPS, **_NUMBERS, **_EXTENSIONS, **_TEXTS}.get(head, 1)
    for head in range(256)
]
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
            width = _LONG[data[at]]
            step = (
                1 + width + (0xC7 <= data[at] <= 0xC9) + int.from_bytes(data[at + 1 : at + 1 + width], "big")
            )
        at += step
    return at < size
