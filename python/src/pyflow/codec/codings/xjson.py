"""Extended JSON: every value of the model as JSON, the rich ones in objects of one key that begins with `$`."""

from __future__ import annotations

import math
from base64 import b64decode, b64encode
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pyflow.codec.model import decimals
from pyflow.codec.model.limits import MAX_DEPTH
from pyflow.codec.model.refusals import refusal
from pyflow.codec.model.shown import path_to, place, shown
from pyflow.codec.model.timestamp import Timestamp
from pyflow.codec.model.values import NAN, Map, settle

from .json_read import parse
from .json_write import write_compact

_NONFINITE = {"NaN": NAN, "Infinity": math.inf, "-Infinity": -math.inf}


def encode(value: object, what: str = "payload") -> str:
    """The text of any value of the model. Raises PayloadEncodeError, with the path, for others."""
    settled, _ = settle(value, what)
    return write_compact(to_tree(settled))


def decode(text: str) -> Any:
    """The value of an xjson text. Raises PayloadDecodeError."""
    return from_tree(parse(text))


def to_tree(value: Any) -> Any:
    """A settled value as what JSON can write."""
    kind = type(value)
    if kind is dict:
        return _map_tree(value)
    if kind is list:
        return [to_tree(item) for item in value]
    if kind is float and not math.isfinite(value):
        return {"$float": "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"}
    if kind is bytes:
        return {"$bytes": b64encode(value).decode()}
    if kind is Timestamp:
        return {"$ts": str(value)}
    if kind is Decimal:
        return {"$dec": decimals.readable(value)}
    return value


class _Misfit(Exception):
    """What is wrong with a tag, by its code, and the object that it is in."""

    def __init__(self, code: str, culprit: object, **slots: object) -> None:
        self.code, self.culprit, self.slots = code, culprit, slots


def from_tree(tree: Any, root: Any = None) -> Any:
    """The value of parsed xjson. root: the JSON that it stands in, to say where. Raises PayloadDecodeError."""
    try:
        return _value(tree, 0)
    except _Misfit as misfit:
        path = path_to(tree if root is None else root, misfit.culprit) or ()
        raise refusal(misfit.code, where=place(path), **misfit.slots) from None


def _value(tree: Any, depth: int) -> Any:
    """What stands inside `depth` containers."""
    kind = type(tree)
    if kind is list:
        deeper = _deeper(depth)
        return [_value(item, deeper) for item in tree]
    if kind is not dict:
        return tree
    if len(tree) == 1:
        ((tag, content),) = tree.items()
        if tag.startswith("$"):
            untag = _TAGS.get(tag)
            if untag is None:
                raise _Misfit("tag-unknown", tree, tag=shown(tag))
            return untag(content, depth, tree)
    deeper = _deeper(depth)
    return {key: _value(item, deeper) for key, item in tree.items()}


def decode_base64(text: object) -> bytes:
    """Strict base64: the standard alphabet, padded, no white space, one text for the same bytes. Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError("base64 is a text")
    if len(text) % 4:
        raise ValueError("base64 has four characters for three bytes, padded with =")
    data = b64decode(text.encode("ascii"), validate=True)
    if text.endswith("=") and b64encode(data[-(len(data) % 3) :]).decode() != text[-4:]:
        raise ValueError("base64 has zeros for the bits behind its last byte")
    return data


def _map_tree(value: dict[Any, Any]) -> Any:
    if not all(type(key) is str for key in value):
        return {"$map": [[to_tree(key), to_tree(item)] for key, item in value.items()]}
    tree = {key: to_tree(item) for key, item in value.items()}
    if len(tree) == 1 and next(iter(tree)).startswith("$"):
        return {"$lit": tree}
    return tree


def _bytes(content: Any, depth: int, tag: Any) -> bytes:
    try:
        return decode_base64(content)
    except ValueError:
        raise _Misfit("bytes", tag, found=shown(content)) from None


def _float(content: Any, depth: int, tag: Any) -> float:
    if not isinstance(content, str) or content not in _NONFINITE:
        raise _Misfit("float", tag, found=shown(content))
    return _NONFINITE[content]


def _timestamp(content: Any, depth: int, tag: Any) -> Timestamp:
    try:
        return Timestamp.parse(content)
    except (ValueError, TypeError):
        raise _Misfit("timestamp", tag, found=shown(content)) from None


def _decimal(content: Any, depth: int, tag: Any) -> Decimal:
    if not isinstance(content, str) or not decimals.is_form(content):
        raise _Misfit("decimal", tag, found=shown(content))
    try:
        return decimals.parse(content)
    except ValueError:
        raise _Misfit("decimal-limits", tag, found=shown(content)) from None


def _map(content: Any, depth: int, tag: Any) -> dict[Any, Any]:
    if not isinstance(content, list):
        raise _Misfit("map", tag, found=shown(content))
    deeper = _deeper(depth)
    entries: dict[Any, Any] = {}
    for pair in content:
        if not isinstance(pair, list) or len(pair) != 2:
            raise _Misfit("map", tag, found=shown(pair))
        key = _value(pair[0], deeper)
        if type(key) not in (str, int, bytes):
            raise _Misfit("key-kind", tag, found=shown(key))
        if key in entries:
            raise _Misfit("key-twice", tag, key=shown(key))
        entries[key] = _value(pair[1], deeper)
    return entries if all(type(key) is str for key in entries) else Map(entries)


def _literal(content: Any, depth: int, tag: Any) -> dict[str, Any]:
    if not isinstance(content, dict) or len(content) != 1 or not next(iter(content)).startswith("$"):
        raise _Misfit("literal", tag, found=shown(content))
    deeper = _deeper(depth)
    return {key: _value(item, deeper) for key, item in content.items()}


def _deeper(depth: int) -> int:
    if depth >= MAX_DEPTH:
        raise refusal("depth")
    return depth + 1


_TAGS: dict[str, Callable[[Any, int, Any], Any]] = {
    "$bytes": _bytes,
    "$ts": _timestamp,
    "$dec": _decimal,
    "$float": _float,
    "$map": _map,
    "$lit": _literal,
}
