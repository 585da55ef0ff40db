"""The Python activities: they keep what an order leaves behind as files, one folder for each order."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyflow

FOLDER = "ORDERS_RECEIPTS"  # the environment variable that says where; else the machine's temporary folder


@pyflow.activity(version="1.0", task_list="receipts", start_to_close_timeout=30)
def store_receipt(
    *, order: int, invoice: str, document: bytes, charge: str, total: Decimal, currency: str, paid: datetime
) -> str:
    """Writes the receipt and the invoice; returns the receipt's path below the folder.

    Doing it twice leaves the same files, so SWF may well have it done again.
    """
    receipt = {
        "order": order,
        "invoice": invoice,
        "charge": charge,
        "total": str(total),
        "currency": currency,
        "paid": paid.isoformat(timespec="seconds"),
    }
    _write(order, "invoice.html", document)
    return _write(order, "receipt.json", json.dumps(receipt, indent=2).encode())


@pyflow.activity(version="1.0", task_list="receipts", start_to_close_timeout=30)
def store_label(*, order: int, name: str, carrier: str, tracking: str) -> str:
    """Writes the parcel's label; returns its path below the folder."""
    return _write(order, "label.txt", f"{name}\n{carrier}\n{tracking}\n".encode())


def folder() -> Path:
    """Where the files are kept."""
    return Path(os.environ.get(FOLDER) or Path(tempfile.gettempdir(), "pyflow-orders"))


def _write(order: int, name: str, content: bytes) -> str:
    """Puts a file in place in one step, so that nobody ever reads half of it."""
    place = folder() / str(order)
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place, delete=False) as file:
        file.write(content)
    Path(file.name).replace(place / name)
    return f"{order}/{name}"
