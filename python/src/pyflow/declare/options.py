"""What SWF takes beside the input of a step: every field is checked before the call, with its name and the step's.

Source: SWF API, the …DecisionAttributes of each kind, and the constraints of its service model.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeAlias, TypedDict, TypeVar, cast

from pyflow.declare.retry import RetryPolicy
from pyflow.declare.type_names import NAME_LIMIT, VERSION_LIMIT, check_name
from pyflow.errors import InvocationException

F = TypeVar("F", bound=Callable[..., Any])

Seconds: TypeAlias = "int | float | str"
"""Whole seconds, as a number or in digits, or `NONE`, SWF's word for no limit."""

LONGEST = 99_999_999  # seconds; SWF holds eight digits
LAMBDA_LONGEST = 900
LAMBDA_NAME_LIMIT = 64
ROLE_LIMIT = 1_600
TAGS, TAG_LIMIT = 5, 256
PRIORITY = 2**31
ATTEMPT_ROOM = 16  # characters that the ids of attempts and their timers add
CHILD_POLICIES = ("TERMINATE", "REQUEST_CANCEL", "ABANDON")


class LambdaOptions(TypedDict, total=False):
    """What `using` takes for a Lambda function."""

    timeout: Seconds | None
    retry: RetryPolicy | None


class ActivityOptions(TypedDict, total=False):
    """What `using` takes for an activity."""

    timeout: Seconds | None
    task_list: str | None
    retry: RetryPolicy | None
    schedule_to_start_timeout: Seconds | None
    schedule_to_close_timeout: Seconds | None
    heartbeat_timeout: Seconds | None
    priority: int | None
    envelope: bool


class ChildWorkflowOptions(TypedDict, total=False):
    """What `using` takes for a child workflow."""

    child_policy: str | None
    lambda_role: str | None
    task_list: str | None
    execution_start_to_close_timeout: Seconds | None
    retry: RetryPolicy | None
    workflow_id: str | None
    tags: tuple[str, ...] | list[str]
    priority: int | None
    task_start_to_close_timeout: Seconds | None


def remembered(make: F) -> F:
    """A function that gives the same for the same positional arguments, called once for those that can be hashed."""
    kept: Any = lru_cache(maxsize=1024, typed=True)(make)

    @wraps(make)
    def made(*args: Any) -> Any:
        try:
            return kept(*args)
        except TypeError:
            return make(*args)

    return cast(F, made)


@remembered
def lambda_attributes(function_name: str, timeout: Seconds | None) -> dict[str, Any]:
    """Those of ScheduleLambdaFunction that no call changes, to be copied. Raises InvocationException."""
    what = f"lambda function {_short(function_name)}"
    attributes: dict[str, Any] = {"name": _text(function_name, f"name of {what}", 1, LAMBDA_NAME_LIMIT)}
    if timeout:
        attributes["startToCloseTimeout"] = _seconds(timeout, f"timeout of {what}", 1, LAMBDA_LONGEST)
    return attributes


@remembered
def activity_attributes(
    name: str,
    version: str,
    timeout: Seconds | None,
    task_list: str | None,
    schedule_to_start_timeout: Seconds | None,
    schedule_to_close_timeout: Seconds | None,
    heartbeat_timeout: Seconds | None,
    priority: int | None,
) -> dict[str, Any]:
    """Those of ScheduleActivityTask that no call changes, to be copied. Raises InvocationException."""
    what = f"activity {_short(name)} {_short(version)}"
    attributes: dict[str, Any] = {"activityType": _type(name, version, "an activity", what)}
    timeouts = (
        ("startToCloseTimeout", "timeout", timeout or None),
        ("scheduleToStartTimeout", "schedule_to_start_timeout", schedule_to_start_timeout),
        ("scheduleToCloseTimeout", "schedule_to_close_timeout", schedule_to_close_timeout),
        ("heartbeatTimeout", "heartbeat_timeout", heartbeat_timeout),
    )
    for field, option, value in timeouts:
        if value is not None:
            attributes[field] = _seconds(value, f"{option} of {what}")
    if task_list:
        attributes["taskList"] = {"name": _name(task_list, f"task list of {what}")}
    if priority is not None:
        attributes["taskPriority"] = _priority(priority, f"priority of {what}")
    return attributes


