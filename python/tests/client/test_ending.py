"""Canceling and terminating from outside."""

from __future__ import annotations

import pytest

import pyflow


def test_a_cancel_request_reaches_the_run(house):
    run_id = house.open()
    pyflow.cancel_workflow(house.domain, "w", client=house.client)
    pyflow.cancel_workflow(house.domain, "w", run_id, house.client)
    assert len(house.attributes(run_id, "WorkflowExecutionCancelRequested")) == 2


def test_a_termination_says_why_and_what_becomes_of_children(house):
    run_id = house.open()
    pyflow.terminate_workflow(
        house.domain, "w", client=house.client, reason="enough", details="by hand", child_policy="ABANDON"
    )
    [event] = house.attributes(run_id, "WorkflowExecutionTerminated")
    assert event == {
        "reason": "enough",
        "details": "by hand",
        "childPolicy": "ABANDON",
        "cause": "OPERATOR_INITIATED",
    }


@pytest.mark.parametrize("end", [pyflow.cancel_workflow, pyflow.terminate_workflow])
def test_an_execution_that_is_not_open_is_said_so(house, end):
    house.open()
    house.terminate()
    with pytest.raises(pyflow.UnknownExecutionException) as refusal:
        end(house.domain, "w", client=house.client)
    assert str(refusal.value) == (
        "domain test has no open execution w: it closed, or check the workflow id, the domain and the endpoint"
    )
