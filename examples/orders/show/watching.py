"""Following the executions: what is new in their histories since the last look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyflow import codec
from pyflow.client.status import CLOSING_EVENTS, history
from pyflow.client.timeline import Step, timeline
from pyflow.history.event import Event, attributes_key
from show.orders_file import Order


@dataclass
class Execution:
    """The execution of one order, as far as it was seen.

    close_status: SWF's word, as `COMPLETED`; empty while it is open. failure: reason and details of one that failed.
    """

    order: Order
    workflow_id: str
    run_id: str
    events: list[Event] = field(default_factory=list)
    close_status: str = ""
    result: Any = None
    failure: str = ""
    _told: set[tuple[str, str]] = field(default_factory=set)

    def look(self, client: Any, domain: str) -> list[Step]:
        """Reads the history; returns the steps that closed since the last look, in the order they closed."""
        self.events = list(history(client, domain, self.workflow_id, self.run_id))
        self._take_close(self.events[-1])
        new = [
            step for step in timeline(self.events) if step.closed and (step.kind, step.id) not in self._told
        ]
        self._told.update((step.kind, step.id) for step in new)
        return sorted(new, key=lambda step: str(step.closed))

    def _take_close(self, event: Event) -> None:
        if event["eventType"] not in CLOSING_EVENTS:
            return
        self.close_status = event["eventType"].removeprefix("WorkflowExecution").upper()
        attributes = event[attributes_key(event["eventType"])]
        if self.close_status == "COMPLETED":
            self.result = codec.decode(attributes.get("result"))
        else:
            parts = (attributes.get("reason"), attributes.get("details"), attributes.get("timeoutType"))
            self.failure = "\n".join(part for part in parts if part)


def start(client: Any, domain: str, task_list: str, orders: Sequence[Order]) -> Iterator[Execution]:
    """Starts an execution for each order, known by its id."""
    from pyflow import start_workflow

    for order in orders:
        started = start_workflow(
            domain,
            "OrderWorkflow",
            "1.0",
            task_list,
            lambda_role="arn:aws:iam::123456789012:role/swf-lambda",  # as which AWS would invoke price_order
            input=codec.encode(order.input, what=f"input of order {order.id}"),
            workflow_id=f"order-{order.id}",
            client=client,
        )
        yield Execution(order, started["workflowId"], started["runId"])
