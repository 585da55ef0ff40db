"""The notation of protocol/vectors/README.md, read into Python values; it uses nothing of the codec but its types."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pyflow.codec import Timestamp


def text(notation: Any) -> str:
    """A text from its notation."""
    if isinstance(notation, str):
        return notation
    ((kind, content),) = notation.items()
    if kind == "repeat":
        return text(content[0]) * int(content[1])
    if kind == "concat":
        return "".join(map(text, content))
    assert kind == "utf16_hex", kind
    return bytes.fromhex(content).decode("utf-16-be", "surrogatepass")


def maybe_text(notation: Any) -> str | None:
    """A text, or None for null."""
    return None if notation is None else text(notation)


def raw(notation: Any) -> bytes:
    """Bytes from hex."""
    return bytes.fromhex(text(notation))


def value(notation: Any) -> Any:
    """A value from its notation."""
    if notation is None or isinstance(notation, (bool, str)):
        return notation
    if isinstance(notation, list):
        return [value(item) for item in notation]
    ((kind, content),) = notation.items()
    if kind == "repeat" and isinstance(content[0], list):
        return [value(item) for _ in range(content[1]) for item in content[0]]
    if kind == "nest":
        nested = value(content[0])
        for _ in range(content[1]):
            nested = [nested]
        return nested
    if kind in _KINDS:
        return _KINDS[kind](content)
    return text(notation)


def _map(pairs: Any) -> dict[Any, Any]:
    return {value(key): value(item) for key, item in pairs}


def _timestamp(written: str) -> Timestamp:
    whole, _, fraction = written.rstrip("Z").partition(".")
    seconds = Timestamp.parse(whole + "Z").epoch_seconds
    return Timestamp.at(seconds, int(fraction.ljust(9, "0") or 0))


_KINDS: dict[str, Callable[[Any], Any]] = {
    "int": lambda content: int(text(content)),
    "float": float,
    "bytes": raw,
    "ts": _timestamp,
    "dec": lambda content: Decimal(text(content)),
    "map": _map,
}


def same(one: Any, other: Any) -> bool:
    """Whether two values have the same type and content, as the notation defines it."""
    if isinstance(one, dict) and isinstance(other, dict):
        return _keys(one) == _keys(other) and all(same(item, other[key]) for key, item in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return (math.isnan(one) and math.isnan(other)) or struct.pack(">d", one) == struct.pack(">d", other)
    return bool(one == other)


def _keys(entries: dict[Any, Any]) -> set[tuple[type, Any]]:
    return {(type(key), key) for key in entries}
