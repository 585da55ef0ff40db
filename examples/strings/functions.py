"""Three Lambda functions: each takes a JSON value and returns one."""

from typing import Any


def upcase(event: str, context: Any) -> str:
    """The text in capitals."""
    return event.upper()


def reverse(event: str, context: Any) -> str:
    """The text backwards."""
    return event[::-1]


def concatenate(event: dict[str, Any], context: Any) -> str:
    """`parts` as one text, with `separator` between them."""
    separator: str = event["separator"]
    return separator.join(event["parts"])
