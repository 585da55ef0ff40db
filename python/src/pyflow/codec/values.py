"""The closed set of values a payload can hold (protocol/value-model.md): checked once, before any coding.

`settle` turns what authors hand over (tuples, subclasses, aware datetimes) into exact values of the model, so that
the codings below need no checks of their own. It knows no text, no envelope and no limit of a field.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from pyflow.errors import PayloadEncodeError

from . import decimals
from .limits import MAX_DEPTH, MAX_DIGITS
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
        kind = type(value)
        if kind.__module__ == "builtins":
            name = _article(kind.__qualname__)
        else:
            name = f"a value of type {kind.__module__}.{kind.__qualname__}"
        raise self.fault(f"holds {name}", path, "no payload can hold that" + _advice(value))

    def fault(self, holds: str, path: tuple[object, ...], help: str) -> PayloadEncodeError:
        return PayloadEncodeError(f"{self.what} {holds} at {path_text(path)}: {help}")

    def text(self, value: str, path: tuple[object, ...]) -> str:
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError as error:
                lone = f"the surrogate U+{ord(value[error.start]):04X} without its partner"
                raise self.fault(f"holds {lone}", path, "such text is not Unicode") from None
        return str.__str__(value)

    def integer(self, value: int, path: tuple[object, ...]) -> int:
        if not -TEN_TO_THE_LIMIT < value < TEN_TO_THE_LIMIT:
            raise self.fault(
                f"holds an integer of more than {MAX_DIGITS} digits", path, "write it as text or bytes"
            )
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
        try:
            return Timestamp.of(value)
        except (ValueError, OverflowError) as error:
            raise self.fault(f"holds the datetime {value.isoformat()}", path, str(error)) from None

    def decimal(self, value: Decimal, path: tuple[object, ...]) -> Decimal:
        self.rich = True
        try:
            return decimals.checked(value)
        except ValueError as error:
            raise self.fault("holds a decimal", path, str(error)) from None

    def array(self, value: list[object] | tuple[object, ...], path: tuple[object, ...]) -> list[Any]:
        self.deepen(path)
        return [self.take(item, (*path, index)) for index, item in enumerate(value)]

    def map(self, value: dict[object, object], path: tuple[object, ...]) -> dict[Any, Any]:
        self.deepen(path)
        settled = {self.key(key, path): self.take(item, (*path, key)) for key, item in value.items()}
        if len(settled) != len(value):
            raise self.fault(
                "holds a map with one key twice", path, "keys are compared as text, integer or bytes"
            )
        return settled

    def key(self, key: object, path: tuple[object, ...]) -> str | int | bytes:
        if isinstance(key, str):
            return self.text(key, (*path, key))
        if isinstance(key, int) and not isinstance(key, bool):
            self.rich = True
            return self.integer(key, (*path, key))
        if isinstance(key, bytes):
            self.rich = True
            return bytes(key)
        name = _article(type(key).__qualname__)
        raise self.fault(f"holds a map with {name} as key", path, "keys are text, integers or bytes")

    def deepen(self, path: tuple[object, ...]) -> None:
        if len(path) >= MAX_DEPTH:
            raise self.fault(
                f"is nested deeper than {MAX_DEPTH}",
                path,
                "flatten it, or look for a value that contains itself",
            )


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


def path_text(path: tuple[object, ...]) -> str:
    """Where something is in a value, as `$.items[3]["first name"]`."""
    return "$" + "".join(_steps(path))


def _steps(path: tuple[object, ...]) -> Iterator[str]:
    for step in path:
        if isinstance(step, str):
            yield f".{step}" if step.isidentifier() else f"[{step[:40]!r}]"
        else:
            yield f"[{step!r:.40}]"


def _article(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _advice(value: object) -> str:
    if isinstance(value, (set, frozenset)):
        return ", make it a list"
    if isinstance(value, Enum):
        return ", send its value or its name"
    if isinstance(value, date):
        return ", send a datetime with a time zone, or text"
    return ", turn it into text, numbers, lists or maps first"
