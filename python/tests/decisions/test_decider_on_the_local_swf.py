"""The decider against a whole SWF, whose clock the test drives."""

from __future__ import annotations

import json

import pytest

import pyflow
from pyflow.testing.local import local_swf


class Month(pyflow.Workflow):
    NAME = "Month"

    def run(self, value):
        before = self.swf.workflow_time()
        self.swf.sleep(30 * 24 * 3600)
        return (self.swf.workflow_time() - before).days

    OPTIONS = {"defaultExecutionStartToCloseTimeout": 31_000_000}


class Counting(pyflow.Workflow):
    NAME = "Counting"

    def run(self, count):
        return [self.swf.invoke_once(lambda number=number: number).result() for number in range(count)]


class Parent(pyflow.Workflow):
    NAME = "Parent"

    def run(self, numbers):
        children = [
            self.swf.invoke_child_workflow("Counting", "1.0", n, task_list="deciders") for n in numbers
        ]
        return [len(child.result()) for child in children]


class Waits(pyflow.Workflow):
    NAME = "Waits"
    ON_CANCEL = "raise"

    def run(self, value):
        try:
            self.swf.sleep(1000)
        except pyflow.WorkflowCanceled:
            self.swf.sleep(1)
            return "tidy"


class Unknown(pyflow.Workflow):
    NAME = "Unknown"

    def run(self, value):
        try:
            self.swf.invoke_activity("nobody", "1").result()
        except pyflow.InvocationFailedException as error:
            return error.reason


class Fired(pyflow.Workflow):
    NAME = "Fired"

    def run(self, seconds):
        timers = [self.swf.start_timer(each) for each in seconds]
        first = self.swf.wait_for_any(timers)
        try:
            self.swf.timed_wait_for_all(1, timers)
        except pyflow.WaitTimedOutException:
            return [timer.invocation_id for timer in first]


@pytest.fixture(params=[1000, 0], ids=["resident", "replaying"])
def house(request):
    """A local SWF, a decider for every class above, and a way to start and finish executions."""
    with local_swf() as swf:
        client = swf.client()
        classes = [Month, Counting, Parent, Waits, Unknown, Fired]
        decider = pyflow.Decider(
            classes, swf.domain, "deciders", "me", client=client, max_resident_runs=request.param
        )
        decider.ensure_workflows_registered()
        yield House(swf, client, decider)


class House:
    def __init__(self, swf, client, decider):
        self.swf, self.client, self.decider = swf, client, decider

    def start(self, name, value=None):
        return pyflow.start_workflow(
            self.swf.domain, name, "1.0", "deciders", input=json.dumps(value), client=self.client
        )

    def decide(self):
        """Decides as long as there is something to decide."""
        pending = {"domain": self.swf.domain, "taskList": {"name": "deciders"}}
        while self.client.count_pending_decision_tasks(**pending)["count"]:
            assert self.decider.step()

    def status(self, started):
        return pyflow.get_workflow_status(
            self.swf.domain, started["workflowId"], started["runId"], client=self.client
        )

    def result(self, started):
        status = self.status(started)
        assert status.close_status == "COMPLETED", status
        return json.loads(status.result)


def test_a_timer_of_thirty_days_takes_a_moment_of_the_tests_clock(house):
    run = house.start("Month")
    house.decide()
    assert house.status(run).execution_status == "OPEN"
    house.swf.advance(30 * 24 * 3600)
    house.decide()
    assert house.result(run) == 30


def test_more_than_a_page_of_events_in_one_turn(house):
    run = house.start("Counting", 150)
    house.decide()
    assert house.result(run) == list(range(150))


def test_children_run_beside_each_other_and_their_results_come_back(house):
    run = house.start("Parent", [1, 2, 3])
    house.decide()
    assert house.result(run) == [1, 2, 3]


def test_a_workflow_that_is_canceled_cleans_up_and_then_ends_as_it_likes(house):
    run = house.start("Waits")
    house.decide()
    house.client.request_cancel_workflow_execution(domain=house.swf.domain, workflowId=run["workflowId"])
    house.decide()
    house.swf.advance(1)
    house.decide()
    assert house.result(run) == "tidy"


def test_a_workflow_that_does_not_say_so_is_canceled_there(house):
    run = house.start("Month")
    house.decide()
    house.client.request_cancel_workflow_execution(domain=house.swf.domain, workflowId=run["workflowId"])
    house.decide()
    assert house.status(run).close_status == "CANCELED"


def test_an_activity_of_a_type_that_nobody_registered_fails_with_swfs_cause(house):
    run = house.start("Unknown")
    house.decide()
    assert house.result(run) == "ACTIVITY_TYPE_DOES_NOT_EXIST"


def test_the_first_timer_wins_and_the_wait_for_the_rest_times_out(house):
    run = house.start("Fired", [20, 5, 30])
    house.decide()
    house.swf.advance(5)
    house.decide()
    house.swf.advance(1)
    house.decide()
    assert house.result(run) == ["sleep2"]


def test_input_that_is_not_json_fails_the_run(house):
    run = pyflow.start_workflow(
        house.swf.domain, "Counting", "1.0", "deciders", input="{", client=house.client
    )
    house.decide()
    status = house.status(run)
    assert (status.close_status, status.failure_reason) == ("FAILED", "Invalid input to workflow")


def test_an_unknown_run_has_no_status(house):
    run = house.start("Month")
    assert (
        pyflow.get_workflow_status(house.swf.domain, run["workflowId"], "22x=", client=house.client) is None
    )
