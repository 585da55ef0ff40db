"""Reading a file of orders: every part checked, and one sentence with the path for the first that is wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pricing import DIGITS

from show import fields
from show.fields import OrdersFileError, exactly, listed, quoted

MOST_ORDERS = 500
MOST_ITEMS = 20
LARGEST_ID = 2**63 - 1  # what Java holds in a long

ITEM = {"name": fields.name, "quantity": fields.quantity, "price": fields.price}
CUSTOMER = {"name": fields.name, "country": fields.country}
ATTACHMENT = {"media_type": fields.media_type, "data": fields.base64_bytes}


@dataclass(frozen=True)
class Order:
    """One order. input: what the workflow is given; expect: the result it must have, None where none is stated."""

    id: int
    name: str
    input: dict[str, Any]
    expect: dict[str, Any] | None


def read_orders(path: Path) -> list[Order]:
    """The orders of a file, as README.md defines it. Raises OrdersFileError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise OrdersFileError(
            f"{path} does not exist: give a file as examples/orders/orders.json is one"
        ) from None
    except UnicodeDecodeError as error:
        raise OrdersFileError(f"{path} is not UTF-8 at byte {error.start}: save it as UTF-8") from None
    except OSError as error:
        raise OrdersFileError(f"{path} can't be read: {error.strerror}") from None
    try:
        return orders_of(_json(text))
    except OrdersFileError as error:
        raise OrdersFileError(f"{path}: {error}") from None


def orders_of(document: Any) -> list[Order]:
    """The orders of a document. Raises OrdersFileError with the path of the part that is wrong."""
    found = exactly(document, "the file", {"orders": listed(1, MOST_ORDERS, _order)})["orders"]
    first: dict[int, int] = {}
    for index, order in enumerate(found):
        if order.id in first:
            raise OrdersFileError(
                f"orders[{index}].id is {order.id}, as is orders[{first[order.id]}].id: ids differ"
            )
        first[order.id] = index
    return list(found)


def _order(value: Any, path: str) -> Order:
    order = exactly(
        value,
        path,
        {
            "id": fields.integer(1, LARGEST_ID),
            "customer": lambda customer, at: exactly(customer, at, CUSTOMER),
            "currency": fields.one_of(DIGITS),
            "items": listed(1, MOST_ITEMS, lambda item, at: exactly(item, at, ITEM)),
            "card": fields.test_card,
        },
        {
            "attachment": lambda attachment, at: exactly(attachment, at, ATTACHMENT),
            "expect": fields.json_object,
        },
    )
    digits = DIGITS[order["currency"]]
    for index, item in enumerate(order["items"]):
        if len(item["price"].partition(".")[2]) > digits:
            raise OrdersFileError(
                f"{path}.items[{index}].price is {quoted(item['price'])}:"
                f" {order['currency']} has {digits or 'no'} digits after the point"
            )
    expect = order.pop("expect", None)
    return Order(order["id"], order["customer"]["name"], order, expect)


def _json(text: str) -> Any:
    """A JSON text, read strictly: no key twice, no NaN."""
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise OrdersFileError(
            f"not JSON at line {error.lineno}, column {error.colno}: {error.msg[:1].lower()}{error.msg[1:]}"
        ) from None
    except RecursionError:
        raise OrdersFileError("not a file of orders: it is nested too deep") from None
    except ValueError:
        raise OrdersFileError("not a file of orders: it has a number of thousands of digits") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise OrdersFileError(f"the key {quoted(twice)} occurs twice in one object")
    return found


def _no_number(name: str) -> Any:
    raise OrdersFileError(f"not JSON: it has no {name}")
