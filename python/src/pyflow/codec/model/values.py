"""The closed set of values a payload can hold (protocol/value-model.md): checked once, before any coding.

`settle` turns what authors hand over (tuples, subclasses, aware datetimes) into exact values of the model, so that
the codings below need no checks of their own. It knows no text, no envelope and no limit of a field.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from pyflow.errors import PayloadException

from . import decimals
from .limits import MAX_DEPTH, MAX_DIGITS
from .refusals import refusal
from .shown import place, shown
from .timestamp import Timestamp

NAN = float("nan")
TEN_TO_THE_LIMIT = 10**MAX_DIGITS


class Map(dict[Any, Any]):
    """A map with a key that is no text, as it was read; an ordinary dict may be given to an encoder as well."""

    __slots__ = ()


def settle(value: object, what: str = "payload") -> tuple[Any, bool]:
    """The value as exact None, bool, int, float, str, bytes, Timestamp, Decimal, list and dict.

    Returns it with whether it is rich, that is, has no plain JSON form.
    Raises PayloadEncodeError with the path to the first thing outside the model.
    """
    settling = _Settling(what)
    settled = settling.take(value, ())
    return settled, settling.rich


class _Settling:
    """One walk through a value; `rich` says afterwards whether plain JSON can't hold it."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.rich = False

    def take(self, value: object, path: tuple[object, ...]) -> Any:
        kind = type(value)
        if value is None or kind is bool:
            return value
        take = _TAKERS.get(kind)
        if take is None:
            take = next((take for base, take in _TAKERS.items() if isinstance(value, base)), _Settling.refuse)
        return take(self, value, path)

    def refuse(self, value: object, path: tuple[object, ...]) -> Any:
        raise self.fault("foreign", path, found=_kind(value), help=_advice(value))

    def fault(self, code: str, path: tuple[object, ...], **slots: object) -> PayloadException:
        return refusal(f"holds-{code}", what=self.what, where=place(path), **slots)

    def text(self, value: str, path: tuple[object, ...]) -> str:
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise self.fault("surrogate", path) from None
        return str.__str__(value)

    def integer(self, value: int, path: tuple[object, ...]) -> int:
        if not -TEN_TO_THE_LIMIT < value < TEN_TO_THE_LIMIT:
            raise self.fault("integer", path)
        return int(value)

    def float(self, value: float, path: tuple[object, ...]) -> float:
        if math.isfinite(value):
            return float.__float__(value)
        self.rich = True
        return NAN if value != value else float.__float__(value)

    def binary(self, value: bytes | bytearray | memoryview, path: tuple[object, ...]) -> bytes:
        self.rich = True
        return bytes(value)

    def timestamp(self, value: datetime, path: tuple[object, ...]) -> Timestamp:
        self.rich = True
        if value.utcoffset() is None:
            raise self.fault("local-time", path)
        try:
            return Timestamp.of(value)
        except (ValueError, OverflowError):
            raise self.fault("timestamp", path) from None

    def decimal(self, value: Decimal, path: tuple[object, ...]) -> Decimal:
        self.rich = True
        try:
            return decimals.checked(value)
        except ValueError:
            raise self.fault("decimal", path) from None

    def array(self, value: list[object] | tuple[object, ...], path: tuple[object, ...]) -> list[Any]:
        self.deepen(path)
        return [self.take(item, (*path, index)) for index, item in enumerate(value)]

    def map(self, value: dict[object, object], path: tuple[object, ...]) -> dict[Any, Any]:
        self.deepen(path)
        settled: dict[Any, Any] = {}
        for key, item in value.items():
            name = self.key(key, path)
            if name in settled:
                raise self.fault("key-twice", path, key=shown(name))
            settled[name] = self.take(item, (*path, name))
        return settled

    def key(self, key: object, path: tuple[object, ...]) -> str | int | bytes:
        if isinstance(key, str):
            return self.text(key, path)
        if isinstance(key, int) and not isinstance(key, bool):
            self.rich = True
            return self.integer(key, path)
        if isinstance(key, bytes):
            self.rich = True
            return bytes(key)
        raise self.fault("key-kind", path, found=shown(key))

    def deepen(self, path: tuple[object, ...]) -> None:
        if len(path) >= MAX_DEPTH:
            raise refusal("holds-depth", what=self.what)


_TAKERS: dict[type, Callable[[_Settling, Any, tuple[object, ...]], Any]] = {
    str: _Settling.text,
    dict: _Settling.map,
    list: _Settling.array,
    tuple: _Settling.array,
    int: _Settling.integer,
    float: _Settling.float,
    bytes: _Settling.binary,
    bytearray: _Settling.binary,
    memoryview: _Settling.binary,
    datetime: _Settling.timestamp,
    Decimal: _Settling.decimal,
}


def _kind(value: object) -> str:
    kind = type(value)
    if kind.__module__ != "builtins":
        return f"a value of type {kind.__module__}.{kind.__qualname__}"
    return f"{'an' if kind.__qualname__[:1].lower() in 'aeiou' else 'a'} {kind.__qualname__}"


def _advice(value: object) -> str:
    if isinstance(value, (set, frozenset)):
        return "make it a list"
    if isinstance(value, Enum):
        return "send its value or its name"
    if isinstance(value, date):
        return "send a datetime with a time zone, or text"
    return "turn it into text, numbers, arrays or maps first"
