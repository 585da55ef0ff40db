"""What SWF asks of texts beyond the model's lengths and enums, as its documentation states it.

The words of these refusals are not known; they follow the pattern constraint of other AWS services.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple


class Format(NamedTuple):
    """What a text must be like, and how a refusal says so."""

    fits: Callable[[str], object]
    rule: str


def _pattern(pattern: str) -> Format:
    rule = f"Member must satisfy regular expression pattern: {pattern}"
    return Format(re.compile(pattern, re.ASCII).fullmatch, rule)


def _number(name: str, smallest: int, largest: int) -> Format:
    whole = re.compile(r"-?[0-9]{1,10}", re.ASCII)

    def fits(text: str) -> bool:
        return bool(whole.fullmatch(text)) and smallest <= int(text) <= largest

    return Format(fits, f"Member must be {name} from {smallest} to {largest}")


def _or(word: str, format_: Format) -> Format:
    def fits(text: str) -> bool:
        return text == word or bool(format_.fits(text))

    return Format(fits, f"{format_.rule}, or {word or 'empty'}")


_NAME = _pattern(r"(?!arn$)[^:/|\x00-\x1f\x7f-\x9f]+")
_SECONDS = _pattern(r"[0-9]{1,8}")
_DURATION = _pattern(r"([0-9]{1,8}|NONE)?")

FORMATS: dict[str, Format] = {
    "DomainName": _pattern(r"(?!arn$)(?!\s)[^:/|\x00-\x1f\x7f-\x9f]+(?<!\s)"),
    "Name": _NAME,
    "Version": _NAME,
    "WorkflowId": _NAME,
    "ActivityId": _NAME,
    "TimerId": _NAME,
    "DurationInSeconds": _SECONDS,
    "DurationInSecondsOptional": _DURATION,
    "DurationInDays": _or("NONE", _number("a number of days", 0, 90)),
    "TaskPriority": _number("an integer", -(2**31), 2**31 - 1),
    "ResourceTagKey": _pattern(r"[\w\s.:/=+@-]+"),
    "ResourceTagValue": _pattern(r"[\w\s.:/=+@-]*"),
}
"""Shape -> format."""

_EXECUTION = _or("", _number("a number of seconds", 0, 31_536_000))

MEMBER_FORMATS: dict[str, Format] = {
    "executionStartToCloseTimeout": _EXECUTION,
    "defaultExecutionStartToCloseTimeout": _EXECUTION,
}
"""Member -> format, where it is narrower than its shape's: an execution can't run without limit."""
