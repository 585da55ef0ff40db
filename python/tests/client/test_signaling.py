"""Signals: once each, to the run that is open, or to one that is started to get it."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal

import pytest
from client.house import Interrupted, nothing

import pyflow
from pyflow import codec


def with_start(house, client=None, **options):
    options = {"value": {"by": "card"}, "input": '{"id": 7}', "signal_id": "s1", **options}
    return pyflow.signal_with_start(
        house.domain,
        "Order",
        "1.0",
        "deciders",
        "w",
        "paid",
        client=client or house.client,
        time=house,
        **options,
    )


SIGNAL = ("paid", {"by": "card"}, "s1")


def signals(house, run_id):
    """Name, value and id of each signal of a run: those that it began with, then those of its history."""
    [started] = house.attributes(run_id, "WorkflowExecutionStarted")
    start = codec.decode_start(started.get("input")) or codec.Start()
    carried = [(each.name, codec.decode(each.input), each.id) for each in start.signals]
    sent = house.attributes(run_id, "WorkflowExecutionSignaled")
    payloads = [(each["signalName"], codec.read(each.get("input"))) for each in sent]
    return carried + [(name, payload.value, payload.id) for name, payload in payloads]


def test_a_signal_has_an_id_by_which_a_repeat_is_dropped(house):
    run_id = house.open()
    for _ in range(2):
        pyflow.signal_workflow(house.domain, "w", "paid", 1, client=house.client)
    [one, two] = signals(house, run_id)
    assert one[:2] == two[:2] == ("paid", 1)
    assert len(one[2]) == 36
    assert one[2] != two[2]


def test_a_caller_who_sends_again_says_the_same_id(house):
    run_id = house.open()
    pyflow.signal_workflow(house.domain, "w", "paid", client=house.client, signal_id="s1")
    assert signals(house, run_id) == [("paid", None, "s1")]


def test_a_signal_holds_any_value_of_the_contract(house):
    run_id = house.open()
    value = [Decimal("1.5"), datetime(2026, 1, 1, tzinfo=timezone.utc), b"x"]
    pyflow.signal_workflow(house.domain, "w", "paid", value, run_id, house.client)
    [(_, read, _)] = signals(house, run_id)
    assert read == value


@pytest.mark.parametrize(("value", "text"), [({"a": 1}, '{"a": 1}'), (None, None)])
def test_a_plain_signal_is_plain_json(house, value, text):
    run_id = house.open()
    pyflow.signal_workflow(house.domain, "w", "paid", value, client=house.client, plain=True)
    [sent] = house.attributes(run_id, "WorkflowExecutionSignaled")
    assert sent.get("input") == text


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"name": "pyflow.operator"},
            "signal pyflow.operator can't be sent: names that begin with pyflow. are the runtime's own",
        ),
        ({"name": ""}, "a signal has a name of 1 to 256 characters, and this has 0"),
        ({"name": "n" * 257}, "a signal has a name of 1 to 256 characters, and this has 257"),
        (
            {"name": "paid", "plain": True, "signal_id": "s1"},
            "a plain signal has no room for a signal_id: leave one of both out",
        ),
        (
            {"name": "paid"},
            "domain test has no open execution w: it closed, or check the workflow id, the domain and the endpoint",
        ),
        (
            {"name": "paid", "run_id": "r"},
            "domain test has no open run r of w: it closed, or check the workflow id, the domain and the endpoint",
        ),
        (
            {"name": "paid", "value": {1}},
            "input of signal paid holds a set at $: no payload can hold that, make it a list",
        ),
    ],
)
def test_a_signal_that_can_not_be_sent_is_refused_in_one_sentence(house, options, sentence):
    with pytest.raises(pyflow.PyflowException) as refusal:
        pyflow.signal_workflow(house.domain, "w", client=house.client, **options)
    assert str(refusal.value) == sentence


# signal_with_start


def test_an_open_run_is_signaled(house):
    run_id = house.open(input="1")
    assert with_start(house) == {"workflowId": "w", "runId": None}
    assert signals(house, run_id) == [SIGNAL]


def test_where_none_is_open_one_is_started_that_carries_the_signal(house):
    started = with_start(house, tag_list=["a"], task_priority=2)
    assert signals(house, started["runId"]) == [SIGNAL]
    [event] = house.attributes(started["runId"], "WorkflowExecutionStarted")
    assert (event["tagList"], event["taskPriority"]) == (["a"], "2")
    assert codec.decode_start(event["input"]).input == '{"id": 7}'
    assert house.waits == []


def test_if_somebody_was_faster_to_start_that_run_is_signaled(house):
    opened = []
    client = Interrupted(
        house.client,
        ("start_workflow_execution", "before", lambda: opened.append(house.open(input="1"))),
    )
    assert with_start(house, client) == {"workflowId": "w", "runId": None}
    assert signals(house, opened[0]) == [SIGNAL]


def test_if_the_faster_run_closes_as_well_another_is_started(house):
    client = Interrupted(
        house.client,
        ("start_workflow_execution", "before", house.open),
        ("signal_workflow_execution", "before", house.terminate),
    )
    started = with_start(house, client)
    assert signals(house, started["runId"]) == [SIGNAL]
    assert house.waits == [0.05]


def test_a_start_whose_answer_was_lost_sends_the_signal_with_the_same_id(house):
    client = Interrupted(house.client, ("start_workflow_execution", "lost", nothing))
    assert with_start(house, client) == {"workflowId": "w", "runId": None}
    [run] = house.client.list_open_workflow_executions(
        domain=house.domain, startTimeFilter={"oldestDate": 0}
    )["executionInfos"]
    assert signals(house, run["execution"]["runId"]) == [SIGNAL, SIGNAL]


def test_a_signal_whose_answer_was_lost_is_sent_with_the_same_id(house):
    run_id = house.open(input="1")
    client = Interrupted(house.client, ("signal_workflow_execution", "lost", nothing))
    with_start(house, client)
    assert signals(house, run_id) == [SIGNAL, SIGNAL]


def test_runs_that_come_and_go_between_all_calls_end_in_one_sentence(house):
    script = [
        ("start_workflow_execution", "before", house.open),
        ("signal_workflow_execution", "before", house.terminate),
    ] * 5
    client = Interrupted(house.client, *script)
    with pytest.raises(pyflow.PyflowException) as refusal:
        with_start(house, client)
    assert str(refusal.value) == (
        "signal paid reached no run of w: 5 times one was open when it was to be started, and none when it was to be"
        " signaled"
    )
    assert client.calls == ["signal_workflow_execution", "start_workflow_execution"] * 5


def test_two_calls_at_a_time_leave_one_run_with_both_signals(house):
    client = Interrupted(
        house.client,
        ("start_workflow_execution", "before", lambda: with_start(house, signal_id="s2")),
    )
    with_start(house, client)
    [run] = house.client.list_open_workflow_executions(
        domain=house.domain, startTimeFilter={"oldestDate": 0}
    )["executionInfos"]
    assert [each[2] for each in signals(house, run["execution"]["runId"])] == ["s2", "s1"]


def test_a_signal_without_a_value_carries_none(house):
    started = with_start(house, value=None, input=None)
    [event] = house.attributes(started["runId"], "WorkflowExecutionStarted")
    assert json.loads(event["input"]) == {
        "$pyflow": 1,
        "enc": "start",
        "value": {"signals": [{"id": "s1", "name": "paid"}]},
    }


def test_an_input_that_does_not_fit_beside_the_signal_is_refused(house):
    import random

    noise = random.Random(1).randbytes(26_000).hex()
    with pytest.raises(pyflow.PayloadTooLarge, match="input of w with signal paid is 52119 characters, SWF"):
        with_start(house, input=json.dumps(noise))
    assert house.waits == []


def test_an_unknown_type_is_swfs_own_refusal(house):
    with pytest.raises(house.client.exceptions.UnknownResourceFault):
        pyflow.signal_with_start(house.domain, "Nobody", "1", "deciders", "w", "paid", client=house.client)
