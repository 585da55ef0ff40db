"""Lambda tasks as a decider sees them: what a function comes to is in the history, on a real local SWF."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from local_lambdas.endpoint import Endpoint
from local_lambdas.one_function import DOMAIN, client_of, story_of

from pyflow.testing.processes import local_swf_process

FUNCTIONS = """
import os, time

def double(event, context):
    return event * 2

def argument(event, context):
    return [event, context.function_name]

def pid(event, context):
    return os.getpid()

def refuse(event, context):
    raise LookupError("no such order")

def leave(event, context):
    os._exit(7)

def rubbish(event, context):
    return float("nan")

def bulk(event, context):
    return "x" * event

def linger(event, context):
    time.sleep(600)

def hurry(event, context):
    time.sleep(600)

def hoard(event, context):
    hoarded = bytearray(b"x") * (400 * 2**20)
    time.sleep(600)
"""

NAMES = ("double", "argument", "pid", "refuse", "leave", "rubbish", "bulk", "linger", "hurry", "hoard")

STARTED = ["LambdaFunctionScheduled", "LambdaFunctionStarted"]
COMPLETED = [*STARTED, "LambdaFunctionCompleted"]
FAILED = [*STARTED, "LambdaFunctionFailed"]
TIMED_OUT = [*STARTED, "LambdaFunctionTimedOut"]


@pytest.fixture(scope="module")
def swf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A boto3 client of a local SWF that hosts FUNCTIONS, one of them in little memory and one in little time."""
    folder: Path = tmp_path_factory.mktemp("functions")
    (folder / "app.py").write_text(FUNCTIONS, "utf-8")
    hosted = [f"--lambda={name}=app:{name}" for name in NAMES]
    limits = ["--lambda-memory=hoard=128", "--lambda-timeout=hurry=1"]
    with local_swf_process("--domain", DOMAIN, *hosted, *limits, cwd=folder) as (_, endpoint):
        yield client_of(endpoint)


def test_a_function_that_returns_completes_its_task(swf: Any) -> None:
    assert story_of(swf, "double", "21") == (
        COMPLETED,
        {"scheduledEventId": 5, "startedEventId": 6, "result": "42"},
    )


def test_a_function_scheduled_without_input_is_given_the_empty_object(swf: Any) -> None:
    events, attributes = story_of(swf, "argument")
    assert (events, json.loads(attributes["result"])) == (COMPLETED, [{}, "argument"])


def test_the_second_task_of_a_function_runs_in_the_process_of_the_first(swf: Any) -> None:
    first, second = (story_of(swf, "pid").attributes["result"] for _ in range(2))
    assert first == second
    assert int(first) != os.getpid()


UNHANDLED = {
    # function, event                the error document's type, how its message ends
    ("refuse", "1"): ("LookupError", "no such order"),
    ("leave", "1"): ("Runtime.ExitError", "exit status 7"),
    ("rubbish", "1"): ("Runtime.MarshalError", "NaN is not JSON"),
    ("bulk", "32767"): ("Function.ResponseSizeTooLarge", "SWF takes 32768: return less, or a reference"),
    ("bulk", "7340032"): (
        "Function.ResponseSizeTooLarge",
        "exceeded maximum allowed payload size (6291556 bytes).",
    ),
    ("hurry", "1"): ("Sandbox.Timedout", "Error: Task timed out after 1.00 seconds"),
    ("hoard", "1"): ("Runtime.ExitError", "Error: Runtime exited with error: signal: killed"),
}


@pytest.mark.parametrize(("name", "payload"), UNHANDLED)
def test_a_function_at_fault_fails_its_task_with_lambdas_document(swf: Any, name: str, payload: str) -> None:
    events, attributes = story_of(swf, name, payload)
    assert (events, attributes["reason"]) == (FAILED, "UnhandledError")
    document = json.loads(attributes["details"])
    error_type, message = UNHANDLED[name, payload]
    assert document["errorType"] == error_type
    assert document["errorMessage"].endswith(message)


def test_the_longest_result_that_swf_holds_completes_its_task(swf: Any) -> None:
    events, attributes = story_of(swf, "bulk", "32766")
    assert (events, attributes["result"]) == (COMPLETED, '"' + "x" * 32_766 + '"')


def test_a_function_over_its_start_to_close_timeout_times_out(swf: Any) -> None:
    assert story_of(swf, "linger", "1", startToCloseTimeout="1") == (
        TIMED_OUT,
        {"scheduledEventId": 5, "startedEventId": 6, "timeoutType": "START_TO_CLOSE"},
    )


def test_the_shorter_of_two_limits_is_the_one_that_is_told(swf: Any) -> None:
    assert story_of(swf, "hurry", "1", startToCloseTimeout="900").events == FAILED


