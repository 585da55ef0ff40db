"""Who brings the parcel. The table is a file that somebody may change while orders are on their way."""

from __future__ import annotations

import json
from pathlib import Path

TABLE = Path(__file__).with_name("carriers.json")


def pick(country: str) -> dict[str, str]:
    """The carrier for the country as the table says now: an effect, so workflows call it by `invoke_once`."""
    table: dict[str, dict[str, str]] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table.get(country, table["*"])


def tracking_number(code: str, order: int) -> str:
    """Carrier, order and a check digit. Pure, so workflows call it as it is.

    The digit is Luhn's, as on payment cards: one wrong or swapped digit makes the number invalid.
    """
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(str(order)))]
    return f"{code}{order}{-sum(each // 10 + each % 10 for each in doubled) % 10}"
