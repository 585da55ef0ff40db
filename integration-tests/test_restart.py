"""Whatever is killed in the middle of an order and started again, the order ends right."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from deadline import until
from shop_processes import Shop

ID = 9007199254740993
ITEMS = [("A-1", 2, 600), ("B-7", 1, 250)]
RIGHT = {
    "number": 9007199254740994,
    "charged": "charged 1450",
    "lost": [],
    "shipped": "order 9007199254740994 is on its way",
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A local SWF, a decider and a worker, with an order begun."""
    with contextlib.ExitStack() as stack:
        shop = Shop(stack, tmp_path)
        shop.order(ID, ITEMS)
        yield shop


def test_a_decider_is_killed_between_two_decisions(shop: Shop) -> None:
    shop.open("drawing")
    shop.wait_for("MarkerRecorded")
    shop.decider.kill()
    shop.open("charging")
    shop.wait_for("ActivityTaskCompleted", 2)
    shop.start_decider()
    assert shop.result() == RIGHT
    assert shop.journal() == ["drawn"]


def test_a_decider_is_killed_in_the_middle_of_a_decision(shop: Shop) -> None:
    until(shop.journal, "the number is being drawn")
    shop.decider.kill()
    shop.open("drawing", "charging")
    shop.start_decider()
    assert shop.result() == RIGHT
    assert shop.journal() == ["drawn", "drawn"]
    shop.wait_for("DecisionTaskTimedOut")


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_the_local_swf_is_started_again_on_its_file(shop: Shop, how: str) -> None:
    shop.open("drawing")
    shop.wait_for("ActivityTaskStarted", 2)
    before = shop.history()
    shop.restart_server(how)
    assert shop.history()[: len(before)] == before
    shop.open("charging")
    # While it was away the charge may have missed its heartbeat timeout, and been tried again.
    assert {**shop.result(), "lost": []} == RIGHT
    assert shop.decider.process.poll() is None
    assert shop.worker.process.poll() is None


def test_a_worker_is_killed_and_its_task_goes_to_another(shop: Shop) -> None:
    shop.open("drawing")
    shop.wait_for("ActivityTaskStarted", 2)
    shop.worker.kill()
    shop.wait_for("ActivityTaskTimedOut")
    shop.open("charging")
    shop.start_worker()
    result = shop.result()
    assert result["lost"][0][0] == "HEARTBEAT"
    assert {**result, "lost": []} == RIGHT
