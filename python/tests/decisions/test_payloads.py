"""A decider with keys and a store: what its runs ask for is sealed, what they get is opened, by its loop alone."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pyflow
from pyflow.codec import KeyRing
from pyflow.stores import FileStore, Payloads
from pyflow.testing.service import LocalService, local_service
from pyflow.worker.decisions.parking import parked

RING = KeyRing({"new": bytes(range(32)), "old": bytes(32)}, "new")
BIG = [str(number**7) for number in range(30_000)]  # 600 KB, 240 KB compressed
CARD = "4111"
DENSE = "".join(random.Random(1).choices("".join(map(chr, range(0x30, 0x7F))).replace("\\", ""), k=32_700))
"""Fits as it is, and in no form once it is encrypted."""


@pyflow.activity(version="1", start_to_close_timeout=60)
def double(value: Any) -> Any:
    return value * 2


@pyflow.activity(version="1", start_to_close_timeout=60)
def decline(card: str) -> None:
    raise pyflow.ApplicationError(f"{card} declined", type="CardDeclined")


class Order(pyflow.Workflow):
    NAME = "Order"
    VERSION = "1"

    def run(self, given: Any) -> Any:
        self.swf.set_state({"card": CARD})
        doubled = self.swf.invoke_activity("double", "1", given, task_list="deciders").result()
        once = self.swf.invoke_once(lambda: {"card": CARD}).result()
        try:
            self.swf.invoke_activity("decline", "1", CARD, task_list="deciders").result()
        except pyflow.InvocationFailedException as error:
            return {"doubled": doubled, "once": once, "failed": [error.type, error.message]}


class Huge(pyflow.Workflow):
    NAME = "Huge"
    VERSION = "1"

    def run(self, given: Any) -> Any:
        return self.swf.invoke_activity("double", "1", DENSE, task_list="deciders").result()


class Shop:
    """A local SWF whose decider and worker take steps by turns; both have the payloads that are given."""

    def __init__(self, swf: LocalService, resident: int) -> None:
        self.swf, self.client, self.resident = swf, swf.client(), resident

    def order(self, workflow: str, payloads: Payloads, value: Any) -> dict[str, str]:
        text = payloads.write(value)
        return pyflow.start_workflow(
            self.swf.domain, workflow, "1", "deciders", input=text, client=self.client
        )

    def run(self, payloads: Payloads, *, worker: Payloads | None = None) -> None:
        """Until nobody has anything to do."""
        decider = pyflow.Decider(
            [Order, Huge],
            self.swf.domain,
            "deciders",
            "me",
            client=self.client,
            max_resident_runs=self.resident,
            payloads=payloads,
        )
        decider.ensure_workflows_registered()
        hand = pyflow.ActivityWorker(
            self.swf.domain, "deciders", [double, decline], client=self.client, payloads=worker or payloads
        )
        hand.ensure_activities_registered()
        where = {"domain": self.swf.domain, "taskList": {"name": "deciders"}}
        while True:
            if self.client.count_pending_decision_tasks(**where)["count"]:
                decider.step()
            elif self.client.count_pending_activity_tasks(**where)["count"]:
                hand.step()
            else:
                return

    def history(self, started: dict[str, str]) -> list[dict[str, Any]]:
        answer = self.client.get_workflow_execution_history(domain=self.swf.domain, execution=started)
        return list(answer["events"])

    def result(self, started: dict[str, str], payloads: Payloads) -> Any:
        last = self.history(started)[-1]
        assert last["eventType"] == "WorkflowExecutionCompleted", last
        return payloads.read(last["workflowExecutionCompletedEventAttributes"]["result"]).value

    def parked(self, started: dict[str, str]) -> str | None:
        """Why the run is parked."""
        described = self.client.describe_workflow_execution(domain=self.swf.domain, execution=started)
        found = parked(described.get("latestExecutionContext"))
        return found and found.reason


@pytest.fixture(params=[1000, 0], ids=["resident", "replaying"])
def shop(request: pytest.FixtureRequest) -> Iterator[Shop]:
    with local_service() as swf:
        shop = Shop(swf, request.param)
        shop.run(Payloads())  # registers the types
        yield shop


def test_nothing_of_an_order_is_in_its_history_in_the_clear(shop: Shop) -> None:
    payloads = Payloads(keys=RING)
    started = shop.order("Order", payloads, CARD)
    shop.run(payloads)
    assert shop.result(started, payloads) == {
        "doubled": CARD * 2,
        "once": {"card": CARD},
        "failed": ["CardDeclined", f"{CARD} declined"],
    }
    history = json.dumps(shop.history(started), default=str)
    assert CARD not in history
    assert "CardDeclined" in history


def test_what_swf_can_not_hold_goes_through_the_store(shop: Shop, tmp_path: Path) -> None:
    payloads = Payloads(stores={"default": FileStore(tmp_path)})
    started = shop.order("Order", payloads, BIG)
    shop.run(payloads)
    assert shop.result(started, payloads)["doubled"] == BIG * 2
    assert len(json.dumps(shop.history(started), default=str)) < 20_000


def test_a_decider_that_lacks_a_key_parks_the_run_and_one_that_has_it_goes_on(shop: Shop) -> None:
    payloads = Payloads(keys=RING)
    started = shop.order("Order", payloads, CARD)
    shop.run(Payloads(keys=KeyRing({"old": bytes(32)})))
    assert shop.parked(started) == (
        "input of event 1 WorkflowExecutionStarted can't be read here: "
        'a payload needs the key "new" of aes-256-gcm, configured here: old'
    )
    shop.swf.advance(5)
    shop.run(payloads)
    assert shop.result(started, payloads)["doubled"] == CARD * 2


def test_a_key_that_is_lacked_in_mid_run_parks_it_too(shop: Shop) -> None:
    keyed, plain = Payloads(keys=RING), Payloads(keys=KeyRing({"old": bytes(32)}))
    started = shop.order("Order", plain, 7)
    shop.run(plain, worker=keyed)
    assert "result of event" in (shop.parked(started) or "")
    shop.swf.advance(5)
    shop.run(keyed)
    assert shop.result(started, keyed)["doubled"] == 14


def test_content_that_was_changed_fails_its_call_alone(shop: Shop, tmp_path: Path) -> None:
    payloads = Payloads(stores={"default": FileStore(tmp_path)})
    started = shop.order("Order", payloads, BIG)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            path.write_bytes(bytes(path.stat().st_size))
    shop.run(payloads)
    last = shop.history(started)[-1]
    assert last["eventType"] == "WorkflowExecutionFailed"
    assert "Invalid input to workflow" in last["workflowExecutionFailedEventAttributes"]["reason"]


def test_what_fits_in_no_form_parks_the_run_until_there_is_a_store(shop: Shop, tmp_path: Path) -> None:
    started = shop.order("Huge", Payloads(keys=RING), 7)
    shop.run(Payloads(keys=RING))
    assert "input of ScheduleActivityTask is" in (shop.parked(started) or "")
    shop.swf.advance(5)
    payloads = Payloads(keys=RING, stores={"default": FileStore(tmp_path)})
    shop.run(payloads)
    assert shop.result(started, payloads) == DENSE * 2
