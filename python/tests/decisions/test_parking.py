"""The void answer: a pure function of the events, the reason and the time, pinned by literal histories."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest

from pyflow.testing.story import HistoryBuilder
from pyflow.worker.decisions.parking import Parked, moment, parked, void_answer

NOW = datetime(2026, 3, 1, 12, 0, 0, 500_000, timezone.utc)
STAMP = '{"$pyflow":1,"behaviour":1,"state":"{\\"step\\":\\"shipping\\"}"}'


class Story(HistoryBuilder):
    """Tells what each answer said in its context."""

    def said(self, context: str | None = None) -> Story:
        self.decided()
        if context is not None:
            self.events[-1]["decisionTaskCompletedEventAttributes"]["executionContext"] = context
        return self

    def void(self, timer: int | None = None, seconds: int = 5, since: str = "2026-02-01T00:00:00Z") -> Story:
        document = {"$pyflow": 1, "behaviour": 1, "void": True, "reason": "why", "since": since}
        self.said(json.dumps(document))
        if timer is not None:
            self.timer(f"pyflow.void{timer}", seconds)
        return self


def timers(answer):
    assert [each["decisionType"] for each in answer.decisions] in ([], ["StartTimer"])
    found = [each["startTimerDecisionAttributes"] for each in answer.decisions]
    return [(each["timerId"], each["startToFireTimeout"]) for each in found]


def test_a_run_that_is_parked_at_its_first_task_has_no_stamp_and_a_timer_of_five_seconds():
    answer = void_answer(Story().turn().events, "no such class", NOW)
    assert timers(answer) == [("pyflow.void1", "5")]
    assert answer.context == (
        '{"$pyflow":1,"void":true,"reason":"no such class","since":"2026-03-01T12:00:00Z"}'
    )


def test_what_the_last_context_held_is_kept():
    story = Story().turn().said(STAMP).turn().said().turn()
    assert json.loads(void_answer(story.events, "why", NOW).context) == {
        "$pyflow": 1,
        "behaviour": 1,
        "state": '{"step":"shipping"}',
        "void": True,
        "reason": "why",
        "since": "2026-03-01T12:00:00Z",
    }


def test_while_a_timer_is_open_news_is_answered_without_another():
    story = Story().turn().void(1).signaled("wake").turn()
    answer = void_answer(story.events, "still", NOW)
    assert timers(answer) == []
    assert json.loads(answer.context)["since"] == "2026-02-01T00:00:00Z"
    assert json.loads(answer.context)["reason"] == "still"


@pytest.mark.parametrize(
    ("voids", "seconds"),
    [
        (1, 10),
        (2, 20),
        (3, 40),
        (4, 80),
        (5, 160),
        (6, 320),
        (7, 640),
        (8, 1280),
        (9, 2560),
        (10, 3600),
        (40, 3600),
    ],
)
def test_each_void_answer_in_a_row_doubles_the_timer_up_to_an_hour(voids, seconds):
    story = Story().turn()
    for number in range(1, voids + 1):
        story.void(number).fired(f"pyflow.void{number}").turn()
    assert timers(void_answer(story.events, "why", NOW)) == [(f"pyflow.void{voids + 1}", str(seconds))]


def test_a_run_that_went_on_and_is_parked_again_begins_with_five_seconds_and_a_new_number():
    story = (
        Story().turn().void(1).fired("pyflow.void1").turn().void(2).fired("pyflow.void2").turn().said(STAMP)
    )
    story.activity("activity1").completed("activity1").turn()
    answer = void_answer(story.events, "why", NOW)
    assert timers(answer) == [("pyflow.void3", "5")]
    assert json.loads(answer.context)["since"] == "2026-03-01T12:00:00Z"


def test_a_timer_that_is_open_although_the_run_went_on_is_not_started_twice():
    story = Story().turn().void(1).signaled("pyflow.resume").turn().said(STAMP).signaled("x").turn()
    assert timers(void_answer(story.events, "why", NOW)) == []


def test_a_decision_task_that_timed_out_changes_nothing():
    story = Story().turn().void(1).fired("pyflow.void1").turn().turn_timed_out().turn()
    assert timers(void_answer(story.events, "why", NOW)) == [("pyflow.void2", "10")]


def test_a_timer_of_the_workflows_own_is_none_of_ours():
    story = Story().turn().said(STAMP).timer("sleep1").timer("pyflow.voidable").signaled("x").turn()
    assert timers(void_answer(story.events, "why", NOW)) == [("pyflow.void1", "5")]


@pytest.mark.parametrize(
    ("cause", "expected"),
    [("OPEN_TIMERS_LIMIT_EXCEEDED", []), ("TIMER_CREATION_RATE_EXCEEDED", [("pyflow.void2", "10")])],
)
def test_a_timer_that_is_refused_is_asked_for_again_unless_others_will_wake_the_run(cause, expected):
    story = Story().turn().void().refused("StartTimerFailed", cause, timerId="pyflow.void1").turn()
    assert timers(void_answer(story.events, "why", NOW)) == expected


@pytest.mark.parametrize("context", ["mine", "[1]", '{"void":true}', '{"$pyflow":2,"void":true}', "{"])
def test_a_context_that_is_not_pyflows_is_no_stamp_and_not_void(context):
    assert parked(context) is None
    story = Story().turn().said(context).signaled("x").turn()
    answer = void_answer(story.events, "why", NOW)
    assert timers(answer) == [("pyflow.void1", "5")]
    assert "behaviour" not in json.loads(answer.context)


def test_the_newest_events_suffice_where_they_hold_the_last_timer_and_the_row():
    story = Story().turn()
    for number in range(1, 13):
        story.void(number).fired(f"pyflow.void{number}").turn()
    whole = void_answer(story.events, "why", NOW)
    assert void_answer(story.events[-60:], "why", NOW) == whole
    assert void_answer(story.events[-20:], "why", NOW) is None, "how many were in a row is not to be seen"


def test_events_without_a_timer_of_ours_do_not_tell_its_number():
    story = Story().turn().said(STAMP).signaled("x").turn()
    assert void_answer(story.events[3:], "why", NOW) is None
    assert void_answer([], "why", NOW) is None


def test_a_reason_is_cut_and_the_context_fits_its_field():
    state = {"$pyflow": 1, "behaviour": 1, "state": "s" * 32_000}
    story = Story().turn().said(json.dumps(state)).signaled("x").turn()
    context = void_answer(story.events, "é\ud800" * 5000, NOW).context
    assert len(context) <= 32_768
    assert json.loads(context)["state"] == "s" * 32_000
    short = json.loads(void_answer(Story().turn().events, "r" * 5000, NOW).context)
    assert short["reason"] == "r" * 4096


def test_a_parked_run_says_why_and_since_when():
    context = void_answer(Story().turn().events, "no such class", NOW).context
    assert parked(context) == Parked("no such class", "2026-03-01T12:00:00Z")
    assert parked(STAMP) is None
    assert parked(None) is None


@pytest.mark.parametrize("timestamp", [NOW, NOW.timestamp()])
def test_a_time_is_read_as_boto3_gives_it_and_as_seconds(timestamp):
    assert moment(timestamp) == NOW
