"""Values that are settled as they are: what most payloads hold, seen level by level, by the collector's traversal in C."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from gc import get_referents
from math import isfinite
from typing import Any

from .limits import MAX_DEPTH

_KINDS = frozenset({str, int, float, bool, type(None), list, dict})
_CONTAINERS = frozenset({list, dict})
_LARGEST = 2**63


def is_regular(value: object) -> bool:
    """Whether `settle` surely would return an equal value, and call it plain; False may be wrong."""
    for level, kinds in _levels(value):
        if not kinds <= _KINDS:
            return False
        if float in kinds and not all(isfinite(item) for item in level if type(item) is float):
            return False
        if int in kinds and any(abs(item) >= _LARGEST for item in level if type(item) is int):
            return False
        if str in kinds and not _is_text("".join([item for item in level if type(item) is str])):
            return False
        if dict in kinds and not _have_text_keys(level):
            return False
        if not level:
            return True
    return False


def is_plain_tree(tree: object) -> bool:
    """Whether what msgpack read has text keys, an allowed depth and no extensions, nor bytes, which may be a key's."""
    for level, kinds in _levels(tree):
        if not kinds <= _KINDS:
            return False
        if not level:
            return True
    return False


def _levels(value: object) -> Iterator[tuple[Sequence[Any], set[type]]]:
    """What is in the containers of each level, and of which types; an empty level at the end, unless it is too deep."""
    level: Sequence[Any] = (value,)
    for _ in range(MAX_DEPTH + 1):
        kinds = set(map(type, level))
        yield level, kinds
        if not level:
            return
        level = get_referents(*level) if kinds & _CONTAINERS else ()


def _have_text_keys(level: Sequence[Any]) -> bool:
    keys: set[Any] = set()
    for item in level:
        if type(item) is dict:
            keys.update(item)
    return set(map(type, keys)) <= {str} and _is_text("".join(keys))


def _is_text(text: str) -> bool:
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False
