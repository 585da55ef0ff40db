"""The plain coding beside the json module: what strictness costs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import report

from pyflow import codec

ORDERS = Path(__file__).parent.parent / "examples" / "orders" / "orders.json"
ROUNDS = 40  # short ones: the best of few long ones measures the neighbours
LABEL = "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAYAAAAf8/9hAAAAGXRFWHRTb2Z0d2FyZQBwYWdl" * 6

ORDER = {
    "id": 9007199254740993,
    "customer": {"name": "Zoë Müller-Ångström, 山田 花子, Дмитрий", "email": "zoe@example.org"},
    "currency": "CHF",
    "lines": [
        {"sku": f"TEA-{number:04d}", "quantity": number % 3 + 1, "price": f"{number + 7}.90"}
        for number in range(8)
    ],
    "address": {"street": "Hauptstraße 12", "city": "Zürich", "zip": "8001", "country": "CH"},
    "note": "Bitte klingeln, 谢谢 😀",
    "attachment": {"media_type": "image/png", "data": LABEL},
}
TIMED = {**ORDER, "placed_at": "2026-11-23T09:30:00Z", "track": "https://parcels.example/CH/48201"}
DENSE = [{"id": number, "x": number * 0.5, "name": f"n{number}", "ok": True} for number in range(500)]
TINY = [{"a": number, "b": -number} for number in range(1000)]


def documents() -> list[tuple[str, list[Any], int, float | None]]:
    """What is measured: a name, the values, how often, and the bar."""
    shop = [
        {part: order[part] for part in order if part != "expect"}
        for order in json.loads(ORDERS.read_text("utf-8"))["orders"]
    ]
    return [
        ("an order, 8 lines, an attachment", [ORDER], 100, 1.3),
        ("the orders of the demo, one after the other", shop, 15, 1.3),
        ("  an order with times and a URL", [TIMED], 100, None),
        ("500 objects of four members", [DENSE], 3, 1.8),
        ("1,000 objects of two members", [TINY], 3, 1.8),
    ]


def ratio(values: list[Any], times: int) -> float:
    """CPU of our encode and decode over that of json's dumps and loads; each the best of its rounds, measured in turn."""
    texts = [json.dumps(value) for value in values]
    assert texts == [codec.encode(value) for value in values], "byte for byte json.dumps"
    assert values == [codec.decode(text) for text in texts]
    steps: list[tuple[Callable[[Any], Any], list[Any]]] = [
        (json.dumps, values),
        (json.loads, texts),
        (codec.encode, values),
        (codec.decode, texts),
    ]
    best = [float("inf")] * len(steps)
    for _ in range(ROUNDS):
        for index, (step, inputs) in enumerate(steps):
            best[index] = min(best[index], cpu(step, inputs, times))
    return (best[2] + best[3]) / (best[0] + best[1])


def cpu(step: Callable[[Any], Any], inputs: list[Any], times: int) -> float:
    """Seconds of CPU that the step takes for all inputs, so many times."""
    begin = time.process_time()
    for _ in range(times):
        for each in inputs:
            step(each)
    return time.process_time() - begin


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    table = report.Table(
        "codec", "encode + decode over json.dumps + json.loads, CPU time, best of 40 short rounds"
    )
    for name, values, times, bar in documents():
        table.row(name, ratio(values, times), "×", bar=bar)
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
