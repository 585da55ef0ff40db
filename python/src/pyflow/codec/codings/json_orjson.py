"""orjson, where it is installed, answers for most texts and values, in less time than json.

It refuses what json takes beyond RFC 8259 and lone surrogates, but lets pass what strictness forbids: an integer beyond
64 bits becomes a float, of equal keys the last one counts, and it goes deeper. So what it read is written again:

- A float of that size is written with `e+`.
- A key that came twice is one colon less, unless a colon was an escape.
- A container is an entry of an object or follows a `[`, so few of both make no depth.

Where it does not answer, `json_read` and `plain` look themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyflow.codec.model.limits import MAX_DEPTH

SMALL = 128
"""Characters of a text up to which nobody is quicker than json."""

FEW = MAX_DEPTH - 1

read: Callable[[str], tuple[Any, bool] | None] | None = None
"""The value of a strict JSON text, and whether it was seen in passing that it is not nested too deep."""

vouches: Callable[[object, str], bool] | None = None
"""Whether a value, of which json wrote this text, surely has text keys and no subclasses, and is not nested too deep.

Of a member of an `Enum` orjson sees the member's value, not the list or dict that it may be besides.
"""


def _reading(orjson: Any) -> Callable[[str], tuple[Any, bool] | None]:
    loads, dumps = orjson.loads, orjson.dumps

    def read(text: str) -> tuple[Any, bool] | None:
        try:
            value = loads(text)
            again = dumps(value)
        except (ValueError, TypeError):
            return None
        entries = again.count(b":")
        if text.count(":") != entries or ("\\" in text and "\\u003" in text):
            return None
        if b"+" in again and b"e+" in again:  # to look for a single byte costs next to nothing
            return None
        return value, entries < FEW and again.find(b"[", again.find(b"[") + 1) < 0

    return read


def _vouching(orjson: Any) -> Callable[[object, str], bool]:
    dumps = orjson.dumps
    options = (
        orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
    )

    def vouches(value: object, text: str) -> bool:
        if text.find("[", text.find("[") + 1) >= 0 or text.count(":") >= FEW:
            return False
        try:
            dumps(value, None, options)
        except TypeError:
            return False
        return True

    return vouches


try:
    import orjson
except ImportError:
    pass
else:
    if orjson.dumps(1e20) == b"1e+20":  # as it has been since 3.13
        read, vouches = _reading(orjson), _vouching(orjson)
