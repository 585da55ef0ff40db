"""Python's codings beside the bare libraries: what strictness costs."""

from __future__ import annotations

import base64
import json
import statistics
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgpack
import report

from pyflow import codec
from pyflow.codec.codings import json_orjson

ORDERS = Path(__file__).parent.parent / "examples" / "orders" / "orders.json"
ROUNDS = 60  # short ones
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
SMALL = [7, "paid", {"order": 7}, [1, 2, 3], {"sku": "TEA-0001", "quantity": 3, "price": "7.90"}]
ROWS = [
    {
        "id": number * 7919,
        "name": f"customer {number * 31 % 997}",
        "paid": number % 3 == 0,
        "total": number * 1.01,
    }
    for number in range(700)
]
"""32 KB of msgpack."""

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


def rounds(steps: list[tuple[Callable[[Any], Any], list[Any]]], times: int) -> Iterator[tuple[float, float]]:
    """Seconds of CPU of the first two steps and of the other two in each round, for all inputs, so many times.

    What is compared is measured within milliseconds, so that a neighbour, or the clock of the CPU, disturbs both.
    """
    for _ in range(ROUNDS):
        bare, ours = steps[:2], steps[2:]
        yield (
            sum(cpu(step, inputs, times) for step, inputs in bare),
            sum(cpu(step, inputs, times) for step, inputs in ours),
        )


def both(values: list[Any], times: int) -> Iterator[tuple[float, float]]:
    """Seconds of json's dumps and loads, and of our encode and decode, of all values so many times, in each round."""
    texts = [json.dumps(value) for value in values]
    assert texts == [codec.encode(value) for value in values], "byte for byte json.dumps"
    assert values == [codec.decode(text) for text in texts]
    return rounds(
        [(json.dumps, values), (json.loads, texts), (codec.encode, values), (codec.decode, texts)], times
    )


def ratio(measured: Iterator[tuple[float, float]]) -> float:
    """Ours over the bare libraries', the median of the rounds."""
    return statistics.median(ours / bare for bare, ours in measured)


def added(times: int) -> float:
    """Microseconds that a small payload's encode and decode take beyond dumps and loads."""
    seconds = statistics.median(ours - bare for bare, ours in both(SMALL, times))
    return seconds / times / len(SMALL) * 1e6


def packed_ratio(times: int) -> float:
    """The same of msgpack compressed by zlib, beside the bare libraries."""
    bare, ours = bare_packed(ROWS), codec.encode(ROWS, coding="msgpack")
    assert bare_unpacked(bare) == codec.decode(ours) == ROWS
    assert '"zlib"' in ours
    steps: list[tuple[Callable[[Any], Any], list[Any]]] = [
        (bare_packed, [ROWS]),
        (bare_unpacked, [bare]),
        (lambda value: codec.encode(value, coding="msgpack"), [ROWS]),
        (codec.decode, [ours]),
    ]
    return ratio(rounds(steps, times))


def bare_packed(value: Any) -> str:
    """What it comes to without an envelope and without a look at the value."""
    return base64.b64encode(zlib.compress(msgpack.packb(value))).decode()


def bare_unpacked(text: str) -> Any:
    """The value again."""
    return msgpack.unpackb(zlib.decompress(base64.b64decode(text)))


@contextmanager
def without_orjson() -> Iterator[None]:
    """As where it is not installed."""
    kept = json_orjson.read, json_orjson.vouches
    json_orjson.read = json_orjson.vouches = None
    try:
        yield
    finally:
        json_orjson.read, json_orjson.vouches = kept


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
        "codec", f"encode + decode over json.dumps + json.loads, CPU time, median of {ROUNDS} short rounds"
    )
    with without_orjson():
        for name, values, times, bar in documents():
            table.row(name, ratio(both(values, times)), "×", bar=bar)
        table.row("small payloads: added", added(100), "µs", bar=3)
    if json_orjson.read is None:
        table.note("orjson is not installed: pip install 'pyflow-swf[orjson]'")
    else:
        for name, values, times, bar in documents():
            table.row(f"{name}, with orjson", ratio(both(values, times)), "×", bar=bar and 1.0)
        table.row("small payloads: added, with orjson", added(100), "µs", bar=3)
    table.row("32 KB in msgpack and zlib", packed_ratio(2), "×", bar=2)
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
