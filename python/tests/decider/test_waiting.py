"""Waiting for several futures, and for a limit of time."""

from __future__ import annotations

from decider.test_steps import activity_decision, complete, timer_decision

import pyflow
from pyflow.testing.story import HistoryBuilder, replay_every_turn

CANCEL_TIMER = {"decisionType": "CancelTimer", "cancelTimerDecisionAttributes": {"timerId": "sleep1"}}


class Three(pyflow.Workflow):
    NAME = "Three"

    def run(self, how):
        futures = [self.swf.invoke_activity("resize", "1", n) for n in (1, 2, 3)]
        done = getattr(self.swf, how)(futures[0], futures[1:])
        return [future.invocation_id for future in done]


def three(how):
    story = HistoryBuilder(how).turn().decided()
    return story.activity("activity1").activity("activity2").activity("activity3")


def test_all_are_returned_in_the_order_in_which_they_finished():
    story = three("wait_for_all").completed("activity3").turn().decided()
    story.completed("activity1").completed("activity2").turn()
    assert replay_every_turn(Three, story)[1:] == [[], [complete('["activity3", "activity1", "activity2"]')]]


def test_any_returns_what_is_done_in_the_order_in_which_it_finished():
    story = three("wait_for_any").completed("activity3").completed("activity1").turn()
    assert replay_every_turn(Three, story)[1:] == [[complete('["activity3", "activity1"]')]]


def test_waiting_for_nothing_returns_at_once():
    class Nothing(pyflow.Workflow):
        NAME = "Nothing"

        def run(self, value):
            return self.swf.wait_for_any() + self.swf.wait_for_all([])

    assert replay_every_turn(Nothing, HistoryBuilder().turn()) == [[complete("[]")]]


class Race(pyflow.Workflow):
    NAME = "Race"

    def run(self, how):
        futures = [self.swf.invoke_activity("resize", "1") for _ in range(2)]
        try:
            done = getattr(self.swf, how)(30, futures)
        except pyflow.WaitTimedOutException as error:
            return str(error)
        self.swf.sleep(1)
        return len(done)


def race(how):
    story = HistoryBuilder(how).turn().decided()
    return story.activity("activity1").activity("activity2").timer("sleep1", 30)


def test_a_timer_that_loses_the_race_is_canceled():
    story = race("timed_wait_for_any").completed("activity2").turn().decided().timer_canceled("sleep1")
    story.timer("sleep2", 1).fired("sleep2").turn()
    assert replay_every_turn(Race, story) == [
        [activity_decision("activity1"), activity_decision("activity2"), timer_decision("sleep1", "30")],
        [CANCEL_TIMER, timer_decision("sleep2", "1")],
        [complete("1")],
    ]


def test_a_run_may_end_with_the_timed_wait_that_it_won():
    class Brief(pyflow.Workflow):
        NAME = "Brief"
        step = pyflow.ActivityDescriptor("resize", "1")

        def run(self, value):
            [step] = self.swf.timed_wait_for_any(30, [self.step()])
            return step.result()

    story = HistoryBuilder().turn().decided().activity("activity1").timer("sleep1", 30)
    story.completed("activity1", 7).turn()
    assert replay_every_turn(Brief, story)[-1] == [CANCEL_TIMER, complete("7")]


def test_a_timer_that_wins_the_race_ends_the_wait():
    story = race("timed_wait_for_all").completed("activity2").turn().decided().fired("sleep1").turn()
    assert replay_every_turn(Race, story)[1:] == [[], [complete('"not done within 30 seconds: activity1"')]]


def test_a_history_of_2_0_0_never_canceled_the_losing_timer():
    story = race("timed_wait_for_any").completed("activity1").turn().decided().timer("sleep2", 1)
    story.fired("sleep1").turn().decided().fired("sleep2").turn()
    assert replay_every_turn(Race, story)[-2:] == [[], [complete("1")]]


def test_a_timer_is_canceled_even_where_it_just_fired():
    story = race("timed_wait_for_any").completed("activity1").turn().fired("sleep1").decided()
    story.refused("CancelTimerFailed", "TIMER_ID_UNKNOWN", timerId="sleep1").timer(
        "sleep2", 1
    ).turn().decided()
    story.fired("sleep2").turn()
    assert replay_every_turn(Race, story)[-2:] == [[], [complete("1")]]


def test_the_clock_stands_still_between_two_waits_and_is_that_of_the_decision():
    class Clock(pyflow.Workflow):
        NAME = "Clock"

        def run(self, value):
            first = self.swf.workflow_time()
            self.swf.sleep(5)
            second = self.swf.workflow_time()
            return [first.isoformat(), second.isoformat()]

    story = HistoryBuilder().turn().decided().timer("sleep1").fired("sleep1").turn()
    assert replay_every_turn(Clock, story)[-1] == [
        complete('["2026-01-01T00:00:01+00:00", "2026-01-01T00:00:02+00:00"]')
    ]


def test_a_fraction_of_a_second_is_refused_in_one_sentence():
    class Fraction(pyflow.Workflow):
        NAME = "Fraction"

        def run(self, value):
            try:
                self.swf.sleep(0.5)
            except pyflow.InvocationException as error:
                return str(error)

    assert replay_every_turn(Fraction, HistoryBuilder().turn()) == [
        [complete('"a timer takes whole seconds from 0 to 99999999, not 0.5: round it up"')]
    ]
