"""Seconds of CPU in which Temporal's Replayer takes N sequential activities. Prints JSON; runs in its environment."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import datetime, timedelta, timezone

from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner


@workflow.defn
class Sequential:
    @workflow.run
    async def run(self, count: int) -> int:
        value = 0
        for _ in range(count):
            value = await workflow.execute_activity(
                "add_one", value, start_to_close_timeout=timedelta(seconds=30), result_type=int
            )
        return value


def history(count):
    """The events of the run, as Temporal's server would have written them."""
    it = History()

    def add(kind, **attributes):
        number = EventType.Value(f"EVENT_TYPE_{kind.upper()}")
        event = it.events.add(event_id=len(it.events) + 1, event_type=number, task_id=len(it.events) + 1)
        event.event_time.FromDatetime(datetime(2026, 1, 1, tzinfo=timezone.utc))
        attributes_of = getattr(event, f"{kind}_event_attributes")
        attributes_of.SetInParent()
        for name, value in attributes.items():
            if name in ("input", "result"):
                payload = getattr(attributes_of, name).payloads.add()
                payload.metadata["encoding"] = b"json/plain"
                payload.data = json.dumps(value).encode()
            elif name in ("workflow_type", "activity_type", "task_queue"):
                getattr(attributes_of, name).name = value
            else:
                setattr(attributes_of, name, value)
        return event.event_id

    add(
        "workflow_execution_started",
        workflow_type="Sequential",
        task_queue="t",
        input=count,
        original_execution_run_id="r",
        first_execution_run_id="r",
        attempt=1,
    )
    for number in range(count + 1):
        scheduled = add("workflow_task_scheduled", task_queue="t", attempt=1)
        started = add("workflow_task_started", scheduled_event_id=scheduled)
        completed = add("workflow_task_completed", scheduled_event_id=scheduled, started_event_id=started)
        if number == count:
            add("workflow_execution_completed", workflow_task_completed_event_id=completed, result=count)
            break
        activity = add(
            "activity_task_scheduled",
            activity_id=str(number + 1),
            activity_type="add_one",
            task_queue="t",
            input=number,
            workflow_task_completed_event_id=completed,
        )
        begun = add("activity_task_started", scheduled_event_id=activity, attempt=1)
        add(
            "activity_task_completed",
            scheduled_event_id=activity,
            started_event_id=begun,
            result=number + 1,
        )
    return WorkflowHistory("w", list(it.events))


async def main(count, rounds):
    taken, best = history(count), float("inf")
    for _ in range(rounds):
        replayer = Replayer(workflows=[Sequential], workflow_runner=UnsandboxedWorkflowRunner())
        begin = time.process_time()
        result = await replayer.replay_workflow(taken)
        best = min(best, time.process_time() - begin)
        assert result.replay_failure is None
    return best


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))))
