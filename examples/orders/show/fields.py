"""The checks of single fields: each takes a value and its path, returns the value to use, or raises."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

LONGEST_NAME = 100  # characters
LARGEST_ATTACHMENT = 6144  # bytes: with the invoice around them they still fit SWF's 32 768 characters
MEDIA_TYPES = ("application/pdf", "image/gif", "image/jpeg", "image/png", "image/webp", "text/plain")

Check = Callable[[Any, str], Any]
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
)  # what would garble a terminal, or is no text


class OrdersFileError(Exception):
    """The file is not one of orders; the message is one sentence."""


def exactly(
    value: Any, path: str, required: Mapping[str, Check], optional: Mapping[str, Check] | None = None
) -> dict[str, Any]:
    """An object with these keys and no others, each value as its check returns it."""
    if not isinstance(value, dict):
        raise OrdersFileError(f"{path} is {kind(value)}: it must be an object with {', '.join(required)}")
    checks = {**required, **(optional or {})}
    for key in value:
        if key not in checks:
            raise OrdersFileError(f"{path} has the key {quoted(key)}: its keys are {', '.join(checks)}")
    for key in required:
        if key not in value:
            raise OrdersFileError(f"{path} has no {key}: its keys are {', '.join(checks)}")
    prefix = "" if path == "the file" else f"{path}."
    return {key: checks[key](part, prefix + key) for key, part in value.items()}


def listed(least: int, most: int, check: Check) -> Check:
    """An array of so many, each as its check returns it."""

    def each(value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise OrdersFileError(f"{path} is {kind(value)}: it must be an array")
        if not least <= len(value) <= most:
            raise OrdersFileError(f"{path} has {len(value)} entries: it must have {least} to {most}")
        return [check(part, f"{path}[{index}]") for index, part in enumerate(value)]

    return each


def integer(least: int, most: int) -> Check:
    """A whole number of the range."""

    def check(value: Any, path: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise OrdersFileError(
                f"{path} is {quoted(value)}: it must be a whole number from {least} to {most}"
            )
        return value

    return check


def one_of(allowed: Collection[str]) -> Check:
    """One of these texts."""

    def check(value: Any, path: str) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise OrdersFileError(
                f"{path} is {quoted(value)}: it must be one of {', '.join(sorted(allowed))}"
            )
        return value

    return check


def matching(pattern: str, what: str) -> Check:
    """A text of the pattern; what: how the sentence describes it."""

    def check(value: Any, path: str) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
            raise OrdersFileError(f"{path} is {quoted(value)}: it must be {what}")
        return value

    return check


def name(value: Any, path: str) -> str:
    """A line of text in any script."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_NAME or _CONTROL.search(value):
        raise OrdersFileError(
            f"{path} is {quoted(value)}: it must be one line of 1 to {LONGEST_NAME} characters"
        )
    return value


def base64_bytes(value: Any, path: str) -> bytes:
    """The bytes that a base64 text stands for."""
    try:
        data = base64.b64decode(value, validate=True) if isinstance(value, str) else None
    except (binascii.Error, ValueError):
        data = None
    if data is None:
        raise OrdersFileError(f"{path} is {quoted(value)}: it must be base64 text")
    if not 1 <= len(data) <= LARGEST_ATTACHMENT:
        raise OrdersFileError(f"{path} is {len(data)} bytes: it must be 1 to {LARGEST_ATTACHMENT}")
    return data


def json_object(value: Any, path: str) -> dict[str, Any]:
    """Any object."""
    if not isinstance(value, dict):
        raise OrdersFileError(
            f"{path} is {kind(value)}: it must be an object, the result as README.md defines it"
        )
    return value


quantity = integer(1, 9999)
price = matching(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?", 'an amount as decimal text such as "19.90"')
country = matching(r"[A-Z]{2}", "a country in two capital letters such as DE")
media_type = one_of(MEDIA_TYPES)
test_card = matching(r"test_[a-z0-9_]{1,40}", "a test card such as test_visa_4242 (never a real card number)")


def kind(value: Any) -> str:
    """What JSON calls it."""
    names = {dict: "an object", list: "an array", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def quoted(value: Any) -> str:
    """The value as JSON, short enough for a sentence."""
    shown = json.dumps(value, ensure_ascii=bool(_CONTROL.search(str(value))))
    return shown if len(shown) <= 60 else f"{shown[:57]}…"
