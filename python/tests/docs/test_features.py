"""The workflows of the pages on what authors can do run on a whole SWF, which records what the pages show."""

from __future__ import annotations

import re

import pytest
from docs.pages import DOCUMENTS, names_of, recorded, shown
from flow.house import house

import pyflow
from pyflow.testing.story import HistoryBuilder

FUTURES, FIBERS = names_of("futures.md"), names_of("fibers.md")
CANCELING, SIGNALS = names_of("canceling.md"), names_of("signals.md")
DETERMINISM, LIMITS = names_of("determinism.md"), names_of("limits.md")
OPERATING = names_of("operating.md")
ACTIVITIES = {
    "ask": lambda carrier: f"{carrier}: 7.90",
    "wash": lambda clothes: f"wet {clothes}",
    "dry": lambda clothes: clothes.replace("wet", "dry"),
    "cook": lambda dish: f"hot {dish}",
    "resize": lambda photo: f"small {photo}",
    "upload": lambda photo: f"{photo} is up",
    "count": lambda household: household,
    "book": lambda part: f"{part} booked",
    "give_back": lambda part: None,
    "fetch": lambda url: f"page of {url}",
    "rate": lambda goods: 3,
    "check": lambda rate: f"{rate} per cent",
    "buy": lambda thing: f"bought {thing}",
    "CHARGE_CARD": lambda order: "receipt",
    "SEND_EMAIL": lambda order: "sent",
}


def home(*classes):
    return house(*classes, activities=ACTIVITIES)


def closed(it, run):
    """What the run came to, time passing until it has."""
    status = it.finish(run)
    return status.result if status.close_status == "COMPLETED" else status.close_status


# futures.md


def test_the_first_quote_counts_and_the_others_are_canceled():
    with home(FUTURES["Quotes"]) as it:
        run = it.start(FUTURES["Quotes"], ["Slow", "Quick"])
        it.decider.step()
        slow = it.client.poll_for_activity_task(domain=it.swf.domain, taskList={"name": "work"})
        it.act()
        it.decider.step()
        assert slow["activityId"] == "activity1"
        assert closed(it, run) == '"Quick: 7.90"'
        assert recorded(it.history(run), "futures.md") == shown("futures.md")


def test_nobody_quotes_in_a_minute():
    with home(FUTURES["Quotes"]) as it:
        run = it.start(FUTURES["Quotes"], ["Slow"])
        it.decider.step()
        it.client.poll_for_activity_task(domain=it.swf.domain, taskList={"name": "work"})
        assert closed(it, run) == "null"


def test_a_dispatch_ends_when_the_child_has_begun():
    with home(FUTURES["Track"], FUTURES["Dispatch"]) as it:
        run = it.start(FUTURES["Dispatch"], "p1")
        assert closed(it, run) == '"track-p1"'
        assert recorded(it.history(run), "futures.md", listing=1) == shown("futures.md", listing=1)
        again = it.start(FUTURES["Dispatch"], "p1")
        assert it.finish(again).failure_details.splitlines()[-1].endswith(": WORKFLOW_ALREADY_RUNNING")


# fibers.md


def test_the_laundry_is_done_while_dinner_is_cooked():
    with home(FIBERS["Household"]) as it:
        day = {"clothes": "shirts", "dish": "soup"}
        assert it.result(FIBERS["Household"], day) == ["hot soup", "dry shirts"]


def test_two_photos_at_a_time_are_published():
    with home(FIBERS["Album"]) as it:
        run = it.start(FIBERS["Album"], ["a", "b", "c"])
        assert closed(it, run) == '["small a is up", "small b is up", "small c is up"]'
        assert recorded(it.history(run), "fibers.md") == shown("fibers.md")


def test_a_census_is_taken_by_children():
    with home(FIBERS["Census"]) as it:
        run = it.start(FIBERS["Census"], 1000 * [1])
        assert closed(it, run) == "1000"
        assert recorded(it.history(run), "fibers.md", listing=1) == shown("fibers.md", listing=1)


# canceling.md


def test_a_canceled_trip_gives_back_what_it_booked():
    with home(CANCELING["Trip"]) as it:
        run = it.start(CANCELING["Trip"], ["train", "hotel"])
        it.settle()
        pyflow.cancel_workflow(it.swf.domain, run["workflowId"], client=it.client)
        assert closed(it, run) == "CANCELED"
        assert recorded(it.history(run), "canceling.md") == shown("canceling.md")


