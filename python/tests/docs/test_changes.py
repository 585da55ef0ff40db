"""The snippets of versioning.md, continue-as-new.md and operators.md do on a whole SWF what those pages say."""

from __future__ import annotations

import json
import re

import pytest
from docs.pages import DOCUMENTS, names_of, recorded, shown
from flow.house import house

import pyflow
from pyflow import codec
from pyflow.client.operating import operate_workflow

ACTIVITIES = dict.fromkeys(["mail", "text", "ship", "insure"], lambda value: value)
VERSIONING, RENEWING = names_of("versioning.md"), names_of("continue-as-new.md")
OPERATING = names_of("operators.md")


def markers(history):
    """Name and details of each."""
    recorded = [
        each["markerRecordedEventAttributes"] for each in history if each["eventType"] == "MarkerRecorded"
    ]
    return [(each["markerName"], each.get("details")) for each in recorded]


def scheduled(history):
    """The activities that were asked for."""
    found = [event.get("activityTaskScheduledEventAttributes") for event in history]
    return [each["activityType"]["name"] for each in found if each]


@pytest.mark.parametrize(
    ("listing", "name", "marker", "steps"),
    [
        (0, "Reminding", ("pyflow.patched.text messages", None), ["text"]),
        (1, "Shipping", ("pyflow.version.ship", "2"), ["insure", "ship"]),
    ],
)
def test_new_runs_mark_their_version_and_go_the_new_way(listing, name, marker, steps):
    with house(VERSIONING[name], activities=ACTIVITIES) as it:
        run = it.start(VERSIONING[name], "Ada")
        assert it.finish(run).close_status == "COMPLETED"
        assert (markers(it.history(run)), scheduled(it.history(run))) == ([marker], steps)
        assert recorded(it.history(run), "versioning.md", listing=listing) == shown(
            "versioning.md", listing=listing
        )


def test_versions_of_a_type_stand_side_by_side():
    with house(VERSIONING["Reminding"], VERSIONING["ReminderV2"], activities=ACTIVITIES) as it:
        assert it.result(VERSIONING["Reminding"], "Ada") is None
        assert it.result(VERSIONING["ReminderV2"], "Ada") == "left Ada alone"


def test_a_subscription_goes_on_over_runs_and_no_order_is_lost():
    Subscription = RENEWING["Subscription"]
    with house(Subscription, activities={"charge_card": lambda value: value}) as it:
        run = it.start(Subscription, 0)
        for _ in range(13):
            it.signal(run, "order", "month")
        it.signal(run, "order", "cancel")
        status = it.finish(run)
        assert status.close_status == "CONTINUED_AS_NEW"
        renewed = status.exit_event["workflowExecutionContinuedAsNewEventAttributes"]
        start = codec.decode_start(renewed["input"])
        assert (start.input, [signal.input for signal in start.signals]) == ("12", ['"month"', '"cancel"'])
        it.settle()
        assert recorded(it.history(run), "continue-as-new.md") == shown("continue-as-new.md")
        following = it.history({**run, "runId": renewed["newExecutionRunId"]})
        assert recorded(following, "continue-as-new.md", listing=1) == shown("continue-as-new.md", listing=1)
        which = (it.swf.domain, run["workflowId"], run["runId"])
        assert pyflow.get_workflow_result(*which, timeout=0, client=it.client) == 13


def test_the_envelope_of_the_document_is_one():
    [shown] = re.findall(r"^```json\n(.*?)^```$", (DOCUMENTS / "continue-as-new.md").read_text(), re.M | re.S)
    assert codec.decode_start(shown) == codec.Start("12", (codec.CarriedSignal("order", '"cancel"'),))


def test_an_order_apologizes_before_it_fails():
    Order = RENEWING["Order"]
    with house(Order, activities={"mail": lambda value: value}) as it:  # nobody registered charge_card
        run = it.start(Order, 7)
        assert it.finish(run).close_status == "FAILED"
        assert scheduled(it.history(run)) == ["mail"]
        assert recorded(it.history(run), "continue-as-new.md", listing=2) == shown(
            "continue-as-new.md", listing=2
        )


def test_an_operator_approves_in_the_place_of_who_should():
    key = b"of the operators"
    with house(OPERATING["Approval"], activities={"approve": lambda value: value}) as it:
        it.decider = OPERATING["decider"](it.client, it.swf.domain, key)
        run = it.start(OPERATING["Approval"], "holidays")
        it.decider.step()
        order = operate_workflow(
            *(it.swf.domain, run["workflowId"], "result", "activity1", "granted"),
            key=key,
            by="ada",
            client=it.client,
        )
        it.decider.step()
        status = it.finish(run)
        assert json.loads(status.result) == "granted"
        text = codec.encode_order(order, key, run["runId"])
        assert markers(it.history(run)) == [(f"pyflow.operator.{order.nonce}", text)]
        assert recorded(it.history(run), "operators.md") == shown("operators.md")


def test_two_classes_of_one_type_are_refused_as_the_document_says():
    with pytest.raises(pyflow.PyflowException):
        pyflow.Decider(
            [VERSIONING["Reminding"], type("Other", (VERSIONING["Reminding"],), {})], "d", "l", None
        )
