"""A step that is tried again, on the local SWF by a clock that the test moves, its worker a real one."""

from __future__ import annotations

import threading

import pyflow
from pyflow.testing import local_service


class Import(pyflow.Workflow):
    NAME = "Import"
    rows = pyflow.ActivityDescriptor(
        "import_rows",
        "1",
        task_list="rows",
        heartbeat_timeout=10,
        envelope=True,
        retry=pyflow.RetryPolicy(4, first=30, jitter=0),
    )

    def run(self, rows):
        return self.rows(rows).result()


def test_an_import_goes_on_where_the_attempt_before_was_lost():
    with local_service() as swf:
        client, sent, seen = swf.client(), threading.Event(), []
        client.meta.events.register("after-call.swf.RecordActivityTaskHeartbeat", lambda **_: sent.set())

        @pyflow.activity(name="import_rows", version="1", heartbeat="manual")
        def import_rows(rows):
            context = pyflow.current_activity()
            done = context.info.last_heartbeat or 0
            seen.append((context.info.attempt, context.info.activity_id, done))
            if context.info.attempt == 1:
                context.heartbeat(40)
                assert sent.wait(10)
                swf.advance(10)  # and is not heard of again
            elif context.info.attempt == 2:
                raise pyflow.ApplicationError("the table is locked", type="Locked", retry_after=90)
            return rows - done

        decider = pyflow.Decider([Import], swf.domain, "deciders", None, client=client)
        worker = pyflow.ActivityWorker(swf.domain, "rows", [import_rows], client=client)
        decider.ensure_workflows_registered()
        worker.ensure_activities_registered()
        run = pyflow.start_workflow(swf.domain, "Import", "1.0", "deciders", None, "100", client=client)

        waits = []
        for _ in range(2):
            assert decider.step()  # an attempt
            assert worker.step()
            assert decider.step()  # a timer
            waits.append(swf.advance_to_next().total_seconds())
        assert decider.step()
        assert worker.step()
        assert decider.step()

        status = pyflow.get_workflow_status(swf.domain, run["workflowId"], run["runId"], client=client)
        assert (status.close_status, status.result) == ("COMPLETED", "60")
        assert seen == [
            (1, "activity1", 0),
            (2, "activity1.attempt2", 40),
            (3, "activity1.attempt3", 40),
        ]
        assert waits == [30, 90]


class Parent(pyflow.Workflow):
    NAME = "Parent"
    child = pyflow.ChildWorkflowDescriptor("Child", "1.0", task_list="deciders", retry=pyflow.RetryPolicy(3))

    def run(self, value):
        return self.child(value).result()


class Child(pyflow.Workflow):
    NAME = "Child"

    def run(self, value):
        if ".attempt2" not in self.swf.workflow_id:
            raise pyflow.WorkflowFailedException("Busy")
        return value


def test_a_child_is_started_again_under_another_id():
    with local_service() as swf:
        client = swf.client()
        decider = pyflow.Decider([Parent, Child], swf.domain, "deciders", None, client=client)
        decider.ensure_workflows_registered()
        run = pyflow.start_workflow(swf.domain, "Parent", "1.0", "deciders", None, "7", client=client)
        status = None
        while status is None or status.execution_status == "OPEN":
            if not decider.step():
                assert swf.advance_to_next() is not None
            status = pyflow.get_workflow_status(swf.domain, run["workflowId"], run["runId"], client=client)
        assert (status.close_status, status.result) == ("COMPLETED", "7")
