"""The msgpack coding: one byte string for one value; extension -1 is a timestamp, 1 a big integer, 2 a decimal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pyflow.codec.model import decimals
from pyflow.codec.model.limits import MAX_DEPTH
from pyflow.codec.model.regular import is_plain_tree
from pyflow.codec.model.timestamp import Timestamp
from pyflow.codec.model.values import TEN_TO_THE_LIMIT, Map, settle

INTEGER, DECIMAL = 1, 2
INTEGER_BYTES = 416  # two's complement of 1,000 digits
_KEYS = frozenset({str, int, bytes})


def encode(value: object, what: str = "payload") -> bytes:
    """The canonical bytes of any value of the model. Raises PayloadEncodeError, with the path, for others."""
    settled, _ = settle(value, what)
    return pack(settled)


def pack(settled: Any) -> bytes:
    """The canonical bytes of a settled value."""
    import msgpack  # here, so that who only reads plain JSON need not load it

    packed: bytes = msgpack.packb(settled, default=_extension, strict_types=True)
    return packed


def decode(data: bytes) -> Any:
    """The value of msgpack bytes. Raises PayloadDecodeError for anything that is not exactly one value of the model."""
    import msgpack

    tree = _canonical(data)
    if tree is not None:
        return tree
    try:
        tree = msgpack.unpackb(
            data, strict_map_key=False, object_pairs_hook=_unique, ext_hook=_value, timestamp=0
        )
        return _settled(tree, 0)
    except (ValueError, TypeError, RecursionError, OverflowError, MemoryError, msgpack.UnpackException):
        from .msgpack_read import read_carefully

        return read_carefully(data)


def _canonical(data: bytes) -> Any:
    """The value of bytes that are just those that a plain value is written with: nothing is hidden in them. Else None."""
    import msgpack

    try:
        tree = msgpack.unpackb(data)
        return tree if msgpack.packb(tree) == data and is_plain_tree(tree) else None
    except (ValueError, TypeError, RecursionError, OverflowError, MemoryError, msgpack.UnpackException):
        return None  # the careful way says what is wrong


def _extension(value: object) -> Any:
    import msgpack

    if isinstance(value, Timestamp):
        return msgpack.Timestamp(value.epoch_seconds, value.nanosecond)
    if isinstance(value, Decimal):
        return msgpack.ExtType(DECIMAL, decimals.canonical(value).encode())
    assert isinstance(value, int), f"not settled: {value!r}"
    length = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return msgpack.ExtType(INTEGER, value.to_bytes(length, "big", signed=True))


def _value(code: int, data: bytes) -> Any:
    if code == INTEGER:
        if not 1 <= len(data) <= INTEGER_BYTES:
            raise ValueError("no integer of the contract")
        number = int.from_bytes(data, "big", signed=True)
        if not -TEN_TO_THE_LIMIT < number < TEN_TO_THE_LIMIT:
            raise ValueError("too many digits")
        return number
    if code == DECIMAL:
        return decimals.parse(data.decode("ascii"))
    raise ValueError("an unknown extension")


def _unique(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    for key, _ in pairs:
        if type(key) not in _KEYS:
            raise ValueError("no key of the contract")
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("one key twice")
    return entries


def _settled(tree: Any, depth: int) -> Any:
    """The tree with our timestamps and maps, once its depth is known to be allowed."""
    kind = type(tree)
    if kind is list or kind is dict:
        if depth >= MAX_DEPTH:
            raise ValueError("too deep")
        if kind is list:
            return [_settled(item, depth + 1) for item in tree]
        entries = {key: _settled(item, depth + 1) for key, item in tree.items()}
        return entries if all(type(key) is str for key in entries) else Map(entries)
    if hasattr(tree, "nanoseconds"):  # msgpack's own timestamp
        return Timestamp.at(tree.seconds, tree.nanoseconds)
    return tree
