"""Runs that were parked go on with a decider that fits, and nothing is lost meanwhile."""

from __future__ import annotations

import json

import pytest
from decisions.running import House, until

import pyflow
from pyflow.history.event import Run
from pyflow.testing.service import local_service
from pyflow.worker.decisions.parked_runs import obstacle, parked_runs, resume


class First(pyflow.Workflow):
    NAME = "Ship"

    def run(self, value):
        self.swf.sleep(10)
        return self.swf.invoke_once(lambda: "shipped").result()


class Second(First):
    def run(self, value):
        self.swf.invoke_lambda("pack", value)
        self.swf.sleep(10)


class Other(pyflow.Workflow):
    NAME = "Other"

    def run(self, value):
        return value


@pytest.fixture
def house():
    with local_service(poll_seconds=0.2) as swf:
        yield House(swf, First)


def decider(house, *classes, **options):
    return pyflow.Decider(classes, house.swf.domain, "deciders", "me", client=house.client, **options)


def parked_at_once(house):
    """A run that was parked because nobody knew its class."""
    house.decider()
    run = house.start("Ship", workflow_id="ship")
    assert decider(house, Other).step()
    return run


def parked_in_between(house):
    """A run that was parked because the code was changed under it."""
    house.decider()
    run = house.start("Ship", workflow_id="ship")
    assert decider(house, First).step()
    house.swf.advance(10)
    assert decider(house, Second).step()
    return run


def test_a_parked_run_is_listed_with_why_since_when_and_how_long(house):
    house.decider()
    house.start("Ship", workflow_id="not parked")
    assert decider(house, First).step()
    run = parked_at_once(house)
    [found] = parked_runs(house.client, "test")
    assert found.run == Run("ship", run["runId"], "Ship", "1.0")
    assert found.reason == "unknown workflow type Ship 1.0: this decider knows Other 1.0"
    assert found.since == "2026-01-01T00:00:00Z"
    assert (found.times_out - house.swf.now).total_seconds() == 3600


def test_a_parked_run_is_tried_less_and_less_often_and_never_in_a_loop(house):
    run = parked_at_once(house)
    unfit, waits = decider(house, Other), []
    for _ in range(6):
        [*_, timer] = house.events(run, "TimerStarted")
        waits.append((timer["timerId"], timer["startToFireTimeout"]))
        assert not unfit.step(), "nothing is to be decided before the timer fires"
        house.swf.advance(int(timer["startToFireTimeout"]))
        assert unfit.step()
    assert waits == [(f"pyflow.void{n + 1}", str(5 * 2**n)) for n in range(6)]
    contexts = [json.loads(each["executionContext"]) for each in house.events(run, "DecisionTaskCompleted")]
    assert {each["since"] for each in contexts} == {"2026-01-01T00:00:00Z"}


def test_a_run_whose_code_was_changed_is_parked_and_its_timers_go_on(house):
    run = parked_in_between(house)
    [found] = parked_runs(house.client, "test")
    assert found.reason.startswith("event 5: StartTimer")
    assert [each["timerId"] for each in house.events(run, "TimerStarted")] == ["sleep1", "pyflow.void1"]


def test_code_that_does_not_fit_says_what_is_in_its_way(house):
    parked_in_between(house)
    [found] = parked_runs(house.client, "test")
    assert obstacle(house.client, "test", found.run, [Second]).startswith("event 5: StartTimer")
    assert obstacle(house.client, "test", found.run, [Other]).startswith("unknown workflow type Ship 1.0")


@pytest.mark.parametrize("park", [parked_at_once, parked_in_between])
def test_code_that_fits_is_told_to_and_calls_nothing(house, park):
    called = []

    class Careless(First):
        def run(self, value):
            self.swf.sleep(10)
            return self.swf.invoke_once(lambda: called.append(1)).result()

    park(house)
    [found] = parked_runs(house.client, "test")
    assert obstacle(house.client, "test", found.run, [Careless]) is None
    assert called == []


@pytest.mark.parametrize("park", [parked_at_once, parked_in_between])
def test_a_parked_run_goes_on_as_soon_as_a_fitting_decider_gets_its_task(house, park):
    run = park(house)
    answers = len(house.events(run, "DecisionTaskCompleted"))
    with house.deciding():
        house.swf.advance(5)
        house.answered(run, answers + 1)
        house.swf.advance(10)
        assert house.result(run) == "shipped"
    assert parked_runs(house.client, "test") == []


def test_a_parked_run_that_is_told_to_resume_goes_on_at_once(house):
    run = parked_in_between(house)
    with house.deciding():
        resume(house.client, "test", "ship")
        assert house.result(run) == "shipped"


def test_a_rolling_deploy_with_old_and_new_deciders_on_one_list_heals_by_itself(house):
    house.decider()
    runs = [house.start("Ship", n) for n in range(5)]
    with house.deciding() as fitting, house_of_others(house):
        while any(opened(house, run) for run in runs):
            until(lambda: not any(opened(house, run).get("openDecisionTasks") for run in runs))
            house.swf.advance(5)
        for run in runs:
            assert house.result(run) == "shipped"
    assert fitting.statistics.void_answers == 0


def opened(house, run):
    """What an open run has open; nothing where it is closed."""
    found = house.client.describe_workflow_execution(domain="test", execution=run)
    return found["openCounts"] if found["executionInfo"]["executionStatus"] == "OPEN" else {}


def house_of_others(house):
    """A decider on the same list that knows none of the classes."""
    other = House(house.swf, Other)
    return other.deciding()
