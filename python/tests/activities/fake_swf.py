"""SWF in memory, as an activity worker sees it: boto3's methods, tasks put in by the test, every call kept."""

from __future__ import annotations

import itertools
import threading
from queue import SimpleQueue
from typing import Any


class Fault(Exception):
    """An error as botocore's ClientError has it, known by `response` alone."""

    def __init__(self, code: str, message: str = "", status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.response = {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": status},
        }


class FakeSWF:
    """Answers polls from `offered` tasks, else empty; with `holding` an empty poll waits for a task or `let_go`."""

    def __init__(self, *, holding: bool = False) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.faults: dict[str, list[Exception]] = {}  # operation -> what its next calls raise
        self.types: dict[tuple[str, str], dict[str, Any]] = {}
        self.cancel_requested = False
        self.polling = threading.Semaphore(0)  # one release for each poll that begins
        self.answered: SimpleQueue[tuple[str, dict[str, Any]]] = SimpleQueue()
        self.most_polls = 0  # that were open at a time
        self._open_polls = 0
        self._lock = threading.Lock()
        self._holding = holding
        self._offered: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._tokens = itertools.count(1)

    def offer(self, name: str, input: str | None = None, version: str = "1.0") -> str:
        """Puts a task into the list; its token."""
        token = f"token{next(self._tokens)}"
        task: dict[str, Any] = {
            "taskToken": token,
            "activityId": "activity1",
            "startedEventId": 6,
            "workflowExecution": {"workflowId": "order-7", "runId": "run-1"},
            "activityType": {"name": name, "version": version},
        }
        if input is not None:
            task["input"] = input
        self._offered.put(task)
        return token

    def let_go(self, polls: int) -> None:
        """Ends that many held polls empty."""
        for _ in range(polls):
            self._offered.put({"startedEventId": 0})

    def named(self, operation: str) -> list[dict[str, Any]]:
        """The arguments of every call of an operation, in order."""
        return [arguments for name, arguments in self.calls if name == operation]

    @property
    def answers(self) -> list[tuple[str, dict[str, Any]]]:
        """Every answer that was taken: `completed`, `failed` or `canceled`, and its arguments."""
        prefix = "respond_activity_task_"
        return [(name[len(prefix) :], arguments) for name, arguments in self.calls if name.startswith(prefix)]

    def register_activity_type(self, **arguments: Any) -> None:
        self._call("register_activity_type", arguments)
        kind = (arguments["name"], arguments["version"])
        if kind in self.types:
            raise Fault("TypeAlreadyExistsFault", f"ActivityType=[name={kind[0]}, version={kind[1]}]")
        self.types[kind] = {name: value for name, value in arguments.items() if name.startswith("default")}

    def describe_activity_type(self, *, domain: str, activityType: dict[str, str]) -> dict[str, Any]:
        self._call("describe_activity_type", {"domain": domain, "activityType": activityType})
        kind = (activityType["name"], activityType["version"])
        return {"typeInfo": {"status": "REGISTERED"}, "configuration": self.types[kind]}

    def poll_for_activity_task(self, **arguments: Any) -> dict[str, Any]:
        self._call("poll_for_activity_task", arguments)
        self.polling.release()
        if not self._holding and self._offered.empty():
            return {"startedEventId": 0}
        with self._lock:
            self._open_polls += 1
            self.most_polls = max(self.most_polls, self._open_polls)
        try:
            return self._offered.get()
        finally:
            with self._lock:
                self._open_polls -= 1

    def record_activity_task_heartbeat(self, **arguments: Any) -> dict[str, bool]:
        self._call("record_activity_task_heartbeat", arguments)
        return {"cancelRequested": self.cancel_requested}

    def respond_activity_task_completed(self, **arguments: Any) -> None:
        self._answer("completed", arguments)

    def respond_activity_task_failed(self, **arguments: Any) -> None:
        self._answer("failed", arguments)

    def respond_activity_task_canceled(self, **arguments: Any) -> None:
        self._answer("canceled", arguments)

    def _answer(self, kind: str, arguments: dict[str, Any]) -> None:
        self._call(f"respond_activity_task_{kind}", arguments)
        self.answered.put((kind, arguments))

    def _call(self, operation: str, arguments: dict[str, Any]) -> None:
        if faults := self.faults.get(operation):
            raise faults.pop(0)
        self.calls.append((operation, arguments))
