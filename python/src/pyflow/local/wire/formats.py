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
    return Format(re.compile(pattern).fullmatch, rule)


def _number(name: str, smallest: int, largest: int) -> Format:
    whole = re.compile(r"-?[0-9]{1,10}")

    def fits(text: str) -> bool:
        return bool(whole.fullmatch(text)) and smallest <= int(text) <= largest

    return Format(fits, f"Member must be {name} from {smallest} to {largest}")


def _or_none(format_: Format) -> Format:
    def fits(text: str) -> bool:
        return text == "NONE" or bool(format_.fits(text))

    return Format(fits, f"{format_.rule}, or NONE")


_NAME = _pattern(r"(?!arn$)[^:/|\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_UNICODE = _pattern(r"[^\ud800-\udfff]*")
"""What is looked up or described must be Unicode; inputs, results and details come back as they came."""

FORMATS: dict[str, Format] = {
    "DomainName": _NAME,
    "Name": _NAME,
    "Version": _NAME,
    "VersionOptional": _UNICODE,
    "WorkflowId": _NAME,
    "WorkflowRunId": _UNICODE,
    "WorkflowRunIdOptional": _UNICODE,
    "ActivityId": _NAME,
    "TimerId": _NAME,
    "Tag": _UNICODE,
    "Description": _UNICODE,
    "DurationInSeconds": _pattern(r"[0-9]{1,8}"),
    "DurationInSecondsOptional": _pattern(r"[0-9]{1,8}|NONE"),
    "DurationInDays": _or_none(_number("a number of days", 0, 90)),
    "TaskPriority": _number("an integer", -(2**31), 2**31 - 1),
    "ResourceTagKey": _pattern(r"[\w\s.:/=+@-]+"),
    "ResourceTagValue": _pattern(r"[\w\s.:/=+@-]*"),
}
"""Shape -> format."""

_UNPADDED = _pattern(r"(?!arn$)(?!\s)[^:/|\x00-\x1f\x7f-\x9f\ud800-\udfff]+(?<!\s)")
_EXECUTION = _number("a number of seconds", 0, 31_536_000)

NARROWED: dict[str, dict[str, Format]] = {
    "RegisterDomainInput": {"name": _UNPADDED},
    "PollForActivityTaskInput": {"taskList.name": _UNPADDED},
    "RegisterWorkflowTypeInput": {"defaultExecutionStartToCloseTimeout": _EXECUTION},
    "StartWorkflowExecutionInput": {"executionStartToCloseTimeout": _EXECUTION},
    "StartChildWorkflowExecutionDecisionAttributes": {
        "taskList.name": _UNPADDED,
        "executionStartToCloseTimeout": _EXECUTION,
    },
    "ContinueAsNewWorkflowExecutionDecisionAttributes": {"executionStartToCloseTimeout": _EXECUTION},
    "ScheduleLambdaFunctionDecisionAttributes": {
        "startToCloseTimeout": _or_none(_number("a number of seconds", 1, 900))
    },
}
"""Structure -> a member's path in it -> its format there, instead of its shape's."""

ABSENT_WHEN_EMPTY = frozenset(
    {"DurationInSecondsOptional", "WorkflowRunIdOptional", "VersionOptional", "PageToken"}
)
"""Shapes that the model lets be empty although no empty text means anything."""
