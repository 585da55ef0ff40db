"""What SWF limits, met without the author's help: long answers, many open things, rates."""

from __future__ import annotations

import logging

import pytest
from flow.house import house

import pyflow
from pyflow.history.kinds import ACTIVITY, TIMER


class Many(pyflow.Workflow):
    NAME = "Many"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 86_400}
    double = pyflow.ActivityDescriptor("double", "1")

    def run(self, value):
        what, count = value
        return getattr(self, what)(count)

    def timers(self, count):
        self.swf.wait_for_all([self.swf.start_timer(5) for _ in range(count)])
        return count

    def activities(self, count):
        futures = [self.double(number) for number in range(count)]
        return sum(future.result() for future in futures)

    def both(self, count):
        activities = [self.double(number) for number in range(count)]
        timer = self.swf.start_timer(1)
        marker = self.swf.invoke_once(lambda: "noted")
        self.swf.wait_for_any(timer)
        return [marker.result(), sum(future.result() for future in activities)]

    def returns_early(self, count):
        for number in range(count):
            self.double(number)
        return "done"

    def takes_back(self, count):
        futures = [self.double(number) for number in range(count)]
        for future in futures[10:]:
            future.cancel()
        return [future.succeeded for future in self.swf.wait_for_all(futures)].count(True)

    def hears_itself(self, count):
        begun = self.swf.workflow_time()
        self.swf.signal_workflow(self.swf.workflow_id, "go")
        for _ in range(count):
            self.swf.start_timer(500)
        self.swf.signal("go").result()
        return (self.swf.workflow_time() - begun).total_seconds()

    def cancels_all(self, count):
        timers = [self.swf.start_timer(500) for _ in range(count)]
        self.swf.signal("go").result()
        for timer in timers:
            timer.cancel()
        self.swf.sleep(5)
        return "slept"

    def cancels_and_returns(self, count):
        timers = [self.swf.start_timer(500) for _ in range(count)]
        self.swf.sleep(5)
        self.swf.start_timer(7)
        for timer in timers:
            timer.cancel()
        return "bye"

    def long_inputs(self, count):
        futures = [self.double("x" * 30_000) for _ in range(count)]
        return len(self.swf.wait_for_all(futures))


def double(value):
    return 2 * value if isinstance(value, int) else len(value)


@pytest.fixture(params=[1000, 0], ids=["resident", "replaying"])
def it(request):
    with house(Many, max_resident_runs=request.param, activities={"double": double}) as found:
        yield found


@pytest.fixture
def small_windows():
    kept = {kind: kind.window for kind in (ACTIVITY, TIMER)}
    for kind in kept:
        object.__setattr__(kind, "window", 20)
    yield
    for kind, window in kept.items():
        object.__setattr__(kind, "window", window)


def decisions_of_answers(events):
    """How many answers each DecisionTaskCompleted has."""
    counts = {}
    for event in events:
        for key, value in event.items():
            if key.endswith("EventAttributes") and "decisionTaskCompletedEventId" in value:
                origin = value["decisionTaskCompletedEventId"]
                counts[origin] = counts.get(origin, 0) + 1
    return list(counts.values())


def test_an_answer_of_more_than_a_hundred_decisions_is_split(it):
    run = it.start(Many, ["timers", 250])
    assert it.finish(run).result == "250"
    assert decisions_of_answers(it.history(run)) == [100, 100, 52, 1]


def test_an_answer_of_more_than_a_megabyte_is_split(it):
    run = it.start(Many, ["long_inputs", 40])
    assert it.finish(run).result == "40"
    assert decisions_of_answers(it.history(run))[:2] == [30, 12]  # with the timers that end each


def test_what_a_window_has_no_room_for_goes_out_when_there_is_room(it, small_windows):
    run = it.start(Many, ["activities", 90])
    assert it.finish(run).result == str(2 * sum(range(90)))
    assert decisions_of_answers(it.history(run))[0] == 20


def test_other_kinds_and_markers_overtake_what_is_kept_back(it, small_windows):
    run = it.start(Many, ["both", 50])
    assert it.finish(run).result == f'["noted", {2 * sum(range(50))}]'
    first = [event["eventType"] for event in it.history(run)[4:26]]
    assert first == ["MarkerRecorded", *20 * ["ActivityTaskScheduled"], "TimerStarted"]


def test_timers_of_the_runtime_find_room_when_the_workflows_own_have_none(it, small_windows):
    assert it.result(Many, ["timers", 130]) == 130


def test_what_is_kept_back_is_taken_back_without_a_decision(it, small_windows):
    run = it.start(Many, ["takes_back", 50])
    assert it.finish(run).result == "10"
    scheduled = [event for event in it.history(run) if event["eventType"] == "ActivityTaskScheduled"]
    assert len(scheduled) == 10


def test_a_run_that_returns_starts_nothing_in_the_same_breath(it, small_windows, caplog):
    caplog.set_level(logging.WARNING, logger="pyflow")
    assert it.result(Many, ["returns_early", 30]) == "done"
    assert "the run closes: activity1 (double 1), activity2" in caplog.text


def test_a_fan_out_of_3500_in_one_run_just_works():
    with house(Many, activities={"double": double}) as it:
        assert it.result(Many, ["activities", 3500]) == 2 * sum(range(3500))


def test_a_close_in_parts_starts_nothing_either_when_another_decider_goes_on_with_it(it):
    assert it.result(Many, ["cancels_and_returns", 120]) == "bye"


def test_news_between_the_parts_of_an_answer_is_not_late(it):
    assert it.result(Many, ["hears_itself", 120]) == 0


def test_a_canceled_timer_leaves_its_room_at_once(it, small_windows):
    run = it.start(Many, ["cancels_all", 20])
    it.settle()
    it.signal(run, "go")
    assert it.finish(run).result == '"slept"'
