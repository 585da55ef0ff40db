"""What an author writes who checks with `mypy --strict`: everything is used, and nothing is to be found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyflow
import pyflow.testing

PATIENT = pyflow.RetryPolicy(5, first=10, never_on=["CardDeclined"])


@pyflow.activity(version="1", heartbeat_timeout=30)
def charge_card(order: int, total: str) -> str:
    """An activity with several parameters."""
    pyflow.current_activity().heartbeat({"order": order})
    return f"receipt {order} {total}"


@pyflow.activity
def pack(item: str) -> dict[str, int]:
    """An activity with one."""
    return {item: 1}


class Shop(pyflow.Workflow):
    """Every kind of step."""

    NAME = "Shop"
    VERSION = "1.1"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 86_400}
    ON_CANCEL = "raise"

    price = pyflow.LambdaDescriptor("price_order", timeout=30, retry=PATIENT)
    reserve = pyflow.ActivityDescriptor("reserve", "1", 60, "stock", priority=3, heartbeat_timeout=10)
    ship = pyflow.ChildWorkflowDescriptor("Ship", "1.0", child_policy="ABANDON", tags=["parcel"])
    charge = charge_card
    pack = pack.using(task_list="packers", retry=PATIENT)

    def run(self, order: dict[str, Any]) -> dict[str, Any]:
        """Steps, futures and what they are given to."""
        total: str = self.price(order).result()
        reserved = self.reserve.using(timeout="NONE", retry=pyflow.RetryPolicy(3))(order["items"])
        charged = self.charge(order=order["id"], total=total)
        packed: list[dict[str, int]] = self.swf.map(self.pack, order["items"], width=10)
        shipped = self.ship.using(workflow_id=f"ship-{order['id']}")(packed)
        shipped.started.result()
        for done in self.swf.wait_for_any(reserved, [charged, shipped]):
            done.cancel(wait=False)
        return {"receipt": charged.result(), "parcel": shipped.result(), "id": shipped.workflow_id}


class Patient(pyflow.Workflow):
    """Every way to wait."""

    NAME = "Patient"

    def run(self, names: list[str]) -> list[int]:
        """Lines, scopes, signals, clean-up."""
        lengths = [self.swf.spawn(self.length_of, name) for name in names]
        squares = self.swf.map(lambda number: number * number, [1, 2, 3])
        self.swf.logger.info("for %d of %s", len(names), self.swf.uuid4())
        for approval in self.swf.signal("approve"):
            self.swf.set_state({"approved": approval})
            self.swf.sleep(int(approval["days"]) * 86_400)
            break
        try:
            with self.swf.timeout(60) as limit, self.swf.scope() as scope:
                self.swf.wait_until(lambda: all(each.done for each in lengths), timeout=30)
                self.watch(scope, lengths[0], self.swf.signal("stop"))
            if limit.expired or scope.canceled:
                return squares
        except pyflow.WaitTimedOutException:
            raise pyflow.WorkflowFailedException("TOO_SLOW", "nobody came") from None
        except pyflow.WorkflowCanceled:
            with self.swf.shielded():
                self.swf.signal_workflow("boss", "sorry", {"at": str(self.swf.workflow_time())}).result()
            raise
        if self.swf.patched("shorter") and self.swf.should_continue_as_new:
            self.swf.continue_as_new(names, version="2.0")
        return [each.result() for each in lengths]

    def on_error(self, exception: Exception) -> None:
        """Before a failing close."""
        self.swf.invoke_activity("apologize", "1", str(exception)).result()

    def length_of(self, name: str) -> int:
        """A line of its own."""
        self.swf.sleep(len(name))
        return len(name)

    def watch(self, scope: pyflow.CancelScope, line: pyflow.Future[int], stop: pyflow.SignalChannel) -> None:
        """A function of the author's own that takes what `self.swf` gave."""
        stop.on(lambda why: scope.cancel(str(why)))
        self.told(line)

    def told(self, future: pyflow.Future) -> BaseException | None:
        """A future of whatever."""
        return future.exception


def serve(client: Any) -> datetime | None:
    """Deciders, workers and clients."""
    decider = pyflow.Decider([Shop, Patient], "shop", "deciders", None, client=client)
    decider.ensure_workflows_registered()
    with pyflow.ActivityWorker("shop", "cards", [charge_card, pack]):
        started = pyflow.start_workflow("shop", "Shop", "1.1", "deciders", input="{}", client=client)
        pyflow.signal_workflow("shop", started["workflowId"], "approve", {"by": "Ada"}, client=client)
    status = pyflow.get_workflow_status("shop", started["workflowId"], started["runId"], client)
    return status.latest_activity_timestamp if status is not None else None


def tested() -> None:
    """Its tests."""
    with pyflow.testing.WorkflowEnvironment(
        Shop, {Shop.price: lambda order: "9.90", "reserve": len}
    ) as environment:
        run = environment.start({"id": 7})
        run.signal("approve")
        assert run.result()["receipt"] == "9.90"
        pyflow.testing.replay(run.history, [Shop, Patient])


def by_hand() -> str:
    """An activity is still its function."""
    return charge_card(7, total="9.90")
