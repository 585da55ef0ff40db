"""What an author sees of workflows that do what they should not."""

from __future__ import annotations

import logging
import os
import time
from typing import Any

import boto3
import pytest

import pyflow
from pyflow.testing import GuardViolation, WorkflowEnvironment

SWF = boto3.client("swf", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")


class RaisesInFinally(pyflow.Workflow):
    NAME = "RaisesInFinally"

    def run(self, value: Any) -> Any:
        try:
            self.swf.sleep(10)
            return value
        finally:
            raise KeyError("in finally")


def test_a_workflow_that_raises_from_finally_fails_with_that() -> None:
    with pytest.raises(pyflow.WorkflowFailedException) as failed:
        WorkflowEnvironment(RaisesInFinally).run(7)
    assert failed.value.reason == "Caught exception while executing workflow ('RaisesInFinally', '1.0')"
    assert failed.value.details is not None and "KeyError: 'in finally'" in failed.value.details


def test_a_finally_that_raises_as_its_run_is_let_go_asks_nothing_and_stops_nobody() -> None:
    env = WorkflowEnvironment(RaisesInFinally)
    run = env.start(7)
    before = len(run.history)
    other = env.start(8)
    run.cancel()  # its fibers end
    assert [event["eventType"] for event in run.history[before:]][-1] == "WorkflowExecutionCanceled"
    assert not other.closed
    env.close()


class SleepsForReal(pyflow.Workflow):
    NAME = "SleepsForReal"

    def run(self, value: Any) -> Any:
        time.sleep(60)


class CallsBoto3(pyflow.Workflow):
    NAME = "CallsBoto3"

    def run(self, value: Any) -> Any:
        SWF.list_domains(registrationStatus="REGISTERED")


@pytest.mark.parametrize(
    ("workflow", "sentence"),
    [
        (SleepsForReal, "calls time.sleep in a workflow: use self.swf.sleep"),
        (CallsBoto3, "calls boto3 in a workflow: do it in an activity"),
    ],
)
def test_a_workflow_that_waits_or_calls_for_real_is_found_by_the_guard(workflow: Any, sentence: str) -> None:
    with pytest.raises(GuardViolation, match=rf"test_bad_input\.py:\d+ {sentence}"):
        WorkflowEnvironment(workflow).run()


class ReturnsAnObject(pyflow.Workflow):
    NAME = "ReturnsAnObject"

    def run(self, value: Any) -> Any:
        return {"order": [object()]}


def test_a_result_that_no_payload_holds_fails_the_run_and_says_where_it_is() -> None:
    with pytest.raises(pyflow.WorkflowFailedException) as failed:
        WorkflowEnvironment(ReturnsAnObject).run()
    assert failed.value.reason == (
        "Caught exception while processing workflow result for workflow ('ReturnsAnObject', '1.0')"
    )
    assert failed.value.details is not None
    assert (
        "result of the workflow holds an object at $.order[0]: no payload can hold that"
        in failed.value.details
    )


class Endless(pyflow.Workflow):
    NAME = "Endless"

    def run(self, value: Any) -> Any:
        while True:
            for _ in range(90):
                self.swf.invoke_once(os.getpid)
            self.swf.sleep(1)


def test_a_history_that_is_full_ends_its_run_and_the_test_is_told_what_would_help() -> None:
    run = WorkflowEnvironment(Endless, guard=False).start()
    with pytest.raises(pyflow.WorkflowTerminatedException) as ended:
        run.result()
    assert ended.value.cause == "EVENT_LIMIT_EXCEEDED"
    assert str(ended.value).endswith("its history was full: continue as new before that")
    assert len(run.history) == 25_001


class CatchesAll(pyflow.Workflow):
    NAME = "CatchesAll"
    ON_CANCEL = "raise"

    def run(self, value: Any) -> Any:
        try:
            self.swf.sleep(10)
        except BaseException as error:
            return type(error).__name__
        return "slept"


def test_a_workflow_that_catches_base_exception_swallows_its_cancel() -> None:
    run = WorkflowEnvironment(CatchesAll).start()
    run.cancel()
    assert run.result() == "WorkflowCanceled"


def test_what_ends_its_fibers_is_caught_too_and_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), WorkflowEnvironment(CatchesAll) as env:
        env.start()
    assert not caplog.records
