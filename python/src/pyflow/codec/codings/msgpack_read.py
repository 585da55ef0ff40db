"""msgpack read slowly and with care: what the fast reader does not take is refused here, at the byte where it begins."""

from __future__ import annotations

import struct
from typing import Any

from pyflow.codec.model import decimals
from pyflow.codec.model.limits import MAX_DEPTH
from pyflow.codec.model.refusals import refusal
from pyflow.codec.model.shown import byte, shown
from pyflow.codec.model.timestamp import Timestamp
from pyflow.codec.model.values import TEN_TO_THE_LIMIT, Map

from .msgpack import DECIMAL, INTEGER, INTEGER_BYTES
from .msgpack_headers import EXTENSIONS, NUMBERS, SIZED

_SIZES = {1: struct.Struct(">B"), 2: struct.Struct(">H"), 4: struct.Struct(">I")}


def read_carefully(data: bytes) -> Any:
    """The one value that the bytes are. Raises PayloadDecodeError, which says what is wrong and where."""
    reading = _Reading(data)
    value = reading.item(0)
    if reading.at < len(data):
        raise refusal("msgpack-rest", where=byte(reading.at))
    return value


class _Reading:
    """at: bytes read so far; owed: items that headers promised and that are yet to come, a byte each at least."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.owed = 1

    def item(self, depth: int) -> Any:
        """The next value, inside `depth` containers."""
        where = byte(self.at)
        head = self.take(1)[0]
        self.owed -= 1
        if head <= 0x7F or head >= 0xE0:
            return head if head <= 0x7F else head - 256
        if head in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[head]
        if head in NUMBERS:
            number = NUMBERS[head]
            return number.unpack(self.take(number.size))[0]
        if head in EXTENSIONS:
            return self.extension(EXTENSIONS[head], where)
        if head == 0xC1:
            raise refusal("msgpack-byte", where=where)
        if head in SIZED:
            kind, width = SIZED[head]
            size = _SIZES[width].unpack(self.take(width))[0]
        elif head <= 0x8F:
            kind, size = "map", head & 0x0F
        elif head <= 0x9F:
            kind, size = "array", head & 0x0F
        else:
            kind, size = "text", head & 0x1F
        return self.sized(kind, size, depth, where)

    def sized(self, kind: str, size: int, depth: int, where: str) -> Any:
        if kind == "bytes":
            return self.take(size)
        if kind == "text":
            try:
                return self.take(size).decode()
            except UnicodeDecodeError:
                raise refusal("utf8", where=where) from None
        if kind == "extension":
            return self.extension(size, where)
        self.owed += size if kind == "array" else 2 * size
        if self.owed > len(self.data) - self.at:
            raise self.too_short()
        if depth == MAX_DEPTH:
            raise refusal("depth")
        return self.array(size, depth + 1) if kind == "array" else self.map(size, depth + 1)

    def array(self, size: int, depth: int) -> list[Any]:
        return [self.item(depth) for _ in range(size)]

    def map(self, size: int, depth: int) -> dict[Any, Any]:
        entries: dict[Any, Any] = {}
        for _ in range(size):
            where = byte(self.at)
            key = self.item(depth)
            if type(key) not in (str, int, bytes):
                raise refusal("key-kind", found=shown(key), where=where)
            if key in entries:
                raise refusal("key-twice", key=shown(key), where=where)
            entries[key] = self.item(depth)
        return entries if all(type(key) is str for key in entries) else Map(entries)

    def extension(self, size: int, where: str) -> Any:
        code = self.take(1)[0]
        data = self.take(size)
        if code == INTEGER:
            if not 1 <= size <= INTEGER_BYTES:
                raise refusal("msgpack-integer", size=size, where=where)
            number = int.from_bytes(data, "big", signed=True)
            if not -TEN_TO_THE_LIMIT < number < TEN_TO_THE_LIMIT:
                raise refusal("integer-digits", where=where)
            return number
        if code == DECIMAL:
            return _decimal(data, where)
        if code == 0xFF:
            return _timestamp(data, where)
        raise refusal("msgpack-extension", type=code - 256 if code > 0x7F else code, where=where)

    def take(self, size: int) -> bytes:
        if size > len(self.data) - self.at:
            raise self.too_short()
        self.at += size
        return self.data[self.at - size : self.at]

    def too_short(self) -> Exception:
        return refusal("msgpack-end", at=len(self.data))


def _decimal(data: bytes, where: str) -> Any:
    text = data.decode("ascii") if data.isascii() else None
    if text is None or not decimals.is_form(text):
        raise refusal("decimal", found=shown(data if text is None else text), where=where)
    try:
        return decimals.parse(text)
    except ValueError:
        raise refusal("decimal-limits", found=shown(text), where=where) from None


def _timestamp(data: bytes, where: str) -> Timestamp:
    if len(data) == 4:
        seconds, nanoseconds = int.from_bytes(data, "big"), 0
    elif len(data) == 8:
        both = int.from_bytes(data, "big")
        seconds, nanoseconds = both & ((1 << 34) - 1), both >> 34
    elif len(data) == 12:
        nanoseconds, seconds = struct.unpack(">Iq", data)
    else:
        raise refusal("msgpack-timestamp", size=len(data), where=where)
    try:
        return Timestamp.at(seconds, nanoseconds)
    except ValueError:
        raise refusal("msgpack-instant", seconds=seconds, nanoseconds=nanoseconds, where=where) from None
