"""What a handler is given: its event, its context, its environment; and names that nobody hosts."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyflow.local.lambdas import Completed, Failed, HostedFunctions, HostingError, TimedOut

Outcome = Completed | Failed | TimedOut
InvokeOnce = Callable[..., Outcome]

ECHO = "def handler(event, context): return event"


def told(outcome: Outcome) -> object:
    """The value the function completed with."""
    assert isinstance(outcome, Completed), outcome
    return json.loads(outcome.result)


@pytest.mark.parametrize("event", [None, 0, "naïve 🎈", [1, [2, {}]], {"id": 2**60 + 1, "": True}])
def test_an_event_arrives_as_it_was_sent(invoke_once: InvokeOnce, event: object) -> None:
    assert told(invoke_once(ECHO, json.dumps(event))) == event


def test_an_event_that_is_not_ascii_arrives_as_it_was_sent(invoke_once: InvokeOnce) -> None:
    assert told(invoke_once(ECHO, '"Grüße 你好 🎈"')) == "Grüße 你好 🎈"


def test_no_input_is_the_empty_object(invoke_once: InvokeOnce) -> None:
    assert invoke_once(ECHO, "") == Completed("{}")


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ("hello", "Expecting value: line 1 column 1 (char 0)"),
        ('{"n": NaN}', "NaN is not JSON"),
        ('"caf\ud800"', "byte 4 is not UTF-8"),
    ],
)
def test_an_event_that_is_not_json_reaches_no_handler(
    invoke_once: InvokeOnce, payload: str, why: str
) -> None:
    assert invoke_once("raise AssertionError", payload) == Failed(
        "InvalidRequestContentException", f"Could not parse request body into json: {why}"
    )


def test_the_context_tells_the_function_and_the_time_that_is_left(invoke_once: InvokeOnce) -> None:
    source = """
def handler(event, context):
    return [context.function_name, context.function_version, context.invoked_function_arn,
            context.memory_limit_in_mb, context.log_group_name, len(context.aws_request_id),
            0 < context.get_remaining_time_in_millis() <= 20_000]
"""
    arn = "arn:aws:lambda:us-east-1:123456789012:function:app"
    assert told(invoke_once(source)) == ["app", "$LATEST", arn, "1769", "/aws/lambda/app", 36, True]


def test_the_environment_is_ours_and_lambdas(
    invoke_once: InvokeOnce, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERS_TABLE", "orders-test")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_LAMBDA_MAX_CONCURRENCY", "8")
    source = """
import os
def handler(event, context):
    return {name: os.environ.get(name) for name in event} | {"cwd": os.getcwd()}
"""
    expected = {
        "ORDERS_TABLE": "orders-test",
        "AWS_REGION": "eu-central-1",
        "AWS_LAMBDA_FUNCTION_NAME": "app",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_MAX_CONCURRENCY": None,
        "LAMBDA_TASK_ROOT": str(tmp_path),
        "TZ": ":UTC",
        "_HANDLER": "app.handler",
    }
    assert told(invoke_once(source, json.dumps(list(expected)))) == expected | {"cwd": str(tmp_path)}


def test_a_handler_is_found_in_a_package_on_pythonpath(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "lib" / "shop"
    package.mkdir(parents=True)
    (package / "prices.py").write_text("def price(event, context): return event * 2", "utf-8")
    search = os.pathsep.join([str(tmp_path / "lib"), *sys.path])
    monkeypatch.setenv("PYTHONPATH", search)
    assert asyncio.run(invoke_hosted({"price": "shop.prices:price"}, "price", "21")) == Completed("42")


@pytest.mark.parametrize(
    "name",
    [
        "app",
        "app:live",
        "function:app",
        "123456789012:function:app",
        "arn:aws:lambda:eu-west-1:123456789012:function:app",
        "arn:aws:lambda:eu-west-1:123456789012:function:app:7",
    ],
)
def test_a_function_answers_to_its_name_and_its_arns(write_module: Callable[[str], None], name: str) -> None:
    write_module(ECHO)
    assert asyncio.run(invoke_hosted({"app": "app:handler"}, name, "1")) == Completed("1")


def test_a_function_that_nobody_hosts_is_not_found() -> None:
    outcome = asyncio.run(invoke_hosted({"price": "app:price", "pack": "app:pack"}, "prize", "1"))
    arn = "arn:aws:lambda:us-east-1:123456789012:function:prize"
    assert outcome == Failed("ResourceNotFoundException", f"Function not found: {arn} (hosted: pack, price)")


@pytest.mark.parametrize(
    "target", ["app", "app.handler", ":handler", "app:", "app.py:handler()", "a b:c", ""]
)
def test_a_target_that_is_no_handler_is_refused_with_a_sentence(target: str) -> None:
    with pytest.raises(HostingError) as refused:
        HostedFunctions({"price": target})
    assert str(refused.value) == (
        f"lambda function 'price' is {target!r}, not a handler: write module:function, as in app:handler"
    )


@pytest.mark.parametrize("missing", ["awslambdaric", "runtime_client"])
def test_without_awslambdaric_hosting_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(HostingError) as refused:
        HostedFunctions({"price": "app:price"})
    assert str(refused.value) == (
        f"lambda function 'price' can't be hosted because {missing} is not installed: "
        "pip install 'pyflow-swf[local]' brings it on Linux; elsewhere use --lambda-endpoint"
    )


async def invoke_hosted(handlers: dict[str, str], name: str, payload: str) -> Outcome:
    """Host these, invoke one, and close."""
    functions = HostedFunctions(handlers)
    try:
        return await functions.invoke(name, payload, 20)
    finally:
        await functions.close()
