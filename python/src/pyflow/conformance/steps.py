"""The steps of behaviours, a table: what the kit does, and what it then looks at (protocol/conformance/README.md)."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from typing import Any

from pyflow.conformance import looks
from pyflow.conformance.inputs import text_of
from pyflow.conformance.patterns import written
from pyflow.conformance.run import PATIENCE, Broken, Task, until
from pyflow.conformance.scene import IT, Scene
from pyflow.conformance.wire import POLL

SIGNALS = {"TERM": signal.SIGTERM, "KILL": signal.SIGKILL}


def schedule(scene: Scene, what: Any) -> None:
    """One task or several in one decision, with the faults that its calls are to meet."""
    tasks, ids = [], []
    items = [
        item for item in (what if isinstance(what, list) else [what]) for _ in range(item.get("times", 1))
    ]
    for number, item in enumerate(items, 1):
        activity_id = scene.name(item.get("as", IT) if "times" not in item else f"{IT}{number}")
        for operation, faults in item.get("faults", {}).items():
            scene.house.wire.order(activity_id, operation, faults)
        tasks.append(Task(item["activity"], text_of(scene, item), item.get("options", {})))
        ids.append(activity_id)
    scene.run.schedule(scene.worker.task_list, tasks, ids)


def polls_meet(scene: Scene, faults: Any) -> None:
    """The worker's next polls meet these faults."""
    before = len(scene.house.wire.seen(scene.worker.task_list, POLL))
    scene.house.wire.order(scene.worker.task_list, POLL, faults)
    until(
        lambda: len(scene.house.wire.seen(scene.worker.task_list, POLL)) >= before + len(faults),
        f"the worker polls again after {', '.join(faults)}",
    )


def started(scene: Scene, task: str) -> None:
    """Waits until the worker has the task."""
    until(lambda: scene.run.has_started(scene.ids[task]), f"task {task} is started")


def cancel(scene: Scene, task: str) -> None:
    """Asks for the task's cancellation."""
    scene.run.request_cancel(scene.ids[task])


def terminate(scene: Scene, _: Any) -> None:
    """Closes the execution, so that its tasks are gone."""
    scene.run.terminate()


def passes(scene: Scene, seconds: float) -> None:
    """Lets so many seconds pass."""
    time.sleep(seconds)


def sends(scene: Scene, name: str) -> None:
    """Sends the worker's process a signal."""
    scene.worker.process.process.send_signal(SIGNALS[name])


def exits(scene: Scene, what: Any) -> None:
    """Waits until the worker's process has ended, with this status."""
    within = what.get("within", PATIENCE)
    process = scene.worker.process.process
    until(lambda: process.poll() is not None, "the worker's process has ended", within)
    if process.returncode != what["status"]:
        raise Broken(f"the worker's exit status is {process.returncode}, should be {what['status']}")


def completes_late(scene: Scene, what: Any) -> None:
    """Completes a task from outside, with the token that its activity wrote into a file of the scene."""
    path = scene.folder / what["token"]
    token = until(
        lambda: path.exists() and path.read_text().strip(), "the activity has written its task token"
    )
    result = json.dumps(written(what["value"]))
    scene.house.swf.respond_activity_task_completed(taskToken=token, result=result)


STEPS: dict[str, Callable[[Scene, Any], None]] = {
    "schedule": schedule,
    "polls meet": polls_meet,
    "started": started,
    "cancel": cancel,
    "terminate": terminate,
    "pass": passes,
    "send": sends,
    "exits": exits,
    "complete late": completes_late,
    "completed": looks.completed,
    "all completed": looks.all_completed,
    "failed": looks.failed,
    "canceled": looks.canceled,
    "timed out": looks.timed_out,
    "answers": looks.answers,
    "heartbeats": looks.heartbeats,
    "done if begun": looks.done_if_begun,
    "no poll abandoned": looks.no_poll_abandoned,
    "registered": looks.registered,
    "goes on": looks.goes_on,
}
