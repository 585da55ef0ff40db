"""The same activity with boto3 alone: `python with_boto3.py shop images`.

It keeps what users of SWF learn the hard way: reads outlast the poll, slots come before polls, heartbeats in a thread of
their own, cancels, errors answered, answers through throttling, and a stop on SIGTERM that waits for open polls. It has
neither typed failures nor resuming, encryption, late completion, metrics or tests without SWF.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import traceback
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

SLOTS = 10
HEARTBEAT_TIMEOUT = 30


class Canceled(Exception):
    """The decider asked to stop, or SWF gave the task up."""


class Heartbeats:
    """Keeps a task from a thread of its own."""

    def __init__(self, swf: Any, token: str) -> None:
        self.swf, self.token = swf, token
        self.details: Any = None
        self.canceled = self.gone = False
        self.over = threading.Event()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self) -> None:
        """Beats until the activity is over."""
        while not self.over.wait(0.4 * HEARTBEAT_TIMEOUT):
            try:
                beat = self.swf.record_activity_task_heartbeat(
                    taskToken=self.token, details=json.dumps(self.details)
                )
                self.canceled = self.canceled or beat["cancelRequested"]
            except ClientError as error:
                if error.response["Error"]["Code"] == "UnknownResourceFault":
                    self.canceled = self.gone = True
                    return
            except Exception:
                traceback.print_exc()

    def tell(self, details: Any) -> None:
        """The newest details go out with the next heartbeat."""
        self.details = details
        if self.canceled:
            raise Canceled


def resize(images: list[str], heartbeats: Heartbeats) -> dict[str, int]:
    """Begins anew with every attempt: a worker is not told of the last heartbeat."""
    for number, image in enumerate(images):
        heartbeats.tell(number)
        if image.endswith(".tiff"):
            raise ValueError("no TIFF")
        shrink(image)
    return {"resized": len(images)}


def shrink(image: str) -> Any:
    """Stands for the work."""


def register(swf: Any, domain: str, task_list: str) -> None:
    """Registers the type with every default; one that exists is taken as it is."""
    try:
        swf.register_activity_type(
            domain=domain,
            name="resize",
            version="1",
            defaultTaskList={"name": task_list},
            defaultTaskHeartbeatTimeout=str(HEARTBEAT_TIMEOUT),
            defaultTaskScheduleToStartTimeout="NONE",
            defaultTaskScheduleToCloseTimeout="NONE",
            defaultTaskStartToCloseTimeout="NONE",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "TypeAlreadyExistsFault":
            raise


def work(swf: Any, task: Any) -> None:
    """Runs the activity and answers, unless SWF gave the task up."""
    token = task["taskToken"]
    heartbeats = Heartbeats(swf, token)
    try:
        result = resize(json.loads(task["input"]), heartbeats)
        swf.respond_activity_task_completed(taskToken=token, result=json.dumps(result))
    except Canceled:
        if not heartbeats.gone:
            swf.respond_activity_task_canceled(taskToken=token)
    except ClientError:
        traceback.print_exc()
    except Exception as error:
        details = traceback.format_exc()[-32_000:]
        swf.respond_activity_task_failed(taskToken=token, reason=type(error).__name__[:256], details=details)
    finally:
        heartbeats.over.set()


def slot(polls: Any, swf: Any, domain: str, task_list: str, stopping: threading.Event) -> None:
    """Polls and works, one task at a time, until the worker stops."""
    while not stopping.is_set():
        try:
            task = polls.poll_for_activity_task(domain=domain, taskList={"name": task_list})
            if task.get("taskToken"):
                work(swf, task)
        except Exception:
            traceback.print_exc()
            stopping.wait(1)


def main(domain: str, task_list: str) -> None:
    """Runs the worker until SIGTERM, and as long as polls and activities take after it."""
    polls = boto3.client("swf", config=Config(read_timeout=75, retries={"total_max_attempts": 1}))
    swf = boto3.client(
        "swf", config=Config(max_pool_connections=2 * SLOTS, retries={"mode": "standard", "max_attempts": 10})
    )
    register(swf, domain, task_list)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stopping.set())
    slots = [
        threading.Thread(target=slot, args=(polls, swf, domain, task_list, stopping)) for _ in range(SLOTS)
    ]
    for each in slots:
        each.start()
    print("ready", flush=True)
    for each in slots:
        while each.is_alive():
            each.join(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
