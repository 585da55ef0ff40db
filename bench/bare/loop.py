"""A bare loop: threads that poll and answer with boto3, or as a pyflow worker does, and do nothing else.

loop.py URL TASK_LIST THREADS [boto3]; ends when it is killed.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

from pyflow.swf import boto
from pyflow.swf.hot import hot


def loop(client: Any, task_list: str) -> None:
    """Polls and answers, for ever."""
    while True:
        task = client.poll_for_activity_task(domain="bench", taskList={"name": task_list}, identity="bare")
        if task.get("taskToken"):
            client.respond_activity_task_completed(taskToken=task["taskToken"], result=task["input"])


def main(endpoint_url: str, task_list: str, threads: str, kind: str = "hot") -> None:
    """Starts the threads, and waits for the first, which never ends."""
    client = boto.client(endpoint_url=endpoint_url, long_poll=True)
    client = hot(client) if kind == "hot" else client
    crew = [threading.Thread(target=loop, args=(client, task_list)) for _ in range(int(threads))]
    for thread in crew:
        thread.start()
    print("ready", flush=True)
    crew[0].join()


if __name__ == "__main__":
    main(*sys.argv[1:])
