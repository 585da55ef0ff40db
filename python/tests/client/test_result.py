"""Waiting for what a run comes to."""

from __future__ import annotations

import pickle

import pytest
from client.house import Interrupted

import pyflow
from pyflow import codec
from pyflow.errors import Failure


def result(house, **options):
    options = {"client": house.client, **options}
    return pyflow.get_workflow_result(house.domain, "w", time=house, **options)


def test_the_result_of_a_run_that_has_closed_is_there_at_once(house):
    run_id = house.open()
    house.close(result='{"total": "9.90"}')
    assert result(house) == result(house, run_id=run_id) == {"total": "9.90"}
    assert house.waits == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        ('{"$pyflow":1,"enc":"xjson","value":{"$bytes":"AAE="}}', b"\x00\x01"),
        ("Infinity", float("inf")),
    ],
)
def test_a_result_is_decoded(house, text, value):
    house.open()
    house.close(result=text)
    assert result(house) == value


def test_a_run_without_a_result_returns_none(house):
    house.open()
    house.close()
    assert result(house) is None


def test_an_open_run_is_asked_for_less_and_less_often(house):
    house.open()
    house.meanwhile = [lambda: None] * 7 + [lambda: house.close(result="42")]
    assert result(house) == 42
    assert house.waits == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]


def test_the_runs_that_it_continued_as_are_followed(house):
    first = house.open()
    house.meanwhile = [
        lambda: house.close("ContinueAsNewWorkflowExecution", input="2"),
        lambda: house.close("ContinueAsNewWorkflowExecution", input="3"),
        lambda: house.close(result="3"),
    ]
    assert result(house, run_id=first) == 3
    assert house.waits == [0.05, 0.05, 0.05]


def test_a_wait_with_a_timeout_ends_on_time(house):
    house.open()
    with pytest.raises(pyflow.WaitTimedOutException) as timeout:
        result(house, timeout=1)
    assert str(timeout.value) == "execution w is still open after 1 s"
    assert house.waits == [0.05, 0.1, 0.2, 0.4, 0.25]


def test_a_timeout_of_nothing_asks_once(house):
    house.open()
    client = Interrupted(house.client)
    with pytest.raises(pyflow.WaitTimedOutException):
        result(house, client=client, timeout=0)
    assert client.calls == ["list_open_workflow_executions", "describe_workflow_execution"]


def test_a_run_that_closed_while_time_ran_out_has_its_result(house):
    house.open()
    house.meanwhile = [lambda: house.close(result="1")]
    assert result(house, timeout=0.05) == 1


def test_a_failure_document_is_read(house):
    run_id = house.open()
    failure = Failure("CardDeclined", "the card was declined", details={"code": 7}, non_retryable=True)
    reason, details = codec.encode_failure(failure)
    house.close("FailWorkflowExecution", reason=reason, details=details)
    with pytest.raises(pyflow.WorkflowFailedException) as failed:
        result(house)
    error = failed.value
    assert str(error) == "execution w failed: CardDeclined: the card was declined"
    assert (error.type, error.message, error.data, error.non_retryable, error.cause) == (
        "CardDeclined",
        "the card was declined",
        {"code": 7},
        True,
        None,
    )
    assert (error.reason, error.details) == (reason, details)
    assert (error.workflow_id, error.run_id) == ("w", run_id)


def test_a_failure_in_words_is_its_reason_and_details(house):
    house.open()
    house.close("FailWorkflowExecution", reason="Broken", details="Traceback …")
    with pytest.raises(pyflow.WorkflowFailedException) as failed:
        result(house)
    assert (failed.value.type, failed.value.message) == ("Broken", "Traceback …")
    again = pickle.loads(pickle.dumps(failed.value))
    assert (str(again), again.type) == (str(failed.value), "Broken")


def test_a_failure_without_a_reason_says_no_more_than_that(house):
    house.open()
    house.close("FailWorkflowExecution")
    with pytest.raises(pyflow.WorkflowFailedException) as failed:
        result(house)
    assert str(failed.value) == "execution w failed"


def test_a_run_that_timed_out_is_told(house):
    house.open()
    with pytest.raises(pyflow.WorkflowTimedOutException) as timed_out:
        result(house)
    assert str(timed_out.value) == "execution w timed out: START_TO_CLOSE"
    assert sum(house.waits) == pytest.approx(3600, abs=2)


def test_a_run_that_was_canceled_is_told_with_what_it_left(house):
    house.open()
    house.close("CancelWorkflowExecution", details="reservation released")
    with pytest.raises(pyflow.WorkflowCanceledException) as canceled:
        result(house)
    assert str(canceled.value) == "execution w was canceled: reservation released"
    assert isinstance(canceled.value, pyflow.WorkflowException)


def test_a_run_that_was_terminated_is_told_why(house):
    house.open()
    pyflow.terminate_workflow(house.domain, "w", client=house.client, reason="enough", details="by hand")
    with pytest.raises(pyflow.WorkflowTerminatedException) as terminated:
        result(house)
    assert str(terminated.value) == "execution w was terminated: enough: by hand"
    assert terminated.value.cause == "OPERATOR_INITIATED"
    again = pickle.loads(pickle.dumps(terminated.value))
    assert (str(again), again.cause) == (str(terminated.value), "OPERATOR_INITIATED")


def test_a_termination_without_a_reason_names_its_cause(house):
    house.open()
    house.terminate()
    with pytest.raises(pyflow.WorkflowTerminatedException, match="was terminated: OPERATOR_INITIATED"):
        result(house)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {},
            "domain test has no execution w: check the workflow id, or it closed before the domain's retention period",
        ),
        ({"run_id": "r"}, "domain test has no run r of w: check the run id, and --domain"),
    ],
)
def test_an_execution_that_is_not_there_is_said_so(house, options, sentence):
    with pytest.raises(pyflow.UnknownExecutionException) as refusal:
        result(house, **options)
    assert str(refusal.value) == sentence


def test_a_result_that_lies_in_a_store_is_said_so(house):
    house.open()
    reference = {"store": "s3", "key": "sha256/a", "size": 1, "sha256": "0" * 64}
    house.close(result=f'{{"$pyflow":1,"ref":{str(reference).replace(chr(39), chr(34))}}}')
    with pytest.raises(pyflow.PayloadException) as refusal:
        result(house)
    assert str(refusal.value) == (
        'result of w can\'t be read here: a payload lies in the store "s3", configured here: none:'
        " name the store, by --store or in payloads="
    )


def test_a_result_that_is_no_payload_is_refused(house):
    house.open()
    house.close(result="done")
    with pytest.raises(pyflow.PayloadDecodeError):
        result(house)


def test_a_busy_swf_is_waited_for_and_a_lost_one_is_not(house):
    from botocore.exceptions import ClientError, EndpointConnectionError

    def busy():
        code = {"Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"}}
        raise ClientError(code, "DescribeWorkflowExecution")

    def lost():
        raise EndpointConnectionError(endpoint_url="http://swf.invalid")

    house.open()
    house.close(result="1")
    describe = "describe_workflow_execution"
    client = Interrupted(house.client, (describe, "before", busy), (describe, "before", busy))
    assert result(house, client=client) == 1
    assert house.waits == [0.05, 0.1]
    with pytest.raises(EndpointConnectionError):
        result(house, client=Interrupted(house.client, (describe, "before", lost)))
