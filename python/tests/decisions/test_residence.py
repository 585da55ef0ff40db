"""What stays resident, why a run is replayed, and how much room it is taken to need."""

from __future__ import annotations

import pytest

import pyflow
from pyflow.errors import DeciderException
from pyflow.history.event import Run
from pyflow.testing.story import HistoryBuilder
from pyflow.worker.decisions.executions import Executions
from pyflow.worker.decisions.footprint import growth
from pyflow.worker.decisions.residence import HistoryNeeded, Residence


class Steps(pyflow.Workflow):
    NAME = "Steps"

    def run(self, value):
        for _ in range(3):
            self.swf.invoke_activity("resize", "1").result()


RUN = Run("workflow", "run", "Steps", "1.0")


class Counting:
    def __init__(self, runs=10, size=1_000_000):
        self.reasons = []
        self.residence = Residence(Executions([Steps]).begin, runs, size, self.reasons.append)

    def decide(self, story, run=RUN, since=1, **how):
        events = story.events[since - 1 :]
        return self.residence.decide(run, events, whole=since == 1, **how)


@pytest.fixture
def counting():
    made = Counting()
    yield made
    made.residence.clear()


def first_answer():
    return HistoryBuilder().turn().decided().activity("activity1").completed("activity1")


def test_a_resident_run_takes_its_news_alone(counting):
    assert counting.decide(HistoryBuilder().turn())[1] is True
    answer, stays = counting.decide(first_answer().turn(), since=3)
    assert [each["decisionType"] for each in answer.decisions] == ["ScheduleActivityTask"]
    assert stays
    assert counting.reasons == ["new"]


def needed(counting, story, since):
    with pytest.raises(HistoryNeeded) as caught:
        counting.decide(story, since=since)
    assert RUN not in counting.residence
    answer, stays = counting.decide(story, reason=caught.value.reason)
    assert [each["decisionType"] for each in answer.decisions] == ["ScheduleActivityTask"]
    assert stays
    return counting.reasons[-1]


def test_a_run_that_is_not_resident_is_replayed(counting):
    assert needed(counting, first_answer().turn(), 3) == "unknown"


def test_events_that_do_not_reach_back_make_it_replay(counting):
    counting.decide(HistoryBuilder().turn())
    assert needed(counting, first_answer().turn(), 5) == "gap"


def test_an_answer_that_is_not_ours_makes_it_replay(counting):
    counting.decide(HistoryBuilder().turn())
    story = first_answer().turn().decided().activity("activity2").completed("activity2").turn()
    assert needed(counting, story, 3) == "foreign"


def test_an_answer_of_ours_that_timed_out_makes_it_replay(counting):
    story = HistoryBuilder().turn()
    counting.decide(story)
    story.turn_timed_out().turn()
    with pytest.raises(HistoryNeeded, match="lost"):
        counting.decide(story, since=3)
    counting.decide(story, reason="lost")
    assert counting.reasons == ["new", "new"], "it was never answered: nothing is done twice"


def test_a_record_that_the_resident_run_does_not_fit_is_replayed_before_it_is_believed(counting):
    counting.decide(HistoryBuilder().turn())
    story = HistoryBuilder().turn().decided().activity("activity1", "email").completed("activity1").turn()
    with pytest.raises(HistoryNeeded, match="misfit"):
        counting.decide(story, since=3)
    with pytest.raises(pyflow.NonDeterminismException):
        counting.decide(story, reason="misfit")
    assert len(counting.residence) == counting.residence.size == 0


def test_an_unknown_type_is_not_worth_reading_a_history(counting):
    with pytest.raises(
        DeciderException, match="unknown workflow type Other 1.0: this decider knows Steps 1.0"
    ):
        counting.decide(first_answer().turn(), Run("w", "r", "Other", "1.0"), since=3)


def test_a_run_is_dropped_only_for_the_answer_that_was_lost(counting):
    counting.decide(HistoryBuilder().turn())
    counting.residence.drop(RUN, 99)
    assert RUN in counting.residence
    counting.residence.drop(RUN, 3)
    assert RUN not in counting.residence


def test_a_run_that_closes_leaves(counting):
    story = first_answer()
    for number in (2, 3):
        story.turn().decided().activity(f"activity{number}").completed(f"activity{number}")
    assert counting.decide(story.turn())[1] is False
    assert len(counting.residence) == counting.residence.size == 0


def runs_of(count):
    return [Run(f"w{number}", f"r{number}", "Steps", "1.0") for number in range(count)]


@pytest.mark.parametrize(
    ("bounds", "stay"), [((3, 1_000_000), 3), ((10, 50_000), 4), ((10, 11_999), 0), ((0, 1_000_000), 0)]
)
def test_the_least_recently_used_leave_when_there_are_too_many_runs_or_bytes(bounds, stay):
    counting, runs = Counting(*bounds), runs_of(5)
    for run in runs:
        counting.decide(HistoryBuilder().turn(), run)
    assert [run in counting.residence for run in runs] == [False] * (5 - stay) + [True] * stay
    assert counting.residence.size >= 12_000 * stay
    counting.residence.clear()
    assert counting.residence.size == 0


def test_the_estimate_counts_open_invocations_and_what_a_workflow_may_keep():
    story = (
        HistoryBuilder("x" * 98).turn().decided().activity("activity1").activity("activity2").timer("sleep1")
    )
    assert growth(story.events) == 3 * 300 + 200
    story.completed("activity1", "y" * 998).fired("sleep1")
    assert growth(story.events) == 1 * 300 + 200 + 2000
    assert growth(story.events, after=story.events[-1]["eventId"]) == 0
