"""Hot calls over HTTP, beside the same calls made by boto3."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ParamValidationError
from swf.conftest import connected, declare, start

from pyflow.local.http.credentials import Secret
from pyflow.local.server import Settings
from pyflow.local.service.clock import DrivenClock
from pyflow.swf.faults import is_transient
from pyflow.swf.hot import HOT, hot
from pyflow.testing import local_swf
from pyflow.testing.driven import START
from pyflow.testing.local import serving

LIST, WORK = {"name": "shared"}, {"name": "work"}
HISTORY = {"domain": "test", "execution": {"workflowId": "w", "runId": "none"}}


def schedule(number):
    attributes = {"activityType": {"name": "send", "version": "1"}, "activityId": f"a{number}", "input": "é"}
    return {"decisionType": "ScheduleActivityTask", "scheduleActivityTaskDecisionAttributes": attributes}


def cancel(number):
    return {
        "decisionType": "RequestCancelActivityTask",
        "requestCancelActivityTaskDecisionAttributes": {"activityId": f"a{number}"},
    }


def story(swf, client):
    """What every hot call answers, in a run that uses them all."""
    declare(client)
    run_id = start(client)
    swf.advance(1.25)
    said = []

    def ask(name, **request):
        said.append((name, answer := getattr(client, name)(**request)))
        return answer

    def decide(*decisions):
        task = ask("poll_for_decision_task", domain="test", taskList=LIST, identity="me")
        ask("respond_decision_task_completed", taskToken=task["taskToken"], decisions=list(decisions))

    def take():
        return ask("poll_for_activity_task", domain="test", taskList=WORK, identity="me")["taskToken"]

    decide(schedule(1), schedule(2), schedule(3))
    ask("respond_activity_task_completed", taskToken=take(), result="snow \N{SNOWMAN}")
    ask("respond_activity_task_failed", taskToken=take(), reason="no", details="none")
    last = take()
    decide(cancel(3))
    ask("record_activity_task_heartbeat", taskToken=last, details="half")
    ask("respond_activity_task_canceled", taskToken=last, details="left")
    ask("poll_for_activity_task", domain="test", taskList=WORK, identity="me")
    execution = {"workflowId": "w", "runId": run_id}
    page = ask("get_workflow_execution_history", domain="test", execution=execution, maximumPageSize=5)
    ask(
        "get_workflow_execution_history",
        domain="test",
        execution=execution,
        nextPageToken=page["nextPageToken"],
        maximumPageSize=5,
    )
    assert {name for name, _ in said} == set(HOT)
    return said


def plain(value):
    """An answer without what differs from server to server, and with times as they are on the wire."""
    if isinstance(value, dict):
        hidden = {"ResponseMetadata", "taskToken", "nextPageToken", "runId"}
        return {key: key if key in hidden else plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value.timestamp() if isinstance(value, datetime) else value


def test_every_hot_call_answers_what_boto3_answers_with_times_as_numbers():
    with local_swf(poll_seconds=0.0) as swf:
        boto3s = story(swf, connected(swf))
    with local_swf(poll_seconds=0.0) as swf:
        hots = story(swf, hot(connected(swf)))
    assert plain(hots) == plain(boto3s)
    assert hots[0][1]["events"][2]["eventTimestamp"] == START.timestamp() + 1.25


def test_an_answer_says_how_it_came_about(boto):
    told = hot(boto).poll_for_decision_task(domain="test", taskList=LIST)["ResponseMetadata"]
    assert set(told) == {"RequestId", "HTTPStatusCode", "HTTPHeaders", "RetryAttempts"}
    assert (told["HTTPStatusCode"], told["RetryAttempts"]) == (200, 0)


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("poll_for_decision_task", {"domain": "nowhere", "taskList": LIST}),
        ("poll_for_activity_task", {"domain": "nowhere", "taskList": WORK}),
        ("get_workflow_execution_history", HISTORY),
        ("respond_decision_task_completed", {"taskToken": "x"}),
        ("respond_activity_task_completed", {"taskToken": "x"}),
        ("respond_activity_task_failed", {"taskToken": "x"}),
        ("respond_activity_task_canceled", {"taskToken": "x"}),
        ("record_activity_task_heartbeat", {"taskToken": "x"}),
    ],
)
def test_a_refusal_is_boto3s_error(boto, name, request_):
    def refused(client):
        with pytest.raises(ClientError) as error:
            getattr(client, name)(**request_)
        told = error.value.response
        return type(error.value), str(error.value), told["Error"], told["ResponseMetadata"]["HTTPStatusCode"]

    assert refused(hot(boto)) == refused(boto)


def test_what_only_botocore_would_notice_swf_refuses(boto):
    client = hot(boto)
    client.poll_for_decision_task(domain="test", taskList=LIST)
    with pytest.raises(ParamValidationError):
        boto.poll_for_decision_task(domain="test", taskList="shared")
    with pytest.raises(ClientError) as error:
        client.poll_for_decision_task(domain="test", taskList="shared")
    assert error.value.response["Error"]["Code"] in ("SerializationException", "ValidationException")


def test_all_else_is_the_clients_own(boto):
    client = hot(boto)
    assert client.meta is boto.meta
    assert [each["name"] for each in client.list_domains(registrationStatus="REGISTERED")["domainInfos"]] == [
        "test"
    ]


@pytest.fixture
def guarded():
    """A server that lets in two keys alone, of which one is temporary."""
    secrets = {"AKIA": Secret("s3/c+r=et"), "ASIA": Secret("temporary", b"token+of/it=")}
    settings = Settings(domains=("test",), poll_seconds=0.0, clock=DrivenClock(START), secrets=secrets)
    with serving(settings) as running:
        yield running


@pytest.mark.parametrize(
    ("key", "secret", "token"), [("AKIA", "s3/c+r=et", None), ("ASIA", "temporary", "token+of/it=")]
)
def test_what_is_sent_is_signed_each_time_as_swf_expects_it(guarded, key, secret, token):
    client = hot(connected(guarded, key=key, secret=secret, token=token))
    for identity in ("one", "two", "three"):
        assert "taskToken" not in client.poll_for_decision_task(
            domain="test", taskList=LIST, identity=identity
        )


def test_new_credentials_sign_the_next_call(guarded):
    client = connected(guarded, key="AKIA", secret="s3/c+r=et")
    calls = hot(client)
    calls.poll_for_decision_task(domain="test", taskList=LIST)
    calls.poll_for_decision_task(domain="test", taskList=LIST)
    held = client._request_signer._credentials
    held.access_key, held.secret_key, held.token = "ASIA", "temporary", "token+of/it="
    calls.poll_for_decision_task(domain="test", taskList=LIST)
    held.secret_key = "wrong"
    with pytest.raises(ClientError) as error:
        calls.poll_for_decision_task(domain="test", taskList=LIST)
    assert error.value.response["Error"]["Code"] == "InvalidSignatureException"


@pytest.fixture
def pauses(monkeypatch):
    """How long hot calls waited before they tried again; they do not wait."""
    waited = []
    monkeypatch.setattr("pyflow.swf.hot_call.time", SimpleNamespace(sleep=waited.append))
    return waited


@pytest.mark.parametrize("retries", [{"mode": "standard"}, {"mode": "legacy"}])
def test_answers_and_pages_are_tried_again_as_the_client_is_configured(pauses, retries):
    with local_swf(poll_seconds=0.0, chaos="0:throttle") as swf:
        client = hot(connected(swf, retries={**retries, "total_max_attempts": 3}))
        attempts = []
        for _ in range(60):
            with pytest.raises(ClientError) as error:
                client.get_workflow_execution_history(**HISTORY)
            attempts.append(error.value.response["ResponseMetadata"]["RetryAttempts"])
    assert 0 < max(attempts) <= 2
    assert len(pauses) == sum(attempts)


def test_a_poll_is_sent_once(pauses):
    with local_swf(poll_seconds=0.0, chaos="0:throttle") as swf:
        client = hot(connected(swf))
        refused = 0
        for _ in range(60):
            try:
                client.poll_for_decision_task(domain="test", taskList=LIST)
            except ClientError as error:
                refused += 1
                assert is_transient(error)
    assert refused > 0
    assert pauses == []


def test_a_lost_answer_is_asked_for_again(boto, pauses):
    client, sent = hot(boto), []
    send = boto._endpoint.http_session.send

    def lossy(request):
        sent.append(request)
        if len(sent) == 2:
            raise ConnectionClosedError(endpoint_url=request.url)
        return send(request)

    boto._endpoint.http_session.send = lossy
    for _ in range(2):
        with pytest.raises(ClientError):
            client.get_workflow_execution_history(**HISTORY)
    assert [len(pauses), len(sent)] == [1, 3]
    attempts = [request.headers["amz-sdk-request"].partition(b";")[0] for request in sent]
    assert attempts == [b"attempt=1", b"attempt=1", b"attempt=2"]


def test_an_answer_that_was_cut_off_is_a_lost_one(boto, pauses):
    client = hot(boto)
    send = boto._endpoint.http_session.send

    def cut(request):
        response = send(request)
        response._content = b'{"startedEventId": 0, "prev'
        return response

    boto._endpoint.http_session.send = cut
    with pytest.raises(ConnectionClosedError) as error:
        client.poll_for_decision_task(domain="test", taskList=LIST)
    assert is_transient(error.value)
