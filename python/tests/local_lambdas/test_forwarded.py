"""Functions behind another endpoint: each answer of Lambda's Invoke, from a real HTTP server."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from local_lambdas.endpoint import Endpoint

from pyflow.local.lambdas import Completed, Failed, ForwardedFunctions, HostingError, TimedOut

Outcome = Completed | Failed | TimedOut


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """A Lambda endpoint, and credentials of which only these exist."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with Endpoint() as server:
        yield server


def invoke(url: str, name: str = "price", payload: str = '{"n": 1}', seconds: float = 20) -> Outcome:
    """Forward one invocation."""

    async def once() -> Outcome:
        functions = ForwardedFunctions(url)
        try:
            return await functions.invoke(name, payload, seconds)
        finally:
            await functions.close()

    return asyncio.run(once())


def test_the_request_is_lambdas_invoke_signed_for_the_region(endpoint: Endpoint) -> None:
    assert invoke(endpoint.url + "/") == Completed("null")
    [(path, headers, body)] = endpoint.requests
    assert (path, body) == ("/2015-03-31/functions/price/invocations", b'{"n": 1}')
    assert headers["X-Amz-Invocation-Type"] == "RequestResponse"
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert "/eu-west-1/lambda/aws4_request, SignedHeaders=" in headers["Authorization"]


def test_an_arn_is_one_segment_of_the_path_and_no_input_is_the_empty_object(endpoint: Endpoint) -> None:
    invoke(endpoint.url, "arn:aws:lambda:eu-west-1:123456789012:function:price", "")
    [(path, _, body)] = endpoint.requests
    name = "arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Aprice"
    assert (path, body) == (f"/2015-03-31/functions/{name}/invocations", b"{}")


ANSWERS: dict[str, tuple[tuple[int, dict[str, str], bytes], Outcome]] = {
    "a result": ((200, {}, b'{"total": "9.90"}'), Completed('{"total": "9.90"}')),
    "a result that is not JSON": (
        (200, {}, b"done"),
        Failed(
            "UnhandledError",
            '{"errorMessage": "Unable to marshal response: Expecting value: line 1 column 1 (char 0)", '
            '"errorType": "Runtime.MarshalError"}',
        ),
    ),
    "a function that raised": (
        (200, {"X-Amz-Function-Error": "Unhandled"}, b'{"errorType":"KeyError","errorMessage":"x"}'),
        Failed("UnhandledError", '{"errorType":"KeyError","errorMessage":"x"}'),
    ),
    "a function that told of an error": (
        (200, {"X-Amz-Function-Error": "Handled"}, b'{"errorMessage":"x"}'),
        Failed("HandledError", '{"errorMessage":"x"}'),
    ),
    "no such function": (
        (
            404,
            {"x-amzn-ErrorType": "ResourceNotFoundException:http://internal.amazon.com/"},
            b'{"Type":"User","Message":"Function not found: price"}',
        ),
        Failed("ResourceNotFoundException", "Function not found: price"),
    ),
    "too many requests": (
        (429, {"x-amzn-ErrorType": "TooManyRequestsException"}, b'{"message":"Rate Exceeded."}'),
        Failed("TooManyRequestsException", "Rate Exceeded."),
    ),
    "a code in the body": (
        (400, {}, b'{"__type":"InvalidRequestContentException","message":"not JSON"}'),
        Failed("InvalidRequestContentException", "not JSON"),
    ),
    "a server at fault": ((502, {}, b"<html>bad gateway"), Failed("ServiceException", "<html>bad gateway")),
    "an answer of nobody's": ((418, {}, b""), Failed("SdkClientException", "lambda endpoint answered 418")),
    "a way elsewhere": (
        (302, {"Location": "http://127.0.0.1:1/"}, b""),
        Failed("SdkClientException", "lambda endpoint answered 302"),
    ),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_each_answer_is_swfs_event(endpoint: Endpoint, case: str) -> None:
    endpoint.answer, outcome = ANSWERS[case]
    assert invoke(endpoint.url) == outcome


@pytest.mark.parametrize("name", [".", ".."])
def test_a_name_that_is_a_way_elsewhere_is_no_functions(endpoint: Endpoint, name: str) -> None:
    assert invoke(endpoint.url, name) == Failed("ResourceNotFoundException", f"Function not found: {name}")
    assert endpoint.requests == []


@pytest.mark.parametrize("name", ["../../x", "a/b?c=d#e", "http://10.1.2.3/", "a b%2f"])
def test_whatever_a_decider_asks_for_stays_one_segment_below_the_endpoint(
    endpoint: Endpoint, name: str
) -> None:
    invoke(endpoint.url, name)
    [(path, _, _)] = endpoint.requests
    before, quoted, after = path.partition(quote(name, safe=""))
    assert (before, quoted != "", after) == ("/2015-03-31/functions/", True, "/invocations")


def test_what_is_not_json_is_refused_before_it_is_sent(endpoint: Endpoint) -> None:
    outcome = invoke(endpoint.url, payload="{")
    assert isinstance(outcome, Failed)
    assert (outcome.reason, endpoint.requests) == ("InvalidRequestContentException", [])


def test_an_endpoint_that_does_not_answer_in_time_is_a_timeout(endpoint: Endpoint) -> None:
    endpoint.answer = None
    assert invoke(endpoint.url, seconds=0.3) == TimedOut()


def test_closing_gives_up_what_is_under_way(endpoint: Endpoint) -> None:
    endpoint.answer = None

    async def story() -> Outcome:
        functions = ForwardedFunctions(endpoint.url)
        invocation = asyncio.create_task(functions.invoke("price", "", 60))
        await asyncio.sleep(0)
        await functions.close()
        return await invocation

    assert asyncio.run(story()) == Failed(
        "ServiceException", "the local Lambda host was closed in mid-invocation"
    )


def test_an_endpoint_that_is_not_there_is_a_clients_error(endpoint: Endpoint) -> None:
    with socket.socket() as bound:  # bound and not listening: nobody else gets this port meanwhile
        bound.bind(("127.0.0.1", 0))
        outcome = invoke(f"http://127.0.0.1:{bound.getsockname()[1]}")
    assert isinstance(outcome, Failed)
    assert outcome.reason == "SdkClientException"
    assert "does not answer" in outcome.details


def test_a_loopback_endpoint_needs_no_credentials(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    assert invoke(endpoint.url) == Completed("null")
    assert "/us-east-1/lambda/aws4_request" in endpoint.requests[0][1]["Authorization"]


@pytest.mark.parametrize(
    ("gone", "missing"),
    [
        (["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], "credentials"),
        (["AWS_DEFAULT_REGION"], "a region"),
    ],
)
def test_any_other_endpoint_needs_credentials_and_a_region(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, gone: list[str], missing: str
) -> None:
    for name in gone:
        monkeypatch.delenv(name)
    with pytest.raises(HostingError) as refused:
        ForwardedFunctions("https://lambda.eu-west-1.amazonaws.com")
    assert str(refused.value) == (
        f"lambda endpoint https://lambda.eu-west-1.amazonaws.com needs {missing}: "
        "set them as for boto3, such as AWS_PROFILE"
    )


@pytest.mark.parametrize("url", ["localhost:9001", "ftp://127.0.0.1", "http://", ""])
def test_what_is_not_a_url_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(HostingError) as refused:
        ForwardedFunctions(url)
    assert str(refused.value) == f"lambda endpoint {url!r} is not an http URL: write http://host:port"
