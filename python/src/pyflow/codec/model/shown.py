"""How a refusal shows what it is about: a value, and where that stands (protocol/refusals.md, "What stands in a slot")."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from .limits import cut
from .timestamp import Timestamp

_SHOWN, _PATH = 40, 100  # units
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff]')


def quoted(text: str, limit: int = _SHOWN) -> str:
    """The text in quotes and on one line, cut to `limit` units before it is escaped."""
    return '"' + _ESCAPED.sub(_escape, cut(text, limit)) + '"'


def shown(value: Any) -> str:
    """A value of the model, or a tree of JSON, as a refusal shows it: short, and the same in every language."""
    if isinstance(value, str):
        return quoted(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return cut(str(value), _SHOWN)
    if isinstance(value, bytes):
        return cut("0x" + value[:_SHOWN].hex(), _SHOWN)
    if isinstance(value, (list, tuple)):
        return f"an array of {len(value)}"
    if isinstance(value, dict):
        return f"a map of {len(value)}"
    kinds = {float: "a float", Timestamp: "a timestamp", Decimal: "a decimal"}
    return next((word for kind, word in kinds.items() if isinstance(value, kind)), type(value).__qualname__)


def character(index: int) -> str:
    """Where something is in a text of JSON. index: characters before it."""
    return f"at character {index + 1}"


def byte(index: int) -> str:
    """Where something is in bytes. index: bytes before it."""
    return f"at byte {index + 1}"


def place(path: Iterable[object]) -> str:
    """Where something is in a value, as `at $.items[3]["first name"]`."""
    return f"at {path_text(path)}"


def path_text(path: Iterable[object]) -> str:
    """The path itself."""
    return cut("$" + "".join(map(_step, path)), _PATH)


def path_to(root: Any, sought: object) -> tuple[object, ...] | None:
    """The steps from a tree of JSON to a container in it, None if it is not there."""
    if root is sought:
        return ()
    items: Iterable[tuple[object, Any]] = ()
    if type(root) is dict:
        items = root.items()
    elif type(root) is list:
        items = enumerate(root)
    for step, item in items:
        below = path_to(item, sought)
        if below is not None:
            return (step, *below)
    return None


def known(names: Iterable[str]) -> str:
    """What is configured, in order; `none` for nothing."""
    return ", ".join(sorted(names)) or "none"


def _step(step: object) -> str:
    return f".{step}" if isinstance(step, str) and _NAME.fullmatch(step) else f"[{shown(step)}]"


def _escape(match: re.Match[str]) -> str:
    return "\\" + match[0] if match[0] in '"\\' else f"\\u{ord(match[0]):04x}"