def test_a_trip_that_nobody_cancels_is_booked():
    with home(CANCELING["Trip"]) as it:
        assert it.result(CANCELING["Trip"], ["train"]) == ["train booked"]


def test_enough_is_enough():
    with home(CANCELING["Mirrors"]) as it:
        run = it.start(CANCELING["Mirrors"], ["a", "b"])
        it.decider.step()
        it.signal(run, "enough")
        assert closed(it, run) == '"enough"'
        assert it.result(CANCELING["Mirrors"], ["a", "b"]) == ["page of a", "page of b"]


def test_an_offer_takes_half_a_minute_at_most():
    with home(CANCELING["Offer"]) as it:
        assert it.result(CANCELING["Offer"], "tea") == "3 per cent"
        run = it.start(CANCELING["Offer"], "tea")
        it.decider.step()
        it.client.poll_for_activity_task(domain=it.swf.domain, taskList={"name": "work"})
        assert closed(it, run) == '"ask again"'
        assert recorded(it.history(run), "canceling.md", listing=1) == shown("canceling.md", listing=1)


# signals.md


@pytest.mark.parametrize(
    ("decision", "result"),
    [
        ({"yes": True, "by": "Ada"}, '"bought tea"'),
        ({"yes": False, "by": "Ada"}, '"Ada said no"'),
        (None, '"nobody decided"'),
    ],
)
def test_a_purchase_waits_for_a_decision(decision, result):
    with home(SIGNALS["Purchase"]) as it:
        run = it.start(SIGNALS["Purchase"], "tea")
        if decision is not None:
            it.signal(run, "decision", decision)
        assert closed(it, run) == result


def test_a_teller_and_a_client_fill_a_cart():
    with home(SIGNALS["Cart"], SIGNALS["Teller"]) as it:
        run = it.start(SIGNALS["Cart"], "Ada", workflow_id="cart-7")
        teller = it.start(SIGNALS["Teller"], "cart-7", workflow_id="teller-1")
        assert closed(it, teller) == '"UNKNOWN_EXTERNAL_WORKFLOW_EXECUTION"'
        it.signal(run, "pay", "card")
        assert closed(it, run) == '["tea", "milk"]'
        assert recorded(it.history(run), "signals.md") == shown("signals.md")
        assert recorded(it.history(teller), "signals.md", listing=1) == shown("signals.md", listing=1)
        left = it.start(SIGNALS["Cart"], "Grace")
        assert closed(it, left) == '"Grace left 0 things"'


# determinism.md


def test_history_and_code_that_disagree_are_named_as_the_page_says():
    story = HistoryBuilder().turn().decided()
    story.add(
        "ActivityTaskScheduled",
        activityId="activity1",
        activityType={"name": "SEND_EMAIL", "version": "1"},
        control="order.py:14",
        decisionTaskCompletedEventId=4,
    ).turn()
    decider = pyflow.Decider([DETERMINISM["Checkout"]], "shop", "deciders", None, client=object())
    with pytest.raises(pyflow.NonDeterminismException) as caught:
        decider.process_decision_task(story.task("Checkout"))
    assert re.sub(r"\S*determinism.md:9", "order.py:9", str(caught.value)) in text_of("determinism.md")


def text_of(document):
    return (DOCUMENTS / document).read_text()


def test_control_says_where_the_code_asked():
    with home(DETERMINISM["Checkout"]) as it:
        run = it.start(DETERMINISM["Checkout"], {"id": 7})
        assert closed(it, run) == '"receipt"'
        assert recorded(it.history(run), "determinism.md", control=True) == shown("determinism.md")


# operating.md


def test_a_run_that_the_code_does_not_fit_is_parked_until_code_comes_that_does():
    with home(OPERATING["Mailing"]) as it:
        fitting = it.decider
        run = it.start(OPERATING["Mailing"], {"id": 7})
        fitting.step()
        it.act()
        other = [OPERATING["Charging"]]
        it.decider = pyflow.Decider(other, it.swf.domain, "deciders", "me", client=it.client)
        it.decider.step()
        it.swf.advance(5)
        it.decider = fitting
        assert closed(it, run) == '"sent"'
        assert recorded(it.history(run), "operating.md") == shown("operating.md")


# limits.md


def test_a_long_answer_is_split_as_the_page_says():
    with home(LIMITS["Alarms"]) as it:
        run = it.start(LIMITS["Alarms"], 150)
        assert closed(it, run) == "150"
        assert recorded(it.history(run), "limits.md") == shown("limits.md")
