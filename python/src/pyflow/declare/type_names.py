"""What SWF takes as the name and version of a type, and as the name of a task list."""

from __future__ import annotations

import re

from pyflow.errors import PyflowException

NAME_LIMIT = 256
VERSION_LIMIT = 64
_FORBIDDEN = re.compile(r"[:/|\x00-\x1f\x7f-\x9f]")


def check_name(
    text: object, what: str, limit: int = NAME_LIMIT, *, error: type[PyflowException] = PyflowException
) -> str:
    """The text itself when SWF would take it.

    what: how the error calls it, such as `name of activity charge`; limit: characters.
    Raises the error given. Source: SWF API, RegisterActivityType.
    """
    if not isinstance(text, str):
        raise error(f"{what} is {text!r}: it must be text")
    if not 1 <= len(text) <= limit:
        raise error(f"{what} is {len(text)} characters: SWF takes 1 to {limit}")
    if found := _FORBIDDEN.search(text):
        raise error(f"{what} is {text!r}: SWF takes no {found.group()!r} there")
    if text == "arn":
        raise error(f"{what} is 'arn': SWF keeps that word to itself")
    return text