def test_an_event_that_is_not_json_fails_its_task_and_reaches_no_function(swf: Any) -> None:
    events, attributes = story_of(swf, "double", "21,")
    assert (events, attributes["reason"]) == (FAILED, "InvalidRequestContentException")
    assert attributes["details"].startswith("Could not parse request body into json: ")


def test_a_function_that_nobody_hosts_fails_its_task(swf: Any) -> None:
    events, attributes = story_of(swf, "nobody", "1")
    assert (events, attributes["reason"]) == (FAILED, "ResourceNotFoundException")
    assert attributes["details"].startswith(
        "Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody"
    )


def test_without_a_role_no_function_is_started(swf: Any) -> None:
    assert story_of(swf, "double", "21", role=None) == (
        ["LambdaFunctionScheduled", "StartLambdaFunctionFailed"],
        {
            "scheduledEventId": 5,
            "cause": "ASSUME_ROLE_FAILED",
            "message": "No IAM role is attached to the current workflow execution.",
        },
    )


# what a forwarded endpoint answers, and what SWF records of it

DOCUMENT = b'{"errorType":"NoPrice","errorMessage":"not in stock"}'
LONG = b'"' + b"x" * 32_767 + b'"'

ANSWERS: dict[str, tuple[tuple[int, dict[str, str], bytes], str, str]] = {
    "an error that the function told of": (
        (200, {"X-Amz-Function-Error": "Handled"}, DOCUMENT),
        "HandledError",
        DOCUMENT.decode(),
    ),
    "an error that it did not": (
        (200, {"X-Amz-Function-Error": "Unhandled"}, DOCUMENT),
        "UnhandledError",
        DOCUMENT.decode(),
    ),
    "a result that SWF can't hold": (
        (200, {}, LONG),
        "UnhandledError",
        '{"errorMessage": "result of price is 32769 characters, SWF takes 32768: return less, or a reference", '
        '"errorType": "Function.ResponseSizeTooLarge"}',
    ),
    "no such function": (
        (404, {"x-amzn-ErrorType": "ResourceNotFoundException"}, b'{"Message":"Function not found: price"}'),
        "ResourceNotFoundException",
        "Function not found: price",
    ),
    "too many at once": (
        (429, {"x-amzn-ErrorType": "TooManyRequestsException"}, b'{"message":"Rate Exceeded."}'),
        "TooManyRequestsException",
        "Rate Exceeded.",
    ),
    "no permission": (
        (403, {"x-amzn-ErrorType": "AccessDeniedException"}, b'{"Message":"not authorized"}'),
        "AccessDeniedException",
        "not authorized",
    ),
    "a service at fault": (
        (500, {"x-amzn-ErrorType": "ServiceException"}, b'{"Message":"try again"}'),
        "ServiceException",
        "try again",
    ),
}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    """A Lambda endpoint."""
    with Endpoint() as server:
        yield server


@pytest.fixture(scope="module")
def forwarding(endpoint: Endpoint) -> Iterator[Any]:
    """A boto3 client of a local SWF whose functions are the endpoint's."""
    with local_swf_process("--domain", DOMAIN, "--lambda-endpoint", endpoint.url) as (_, url):
        yield client_of(url)


def test_a_forwarded_function_that_returns_completes_its_task(forwarding: Any, endpoint: Endpoint) -> None:
    endpoint.answer = (200, {}, b'{"price":"9.50"}')
    events, attributes = story_of(forwarding, "price", '{"n":1}')
    assert (events, attributes["result"]) == (COMPLETED, '{"price":"9.50"}')
    assert endpoint.requests[-1][2] == b'{"n":1}'


@pytest.mark.parametrize("case", ANSWERS)
def test_a_forwarded_function_that_fails_is_recorded_with_lambdas_reason(
    forwarding: Any, endpoint: Endpoint, case: str
) -> None:
    endpoint.answer, reason, details = ANSWERS[case]
    assert story_of(forwarding, "price", "1") == (
        FAILED,
        {"scheduledEventId": 5, "startedEventId": 6, "reason": reason, "details": details},
    )


def test_a_forwarded_function_that_does_not_answer_times_out(forwarding: Any, endpoint: Endpoint) -> None:
    endpoint.answer = None
    assert story_of(forwarding, "price", "1", startToCloseTimeout="1").events == TIMED_OUT


def test_an_endpoint_that_is_not_there_is_a_clients_error() -> None:
    with socket.socket() as bound:  # bound and not listening: nobody else gets this port meanwhile
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        with local_swf_process("--domain", DOMAIN, "--lambda-endpoint", url) as (_, swf):
            events, attributes = story_of(client_of(swf), "price", "1")
    assert (events, attributes["reason"]) == (FAILED, "SdkClientException")
    assert attributes["details"].startswith(f"lambda endpoint {url} does not answer: ")
