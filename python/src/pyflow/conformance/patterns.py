"""The small language of behaviours: long texts written shortly, and what a value must be like."""

from __future__ import annotations

import operator
from collections.abc import Callable
from hashlib import shake_256
from typing import Any

from pyflow import codec

TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "$at_least": lambda value, than: _is_number(value) and value >= than,
    "$at_most": lambda value, than: _is_number(value) and value <= than,
    "$units": lambda value, count: isinstance(value, str) and codec.units(value) == count,
    "$units_at_most": lambda value, count: isinstance(value, str) and codec.units(value) <= count,
    "$ends": lambda value, text: isinstance(value, str) and value.endswith(text),
    "$length": lambda value, count: isinstance(value, list | bytes | dict) and len(value) == count,
    "$not_empty": lambda value, yes: bool(value) == yes,
    "$is": operator.eq,
}
"""A map whose keys are all here is a pattern: each must hold."""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def written(value: Any) -> Any:
    """The value with every `{$repeat: [text, n]}` written out, and every `{$random: n}`, n hex digits, always the same."""
    if isinstance(value, dict):
        if value.keys() == {"$repeat"}:
            text, count = value["$repeat"]
            return str(text) * int(count)
        if value.keys() == {"$random"}:
            return shake_256(b"conformance").hexdigest(int(value["$random"]) // 2)
        return {key: written(item) for key, item in value.items()}
    return [written(item) for item in value] if isinstance(value, list) else value


def misfit(pattern: Any, value: Any, at: str) -> str | None:
    """The first place where a value is not as the pattern says, as a sentence; None where it is.

    Maps may hold more than the pattern has, unless its part is `null`: then the value's must be absent or null.
    """
    if isinstance(pattern, dict) and pattern and pattern.keys() <= TESTS.keys():
        for name, than in pattern.items():
            if not TESTS[name](value, than):
                return f"{at} is {shortened(value)}, should be {name[1:].replace('_', ' ')} {than!r}"
        return None
    if isinstance(pattern, dict) and isinstance(value, dict):
        found = (misfit(part, value.get(key), f"{at}.{key}") for key, part in pattern.items())
        return next((it for it in found if it), None)
    if isinstance(pattern, list) and isinstance(value, list) and len(pattern) == len(value):
        found = (misfit(part, value[n], f"{at}[{n}]") for n, part in enumerate(pattern))
        return next((it for it in found if it), None)
    if type(pattern) is type(value) and pattern == value:
        return None
    return f"{at} is {shortened(value)}, should be {shortened(pattern)}"


def shortened(value: Any) -> str:
    """A value for a sentence."""
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:200]}… ({len(text)} characters)"
