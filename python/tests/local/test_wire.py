"""AWS JSON 1.0 in and out, and what it refuses, in SWF's words."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from local.direct import WIRE, decision

from pyflow.local.engine.fault import Fault
from pyflow.local.wire.model import ModelMissing, service_model
from pyflow.local.wire.wire import failure, success

TARGET = "SimpleWorkflowService."


def refused(operation: str, **request: object) -> str:
    """The message with which a request is refused."""
    with pytest.raises(Fault) as fault:
        WIRE.read(TARGET + operation, json.dumps(request).encode())
    assert fault.value.type == "ValidationException"
    return fault.value.message


def test_what_is_required_is_missed_by_its_path() -> None:
    assert refused("DescribeDomain") == (
        "1 validation error detected: "
        "Value null at 'name' failed to satisfy constraint: Member must not be null"
    )
    assert refused("StartWorkflowExecution", domain="d", workflowId="w", workflowType={"name": "n"}) == (
        "1 validation error detected: "
        "Value null at 'workflowType.version' failed to satisfy constraint: Member must not be null"
    )


def test_all_failures_of_a_request_are_reported_together() -> None:
    message = refused(
        "StartWorkflowExecution",
        domain="d",
        workflowId="",
        workflowType={"name": "n", "version": "v" * 65},
        tagList=list("abcdef"),
        childPolicy="SPARE",
    )
    long = "v" * 65
    assert message == (
        "4 validation errors detected: "
        "Value '' at 'workflowId' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1; "
        f"Value '{long}' at 'workflowType.version' failed to satisfy constraint: "
        "Member must have length less than or equal to 64; "
        "Value '[a, b, c, d, e, f]' at 'tagList' failed to satisfy constraint: "
        "Member must have length less than or equal to 5; "
        "Value 'SPARE' at 'childPolicy' failed to satisfy constraint: "
        "Member must satisfy enum value set: [TERMINATE, REQUEST_CANCEL, ABANDON]"
    )


def test_decisions_are_named_by_their_number_from_one() -> None:
    batch = [decision("RecordMarker", markerName="m"), {"decisionType": "RecordMarker", **marker(None)}]
    assert refused("RespondDecisionTaskCompleted", taskToken="t", decisions=batch) == (
        "1 validation error detected: Value null at 'decisions.2.member.recordMarkerDecisionAttributes."
        "markerName' failed to satisfy constraint: Member must not be null"
    )


def marker(name: object) -> dict[str, object]:
    return {"recordMarkerDecisionAttributes": {"markerName": name}}


def test_attributes_that_belong_to_another_decision_are_checked_as_well() -> None:
    batch = [{"decisionType": "CompleteWorkflowExecution", **marker("")}]
    assert "decisions.1.member.recordMarkerDecisionAttributes.markerName" in refused(
        "RespondDecisionTaskCompleted", taskToken="t", decisions=batch
    )


def test_an_unknown_decision_is_told_which_there_are_in_the_order_of_swf() -> None:
    assert refused("RespondDecisionTaskCompleted", taskToken="t", decisions=[{"decisionType": "Nap"}]) == (
        "1 validation error detected: Value 'Nap' at 'decisions.1.member.decisionType' failed to satisfy "
        "constraint: Member must satisfy enum value set: [CompleteWorkflowExecution, StartTimer, "
        "RequestCancelExternalWorkflowExecution, SignalExternalWorkflowExecution, CancelTimer, RecordMarker, "
        "ScheduleActivityTask, ContinueAsNewWorkflowExecution, ScheduleLambdaFunction, "
        "FailWorkflowExecution, RequestCancelActivityTask, StartChildWorkflowExecution, "
        "CancelWorkflowExecution]"
    )


def test_numbers_have_ranges() -> None:
    assert refused("ListDomains", registrationStatus="REGISTERED", maximumPageSize=1001) == (
        "1 validation error detected: Value '1001' at 'maximumPageSize' failed to satisfy constraint: "
        "Member must have value less than or equal to 1000"
    )
    assert "greater than or equal to 0" in refused(
        "ListDomains", registrationStatus="REGISTERED", maximumPageSize=-1
    )


@pytest.mark.parametrize(
    "name", ["a:b", "a/b", "a|b", "a\u0000", "a\u001f", "a\u007f", "a\u009f", "arn", "a\n"]
)
@pytest.mark.parametrize("member", ["domain", "workflowId"])
def test_some_characters_have_no_place_in_names(name: str, member: str) -> None:
    request = {"domain": "d", "workflowId": "w", "signalName": "s", member: name}
    assert f"at '{member}'" in refused("SignalWorkflowExecution", **request)


@pytest.mark.parametrize("name", ["arnold", "barn", "a b", "ü", "a.b-c_d", "\U0001f600"])
def test_other_names_are_fine(name: str) -> None:
    request = json.dumps({"domain": name, "workflowId": name, "signalName": "a:b/c|d"}).encode()
    assert WIRE.read(TARGET + "SignalWorkflowExecution", request).request["domain"] == name


@pytest.mark.parametrize("duration", ["-1", "1.5", "ten", "none", "123456789", " 1"])
def test_durations_are_whole_seconds_or_none(duration: str) -> None:
    start = {"domain": "d", "workflowId": "w", "workflowType": {"name": "n", "version": "1"}}
    assert "at 'taskStartToCloseTimeout'" in refused(
        "StartWorkflowExecution", **start, taskStartToCloseTimeout=duration
    )


def test_a_timer_can_not_wait_for_ever() -> None:
    batch = [decision("StartTimer", timerId="t", startToFireTimeout="NONE")]
    assert "startToFireTimeout" in refused("RespondDecisionTaskCompleted", taskToken="t", decisions=batch)


@pytest.mark.parametrize("priority", ["", "high", "2147483648", "-2147483649", "1.0"])
def test_priorities_are_integers_of_32_bits(priority: str) -> None:
    start = {"domain": "d", "workflowId": "w", "workflowType": {"name": "n", "version": "1"}}
    assert "at 'taskPriority'" in refused("StartWorkflowExecution", **start, taskPriority=priority)


@pytest.mark.parametrize(("days", "fine"), [("0", 1), ("90", 1), ("NONE", 1), ("91", 0), ("-1", 0), ("", 0)])
def test_retention_is_ninety_days_at_most(days: str, fine: bool) -> None:
    request = {"name": "d", "workflowExecutionRetentionPeriodInDays": days}
    if fine:
        WIRE.read(TARGET + "RegisterDomain", json.dumps(request).encode())
    else:
        assert "workflowExecutionRetentionPeriodInDays" in refused("RegisterDomain", **request)


def test_length_is_counted_in_utf_16_units() -> None:
    fits, too_long = "\U0001f600" * 16_384, "\U0001f600" * 16_384 + "x"
    body = json.dumps({"taskToken": "t", "result": fits}).encode()
    assert WIRE.read(TARGET + "RespondActivityTaskCompleted", body).request["result"] == fits
    message = refused("RespondActivityTaskCompleted", taskToken="t", result=too_long)
    assert message == (
        f"1 validation error detected: Value '{too_long}' at 'result' failed to satisfy constraint: "
        "Member must have length less than or equal to 32768"
    )


def test_a_refusal_is_no_longer_than_the_longest_request() -> None:
    batch = [{"decisionType": "Nap"}] * 10_000
    message = refused("RespondDecisionTaskCompleted", taskToken="t", decisions=batch)
    assert message.startswith("10000 validation errors detected: Value 'Nap' at 'decisions.1.member.")
    assert len(message) == 1_048_576


def test_nulls_are_absent_and_unknown_members_are_passed_over() -> None:
    body = b'{"domain": "d", "workflowId": "w", "signalName": "s", "input": null, "color": {"a": [1]}}'
    call = WIRE.read("com.amazonaws.swf.service.model.SimpleWorkflowService.SignalWorkflowExecution", body)
    assert call.operation == "SignalWorkflowExecution"
    assert call.request == {"domain": "d", "workflowId": "w", "signalName": "s"}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"null",
        b"1",
        b"[]",
        b'"text"',
        b'{"name": 1}',
        b'{"name": true}',
        b'{"name": {}}',
        b'{"name": NaN}',
        b'{"name": "\xff"}',
        b"[" * 100_000,
        b'{"name": "d", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_what_is_no_request_is_a_serialization_exception(body: bytes) -> None:
    with pytest.raises(Fault) as fault:
        WIRE.read(TARGET + "DescribeDomain", body)
    assert fault.value.type == "SerializationException"


@pytest.mark.parametrize(
    "target", ["", "SimpleWorkflowService.", "SimpleWorkflowService.Nap", "DynamoDB.Nap"]
)
def test_what_is_no_operation_is_said_so(target: str) -> None:
    with pytest.raises(Fault) as fault:
        WIRE.read(target, b"{}")
    assert fault.value.type == "UnknownOperationException"


@pytest.mark.parametrize(
    ("fault", "status", "type_"),
    [
        ("UnknownResourceFault", 400, "com.amazonaws.swf.base.model#UnknownResourceFault"),
        ("ValidationException", 400, "com.amazon.coral.validate#ValidationException"),
        ("SerializationException", 400, "com.amazon.coral.service#SerializationException"),
        ("UnknownOperationException", 400, "com.amazon.coral.service#UnknownOperationException"),
        ("InternalFailure", 500, "com.amazon.coral.service#InternalFailure"),
    ],
)
def test_a_fault_names_its_type_with_its_namespace(fault: str, status: int, type_: str) -> None:
    reply = failure(Fault(fault, "m"))
    assert reply.status == status
    assert json.loads(reply.body) == {"__type": type_, "message": "m"}


@pytest.mark.parametrize(
    ("operation", "member", "value"),
    [
        ("ListDomains", "maximumPageSize", "5"),
        ("ListDomains", "maximumPageSize", True),
        ("ListDomains", "reverseOrder", 1),
        ("PollForActivityTask", "taskList", "l"),
        ("StartWorkflowExecution", "tagList", "red"),
        ("ListOpenWorkflowExecutions", "startTimeFilter", {"oldestDate": "2026-01-01"}),
        ("ListOpenWorkflowExecutions", "startTimeFilter", {"oldestDate": 1e300}),
    ],
)
def test_a_value_of_the_wrong_type_is_named(operation: str, member: str, value: object) -> None:
    with pytest.raises(Fault, match=f"can not be converted to .* at '{member}") as fault:
        WIRE.read(TARGET + operation, json.dumps({member: value}).encode())
    assert fault.value.type == "SerializationException"


def test_a_null_in_a_list_is_missed() -> None:
    start = {"domain": "d", "workflowId": "w", "workflowType": {"name": "n", "version": "1"}}
    assert "Value null at 'tagList.2.member'" in refused(
        "StartWorkflowExecution", **start, tagList=["a", None]
    )


def test_without_botocore_the_model_is_missed_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyflow.local.wire.model.find_spec", lambda name: None)
    with pytest.raises(ModelMissing, match="botocore is not installed: pip install boto3"):
        service_model()


def test_operations_without_an_answer_have_an_empty_body() -> None:
    assert success(None) == (200, b"")


def test_the_model_is_read_without_botocore() -> None:
    script = "import sys, pyflow.local.wire.wire as w; w.Wire(); sys.exit('botocore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
