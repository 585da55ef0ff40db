"""A local SWF in this process with one workflow type, and what a test of a client does to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

TYPE = {"name": "Order", "version": "1.0"}


class House:
    """Starts, answers and reads runs of `Order`; its time is the driven clock, so that who waits lets it pass."""

    def __init__(self, swf: Any) -> None:
        self.swf, self.client, self.domain = swf, swf.client(), swf.domain
        self.waits: list[float] = []
        self.meanwhile: list[Callable[[], object]] = []
        """What happens while a client waits: one a wait."""
        self.register("Order")

    def register(self, name: str, version: str = "1.0") -> None:
        self.client.register_workflow_type(
            domain=self.domain,
            name=name,
            version=version,
            defaultTaskList={"name": "deciders"},
            defaultChildPolicy="TERMINATE",
            defaultTaskStartToCloseTimeout="30",
            defaultExecutionStartToCloseTimeout="3600",
        )

    # time, as the functions take it

    def monotonic(self) -> float:
        return float(self.swf.now.timestamp())

    def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.swf.advance(seconds)
        if self.meanwhile:
            self.meanwhile.pop(0)()

    # runs

    def open(self, workflow_id: str = "w", **settings: Any) -> str:
        return str(
            self.client.start_workflow_execution(
                domain=self.domain, workflowId=workflow_id, workflowType=TYPE, **settings
            )["runId"]
        )

    def decide(self, *decisions: dict[str, Any], context: str | None = None) -> None:
        task = self.client.poll_for_decision_task(domain=self.domain, taskList={"name": "deciders"})
        said = {} if context is None else {"executionContext": context}
        self.client.respond_decision_task_completed(
            taskToken=task["taskToken"], decisions=list(decisions), **said
        )

    def close(self, decision: str = "CompleteWorkflowExecution", **attributes: Any) -> None:
        member = f"{decision[0].lower()}{decision[1:]}DecisionAttributes"
        self.decide({"decisionType": decision, member: attributes})

    def terminate(self, workflow_id: str = "w") -> None:
        self.client.terminate_workflow_execution(domain=self.domain, workflowId=workflow_id)

    def events(self, run_id: str, workflow_id: str = "w") -> list[dict[str, Any]]:
        execution = {"workflowId": workflow_id, "runId": run_id}
        return list(
            self.client.get_workflow_execution_history(domain=self.domain, execution=execution)["events"]
        )

    def attributes(self, run_id: str, event_type: str, workflow_id: str = "w") -> list[dict[str, Any]]:
        """The attributes of each event of the type."""
        member = f"{event_type[0].lower()}{event_type[1:]}EventAttributes"
        return [
            event[member] for event in self.events(run_id, workflow_id) if event["eventType"] == event_type
        ]


class Interrupted:
    """A client with something that happens before or after certain calls of it: a race, as it was written down.

    script: (operation, "before" or "after" or "lost", action), each taken once, in order, when its operation is called.
    `lost`: the call is made, its answer is lost and boto3 makes it again.
    """

    def __init__(self, client: Any, *script: tuple[str, str, Callable[[], object]]) -> None:
        self._client, self.script = client, list(script)
        self.calls: list[str] = []

    def __getattr__(self, operation: str) -> Any:
        call = getattr(self._client, operation)

        def called(**request: Any) -> Any:
            self.calls.append(operation)
            moment, action = None, None
            if self.script and self.script[0][0] == operation:
                _, moment, action = self.script.pop(0)
            if moment == "before":
                action()
            if moment == "lost":
                call(**request)
                action()
            answer = call(**request)
            if moment == "after":
                action()
            return answer

        return called


def nothing() -> None:
    """Happens in between, and changes nothing."""
