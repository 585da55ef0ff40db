"""An order, its workflow and its activities, with gates at which a test can hold them: files that it makes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, ClassVar

import pyflow

TASK_LIST = "shop"
ASK_EVERY = 0.02  # seconds


@pyflow.activity(version="1", task_list=TASK_LIST, start_to_close_timeout=60)
def price(items: list[list[Any]]) -> int:
    """The sum of quantity times cents."""
    return sum(quantity * cents for _, quantity, cents in items)


@pyflow.activity(version="1", task_list=TASK_LIST, start_to_close_timeout=60, heartbeat_timeout=3)
def charge(*, cents: int, gate: str) -> str:
    """Beats until the gate is open."""
    beats = 0
    while not Path(gate).exists():
        beats += 1
        pyflow.current_activity().heartbeat({"beats": beats})
        pyflow.current_activity().wait(ASK_EVERY)
    return f"charged {cents}"


def draw(number: int, journal: str, gate: str) -> int:
    """A number for the order, once the gate is open; the journal has a line for each time this was begun."""
    with Path(journal).open("a") as lines:
        lines.write("drawn\n")
    while not Path(gate).exists():
        time.sleep(ASK_EVERY)
    return number


class Order(pyflow.Workflow):
    """Prices, waits, numbers, charges and ships an order; a charge whose worker was lost is tried again."""

    NAME = "Order"
    VERSION = "1"
    OPTIONS: ClassVar[dict[str, int]] = {"defaultTaskStartToCloseTimeout": 5}

    price = price
    charge = charge
    ship = pyflow.ChildWorkflowDescriptor("Shipment", "1")

    def run(self, order: dict[str, Any]) -> dict[str, Any]:
        cents = self.price(order["items"]).result()
        self.swf.sleep(1)
        drawing = self.swf.invoke_once(draw, order["id"] + 1, order["journal"], order["drawing"])
        number = drawing.result()
        lost = []
        while True:
            try:
                charged = self.charge(cents=cents, gate=order["charging"]).result()
                break
            except pyflow.InvocationTimedOutException as error:
                lost.append([error.timeout, sorted(error.last_heartbeat or {})])
        shipped = self.ship({"number": number}).result()
        return {"number": number, "charged": charged, "lost": lost, "shipped": shipped}


class Shipment(pyflow.Workflow):
    """Waits a moment, and is done."""

    NAME = "Shipment"
    VERSION = "1"

    def run(self, told: dict[str, Any]) -> str:
        self.swf.sleep(1)
        return f"order {told['number']} is on its way"