@remembered
def child_attributes(
    name: str,
    version: str,
    child_policy: str | None,
    lambda_role: str | None,
    task_list: str | None,
    execution_start_to_close_timeout: Seconds | None,
    task_start_to_close_timeout: Seconds | None,
    tags: tuple[str, ...],
    priority: int | None,
) -> dict[str, Any]:
    """Those of StartChildWorkflowExecution that no call changes, to be copied. Raises InvocationException."""
    what = f"child workflow {_short(name)} {_short(version)}"
    attributes: dict[str, Any] = {"workflowType": _type(name, version, "a child workflow", what)}
    if child_policy is not None:
        if child_policy not in CHILD_POLICIES:
            raise InvocationException(
                f"child_policy of {what} is {child_policy!r}: it must be one of {', '.join(CHILD_POLICIES)}"
            )
        attributes["childPolicy"] = child_policy
    if lambda_role is not None:
        attributes["lambdaRole"] = _text(lambda_role, f"lambda_role of {what}", 1, ROLE_LIMIT)
    if task_list is not None:
        attributes["taskList"] = {"name": _name(task_list, f"task list of {what}")}
    timeouts = (
        (
            "executionStartToCloseTimeout",
            "execution_start_to_close_timeout",
            execution_start_to_close_timeout,
        ),
        ("taskStartToCloseTimeout", "task_start_to_close_timeout", task_start_to_close_timeout),
    )
    for field, option, value in timeouts:
        if value is not None:
            attributes[field] = _seconds(value, f"{option} of {what}")
    if tags:
        attributes["tagList"] = _tags(tags, what)
    if priority is not None:
        attributes["taskPriority"] = _priority(priority, f"priority of {what}")
    return attributes


def check_retry(retry: object, *what: object) -> None:
    """Raises InvocationException for what is no policy."""
    if retry is not None and not isinstance(retry, RetryPolicy):
        raise InvocationException(
            f"retry of {' '.join(map(str, what))} is {retry!r}: it must be a RetryPolicy, or None"
        )


def check_workflow_id(workflow_id: object, what: str, *, retried: bool) -> None:
    """Raises InvocationException for an id that SWF would refuse. retried: it leaves room for the ids of attempts."""
    limit = NAME_LIMIT - ATTEMPT_ROOM if retried else NAME_LIMIT
    check_name(workflow_id, f"workflow_id of {what}", limit, error=InvocationException)


def tuple_of(tags: object) -> tuple[str, ...]:
    """Tags as what can be hashed; what are no tags stays as it is, to be refused."""
    return tuple(tags) if isinstance(tags, list | set | frozenset) else tags  # type: ignore[return-value]


def seconds_of(text: str | None) -> int | None:
    """A timeout as a number; None where there is none."""
    return None if text is None or text == "NONE" else int(text)


def _seconds(value: object, what: str, least: int = 0, most: int = LONGEST) -> str:
    if value == "NONE" and not least:
        return "NONE"
    number: object = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    if isinstance(number, bool) or not isinstance(number, int | float) or not least <= number <= most:
        pass
    elif number == int(number):
        return str(int(number))
    or_none = "" if least else ", or 'NONE'"
    raise InvocationException(f"{what} is {value!r}: it must be whole seconds, {least} to {most}{or_none}")


def _priority(value: object, what: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and -PRIORITY <= value < PRIORITY:
        return str(value)
    raise InvocationException(
        f"{what} is {value!r}: it must be a whole number from {-PRIORITY} to {PRIORITY - 1}"
    )


def _tags(value: object, what: str) -> list[str]:
    if not isinstance(value, tuple):
        raise InvocationException(f"tags of {what} is {value!r}: it must be a list of texts")
    if len(value) > TAGS:
        raise InvocationException(f"tags of {what} are {len(value)}: SWF takes {TAGS}")
    return [_text(tag, f"a tag of {what}", 0, TAG_LIMIT) for tag in value]


def _type(name: object, version: object, kind: str, what: str) -> dict[str, str]:
    return {
        "name": _name(name, f"name of {kind}"),
        "version": _name(version, f"version of {what.rpartition(' ')[0]}", VERSION_LIMIT),
    }


def _name(text: object, what: str, limit: int = NAME_LIMIT) -> str:
    return check_name(text, what, limit, error=InvocationException)


def _text(text: object, what: str, least: int, most: int) -> str:
    if not isinstance(text, str):
        raise InvocationException(f"{what} is {text!r}: it must be text")
    if not least <= len(text) <= most:
        raise InvocationException(f"{what} is {len(text)} characters: SWF takes {least} to {most}")
    return text


def _short(text: object) -> str:
    return str(text) if len(str(text)) <= NAME_LIMIT else f"{str(text)[:40]}…"
