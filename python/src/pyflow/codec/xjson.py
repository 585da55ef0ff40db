"""Extended JSON: every value of the model as JSON, the rich ones in objects of one key that begins with `$`."""

from __future__ import annotations

import math
from base64 import b64decode, b64encode
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pyflow.errors import PayloadDecodeError

from . import decimals
from .json_read import parse, too_deep
from .json_write import write_compact
from .limits import MAX_DEPTH
from .timestamp import Timestamp
from .values import NAN, Map, settle

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


def from_tree(tree: Any, depth: int = 0) -> Any:
    """The value of parsed xjson that stands inside `depth` containers. Raises PayloadDecodeError."""
    kind = type(tree)
    if kind is list:
        deeper = _deeper(depth)
        return [from_tree(item, deeper) for item in tree]
    if kind is not dict:
        return tree
    if len(tree) == 1:
        ((tag, content),) = tree.items()
        if tag.startswith("$"):
            return _untag(tag, content, depth)
    deeper = _deeper(depth)
    return {key: from_tree(item, deeper) for key, item in tree.items()}


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


def _untag(tag: str, content: Any, depth: int) -> Any:
    untag = _TAGS.get(tag)
    if untag is None:
        known = ", ".join(sorted(_TAGS))
        raise PayloadDecodeError(
            f"a payload has the tag {tag[:40]!r}, which xjson does not know: it has {known}"
        )
    try:
        return untag(content, depth)
    except ValueError as error:
        raise PayloadDecodeError(f"a payload has a {tag} that holds none: {error}") from None


def _float(content: Any, depth: int) -> float:
    if not isinstance(content, str) or content not in _NONFINITE:
        raise ValueError(f"{content!r:.40} is not NaN, Infinity or -Infinity")
    return _NONFINITE[content]


def _timestamp(content: Any, depth: int) -> Timestamp:
    return Timestamp.parse(_text(content))


def _decimal(content: Any, depth: int) -> Decimal:
    return decimals.parse(_text(content))


def _map(content: Any, depth: int) -> dict[Any, Any]:
    if not isinstance(content, list):
        raise ValueError("it is an array of pairs")
    deeper = _deeper(depth)
    entries: dict[Any, Any] = {}
    for pair in content:
        if not isinstance(pair, list) or len(pair) != 2:
            raise ValueError(f"{pair!r:.40} is no pair")
        key = from_tree(pair[0], deeper)
        if type(key) not in (str, int, bytes):
            raise ValueError("keys are text, integers or bytes")
        if key in entries:
            raise ValueError(f"it has the key {key!r:.40} twice")
        entries[key] = from_tree(pair[1], deeper)
    return entries if all(type(key) is str for key in entries) else Map(entries)


def _literal(content: Any, depth: int) -> dict[str, Any]:
    if not isinstance(content, dict) or len(content) != 1 or not next(iter(content)).startswith("$"):
        raise ValueError("it is an object of one key that begins with $")
    deeper = _deeper(depth)
    return {key: from_tree(item, deeper) for key, item in content.items()}


def _text(content: Any) -> str:
    if not isinstance(content, str):
        raise ValueError(f"{content!r:.40} is no text")
    return content


def _deeper(depth: int) -> int:
    if depth >= MAX_DEPTH:
        raise too_deep()
    return depth + 1


_TAGS: dict[str, Callable[[Any, int], Any]] = {
    "$bytes": lambda content, depth: decode_base64(content),
    "$ts": _timestamp,
    "$dec": _decimal,
    "$float": _float,
    "$map": _map,
    "$lit": _literal,
}
