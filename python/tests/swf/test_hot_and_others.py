"""Hot calls of clients that somebody else has a hand in."""

from __future__ import annotations

import contextlib
import functools
from datetime import datetime, timezone
from unittest import mock

import botocore.client
import pytest
from botocore.awsrequest import AWSResponse
from botocore.stub import Stubber
from swf.conftest import declare, start

from pyflow.swf.hot import HotClient, hot, is_genuine
from pyflow.testing import local_service

POLL = {"domain": "test", "taskList": {"name": "shared"}}
TASK = {
    "taskToken": "t",
    "startedEventId": 3,
    "workflowExecution": {"workflowId": "w", "runId": "r"},
    "workflowType": {"name": "one", "version": "1"},
    "events": [{"eventId": 1, "eventType": "TimerFired", "eventTimestamp": datetime.now(timezone.utc)}],
}


def warm(client):
    """The client with hot calls, of which one has been made: from the second on they take the shortest way."""
    calls = hot(client)
    calls.poll_for_decision_task(**POLL)
    return calls


def test_a_client_that_botocore_did_not_make_stays_as_it_is():
    own = mock.Mock()
    assert hot(own) is own


def test_a_client_of_the_service_without_a_server_works():
    with local_service() as service:
        client = service.client()
        declare(client)
        start(client)
        calls = hot(client)
        assert isinstance(calls, HotClient)
        assert calls.poll_for_decision_task(**POLL)["events"][0]["eventTimestamp"] == 1767225600.0
        assert "taskToken" not in calls.poll_for_decision_task(**POLL)


def test_botocores_stubber_is_heard_whenever_it_comes(boto):
    calls = warm(boto)
    with Stubber(boto) as stub:
        stub.add_response("poll_for_decision_task", TASK, POLL)
        stub.add_client_error("poll_for_decision_task", "LimitExceededFault", "too many")
        assert calls.poll_for_decision_task(**POLL)["taskToken"] == "t"
        with pytest.raises(boto.exceptions.LimitExceededFault):
            calls.poll_for_decision_task(**POLL)
    assert "taskToken" not in calls.poll_for_decision_task(**POLL)


def test_a_hook_that_answers_in_place_of_the_network_is_heard(boto):
    calls = warm(boto)

    def answer(request, **_):
        assert request.headers["x-amz-target"] == b"SimpleWorkflowService.PollForDecisionTask"
        return AWSResponse(request.url, 200, {}, contextlib.nullcontext())

    def content(http):
        return b'{"taskToken": "h"}'

    boto.meta.events.register("before-send.swf.PollForDecisionTask", answer)
    with mock.patch.object(AWSResponse, "content", property(content)):
        assert calls.poll_for_decision_task(**POLL)["taskToken"] == "h"


@pytest.mark.parametrize("event", ["before-sign", "request-created"])
def test_a_hook_that_adds_a_header_is_heard(boto, event):
    calls, sent = warm(boto), []
    boto.meta.events.register(f"{event}.swf", lambda request, **_: request.headers.add_header("X-Trace", "7"))
    boto.meta.events.register("before-send.swf", lambda request, **_: sent.append(request.headers["X-Trace"]))
    calls.poll_for_decision_task(**POLL)
    assert sent == [b"7"]


def test_a_header_that_a_hook_adds_before_the_call_is_sent_and_no_longer_once_it_is_gone(boto):
    calls, sent = warm(boto), []
    send = boto._endpoint.http_session.send
    boto._endpoint.http_session.send = lambda request: sent.append(request) or send(request)

    def add(params, **_):
        params["headers"]["X-Trace"] = "7"

    boto.meta.events.register("before-call.swf", add)
    calls.poll_for_decision_task(**POLL)
    boto.meta.events.unregister("before-call.swf", add)
    calls.poll_for_decision_task(**POLL)
    assert [request.headers.get("X-Trace") for request in sent] == [b"7", None]


def test_parameters_that_a_hook_changes_are_sent(boto):
    start(boto)
    calls = hot(boto)
    boto.meta.events.register(
        "provide-client-params.swf.PollForDecisionTask", lambda params, **_: {**params, "identity": "hooked"}
    )
    events = calls.poll_for_decision_task(**POLL)["events"]
    assert events[-1]["decisionTaskStartedEventAttributes"]["identity"] == "hooked"


def test_a_method_that_was_replaced_is_called(boto):
    calls = warm(boto)
    with mock.patch.object(boto, "poll_for_decision_task", return_value="mine"):
        assert calls.poll_for_decision_task(**POLL) == "mine"


def test_a_mocked_api_call_is_called(boto):
    calls = warm(boto)
    with mock.patch("botocore.client.BaseClient._make_api_call", return_value="mine"):
        assert calls.poll_for_decision_task(**POLL) == "mine"


def test_a_tracer_around_every_api_call_sees_the_call(boto, monkeypatch):
    calls, seen = warm(boto), []
    original = botocore.client.BaseClient._make_api_call

    @functools.wraps(original)
    def traced(self, operation, params):
        seen.append(operation)
        return original(self, operation, params)

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", traced)
    calls.poll_for_decision_task(**POLL)
    assert seen == ["PollForDecisionTask"]


@pytest.mark.parametrize(
    "name", ["_convert_to_request_dict", "_endpoint", "_request_signer", "_resolve_endpoint_ruleset"]
)
def test_a_botocore_that_lacks_what_is_used_of_it_makes_the_calls_itself(boto, name):
    class Without:
        """The client without one of its attributes, for whoever looks from outside."""

        meta = boto.meta

        def __getattr__(self, asked):
            if asked == name:
                raise AttributeError(asked)
            return getattr(boto, asked)

    calls = HotClient(Without())
    assert "taskToken" not in calls.poll_for_decision_task(**POLL)
    assert calls._calls.get("poll_for_decision_task") is None


def test_a_botocore_that_is_called_in_another_way_makes_the_calls_itself(boto, monkeypatch):
    monkeypatch.setattr(boto, "_resolve_endpoint_ruleset", lambda: None)
    calls = hot(boto)
    assert is_genuine(boto, "poll_for_decision_task")
    with pytest.raises(TypeError):  # botocore's own way is gone with it
        calls.poll_for_decision_task(**POLL)
    assert calls._calls == {"poll_for_decision_task": None}


def test_the_shortest_way_is_taken_where_nobody_else_has_a_hand_in_it(boto):
    for hook in boto.meta.events._emitter._handlers.prefix_search("before-send.swf"):
        boto.meta.events.unregister("before-send", hook)  # moto's, in every client once it is imported
    calls = warm(boto)
    with mock.patch.object(boto._endpoint, "create_request", side_effect=AssertionError("the long way")):
        assert "taskToken" not in calls.poll_for_decision_task(**POLL)
