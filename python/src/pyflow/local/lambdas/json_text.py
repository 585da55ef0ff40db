"""Whether a text is JSON, strictly: what a handler answers goes to a decider in another process.

Python's own reader takes NaN and lone surrogates, and stops at long integers; JSON's grammar (RFC 8259) and
every other reader disagree on all three.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]", re.ASCII)


class NotJson(ValueError):
    """The text is not one JSON value; the message says where."""


def json_text(body: bytes) -> str:
    """The bytes as text, if they are one JSON value in UTF-8; raises NotJson."""
    try:
        text = body.decode("utf-8")
        # the numbers are only looked at: int() refuses more than 4 300 digits, JSON does not
        value = json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise NotJson(f"byte {error.start} is not UTF-8") from error
    except NotJson:
        raise
    except ValueError as error:
        raise NotJson(str(error)) from error
    except RecursionError as error:
        raise NotJson("nested too deep") from error
    if _SURROGATE.search(text):
        for string in _strings(value):
            _refuse_surrogates(string)
    return text


def _refuse_constant(name: str) -> NoReturn:
    raise NotJson(f"{name} is not JSON")


def _refuse_surrogates(string: str) -> None:
    try:
        string.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotJson(f"a string holds the lone surrogate U+{ord(string[error.start]):04X}") from error


def _strings(value: Any) -> Iterator[str]:
    """Every string in the value, keys included; a stack of its own, for the nesting json.loads takes."""
    left = [value]
    while left:
        value = left.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            left.extend(value)
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)
