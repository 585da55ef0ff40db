"""Cancels that meet in one line of a workflow: none is lost, and none reaches behind a shield."""

from __future__ import annotations

import pytest
from flow.house import house

import pyflow


class Nested(pyflow.Workflow):
    NAME = "Nested"
    ON_CANCEL = "raise"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 86_400}

    def run(self, what):
        return getattr(self, what)()

    def behind_a_shield(self):
        with self.swf.shielded():
            try:
                with self.swf.timeout(10):
                    self.swf.sleep(100)
            except pyflow.WaitTimedOutException:
                pass
        self.swf.sleep(1_000)

    def spawned_behind_a_shield(self):
        with self.swf.scope() as scope:
            canceling = self.swf.spawn(scope.cancel)
            with self.swf.shielded():
                spawned = self.swf.spawn(lambda: "done")
                self.swf.wait_for_all(canceling, spawned)
        return spawned.result()


@pytest.fixture(params=[1000, 0], ids=["resident", "replaying"])
def it(request):
    with house(Nested, max_resident_runs=request.param) as found:
        yield found


def test_a_cancel_of_the_run_is_not_lost_over_one_of_a_scope_in_it(it):
    run = it.start(Nested, "behind_a_shield")
    it.settle()
    it.client.request_cancel_workflow_execution(domain=it.swf.domain, workflowId=run["workflowId"])
    assert it.finish(run).close_status == "CANCELED"


def test_a_function_spawned_behind_a_shield_is_not_canceled_before_it_begins(it):
    assert it.result(Nested, "spawned_behind_a_shield") == "done"
