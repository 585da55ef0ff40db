"""The two Lambda functions of the document, which leaves open what they do."""

from typing import Any


def some_lambda_func(event: str, context: Any) -> int:
    """How long the text is."""
    return len(event)


def other_lambda_func(event: int, context: Any) -> int:
    """Six times the number."""
    return event * 6
