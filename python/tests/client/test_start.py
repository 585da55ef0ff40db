"""Starting, once, however often it is asked for."""

from __future__ import annotations

import pytest
from client.house import Interrupted, nothing

import pyflow


def start(house, client=None, name="Order", **options):
    options = {"input": '{"id": 7}', **options}
    return pyflow.start_workflow(
        house.domain, name, "1.0", "deciders", client=client or house.client, time=house, **options
    )


def test_every_option_reaches_swf(house):
    started = start(
        house,
        workflow_id="w",
        lambda_role="arn:aws:iam::1:role/r",
        task_start_to_close_timeout=7,
        execution_start_to_close_timeout="70",
        task_priority=-3,
        tag_list=("a", "b"),
        child_policy="ABANDON",
    )
    [event] = house.attributes(started["runId"], "WorkflowExecutionStarted")
    assert event == {
        "workflowType": {"name": "Order", "version": "1.0"},
        "taskList": {"name": "deciders"},
        "input": '{"id": 7}',
        "lambdaRole": "arn:aws:iam::1:role/r",
        "taskStartToCloseTimeout": "7",
        "executionStartToCloseTimeout": "70",
        "taskPriority": "-3",
        "tagList": ["a", "b"],
        "childPolicy": "ABANDON",
        "parentInitiatedEventId": 0,
    }


def test_without_a_task_list_the_type_says_where(house):
    started = pyflow.start_workflow(house.domain, "Order", "1.0", None, client=house.client)
    [event] = house.attributes(started["runId"], "WorkflowExecutionStarted", started["workflowId"])
    assert event["taskList"] == {"name": "deciders"}


def test_a_start_whose_answer_was_lost_returns_the_run_that_it_started(house):
    client = Interrupted(house.client, ("start_workflow_execution", "lost", nothing))
    started = start(house, client)
    assert house.attributes(started["runId"], "WorkflowExecutionStarted", started["workflowId"])
    assert client.calls == ["start_workflow_execution", "list_open_workflow_executions"]


def test_a_start_whose_answer_was_lost_finds_its_run_closed_as_well(house):
    client = Interrupted(
        house.client,
        ("start_workflow_execution", "lost", nothing),
        ("list_open_workflow_executions", "before", lambda: house.close(result="1")),
    )
    started = start(house, client)
    assert house.attributes(started["runId"], "WorkflowExecutionCompleted", started["workflowId"])
    assert house.waits == []


def test_the_same_call_again_returns_the_open_run(house):
    first = start(house, workflow_id="w")
    assert start(house, workflow_id="w") == first
    assert start(house, workflow_id="w", task_priority=1, tag_list=["x"]) == first


def test_the_same_call_after_the_run_has_closed_starts_another(house):
    first = start(house, workflow_id="w")
    house.close()
    assert start(house, workflow_id="w")["runId"] != first["runId"]


def test_an_input_that_came_with_a_signal_is_the_same_input(house):
    first = pyflow.signal_with_start(
        house.domain,
        "Order",
        "1.0",
        "deciders",
        "w",
        "paid",
        input='{"id": 7}',
        client=house.client,
    )
    assert start(house, workflow_id="w") == first


def test_no_input_and_an_empty_one_are_the_same(house):
    first = start(house, workflow_id="w", input=None)
    assert start(house, workflow_id="w", input="") == first


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"input": '{"id": 8}'},
            "execution w is open already (run RUN) with another input: choose another workflow id, or signal that"
            " execution",
        ),
        (
            {"name": "Refund"},
            "execution w is open already (run RUN) and of type Order 1.0, not Refund 1.0: choose another workflow id",
        ),
    ],
)
def test_another_execution_of_the_workflow_id_is_refused_in_one_sentence(house, options, sentence):
    house.register("Refund")
    first = start(house, workflow_id="w")
    with pytest.raises(pyflow.WorkflowAlreadyStartedException) as refusal:
        start(house, workflow_id="w", **options)
    assert str(refusal.value) == sentence.replace("RUN", first["runId"])


def test_a_run_that_swf_does_not_list_yet_is_waited_for(house):
    first = start(house, workflow_id="w")
    listed = house.client.list_open_workflow_executions
    answers = [{"executionInfos": []}, {"executionInfos": []}]

    class Late:
        def __getattr__(self, operation):
            return getattr(house.client, operation)

        def list_open_workflow_executions(self, **request):
            return answers.pop() if answers else listed(**request)

    assert start(house, Late(), workflow_id="w") == first
    assert house.waits == [0.05, 0.1]


def test_a_run_that_closes_before_it_can_be_compared_is_said_so(house):
    start(house, workflow_id="w")
    client = Interrupted(house.client, ("list_open_workflow_executions", "before", house.terminate))
    with pytest.raises(pyflow.WorkflowAlreadyStartedException) as refusal:
        start(house, client, workflow_id="w")
    assert str(refusal.value) == (
        "an execution w was open in domain test a moment ago and is not listed: start it again"
    )
    assert sum(house.waits) == pytest.approx(11.15)


def test_any_other_refusal_is_swfs_own(house):
    with pytest.raises(house.client.exceptions.UnknownResourceFault):
        start(house, name="Nobody")
