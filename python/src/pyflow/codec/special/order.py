"""What an operator orders a run's decider to do, signed (protocol/history.md#operator). Pure: the nonce is given."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from json import dumps
from typing import Any, NamedTuple

from pyflow.codec.codings.json_read import parse
from pyflow.codec.codings.json_write import write_compact
from pyflow.codec.model.limits import DATA_LIMIT, REASON_LIMIT, units
from pyflow.codec.model.shown import shown
from pyflow.codec.model.values import settle
from pyflow.codec.payloads.encoding import too_large
from pyflow.errors import PayloadDecodeError, PayloadEncodeError

_NONCE = re.compile(r"[A-Za-z0-9-]{8,64}")
_LINE = re.compile(r"[^\x00-\x1f\x7f]{1,256}")


@dataclass(frozen=True)
class Order:
    """One order, an entry of OPERATIONS. by: who asks; nonce: 8 to 64 of `[A-Za-z0-9-]`, by which a repeat is known.

    target: the id of an activity, child, lambda function or timer. value: of a `result` its payload text, of a
    `failure` an object of the texts `reason` and, perhaps, `details`; else None.
    """

    operation: str
    by: str
    nonce: str
    target: str | None = None
    value: str | dict[str, str] | None = None


class Operation(NamedTuple):
    """What an operation needs beside its name. takes: the value, in words."""

    has_target: bool
    fits: Callable[[Any], bool]
    takes: str


def _nothing(value: Any) -> bool:
    return value is None


def _payload(value: Any) -> bool:
    return isinstance(value, str)


def _failure(value: Any) -> bool:
    if type(value) is not dict or not {"reason"} <= value.keys() <= {"reason", "details"}:
        return False
    return all(isinstance(text, str) for text in value.values()) and units(value["reason"]) <= REASON_LIMIT


OPERATIONS = {
    "retry": Operation(True, _nothing, "no value"),
    "result": Operation(True, _payload, "a value, the result as payload text"),
    "failure": Operation(
        True, _failure, "a value, an object of texts: reason, of at most 256 characters, and perhaps details"
    ),
    "pause": Operation(False, _nothing, "no value"),
    "resume": Operation(False, _nothing, "no value"),
}


def encode_order(order: Order, key: bytes, run_id: str) -> str:
    """The input of the signal `pyflow.operator` that gives the order to that run.

    Raises PayloadEncodeError, which says what is wrong with the order, or PayloadTooLarge.
    """
    wrong = _wrong(order)
    if wrong is not None:
        raise PayloadEncodeError(f"no such order can be given: {wrong}")
    settled, _ = settle(_parts(order), "operator's order")
    text = write_compact({**settled, "mac": _mac(order, key, run_id)})
    if units(text) > DATA_LIMIT:
        raise too_large("operator's order", units(text), DATA_LIMIT)
    return text


def verify_order(document: str | None, key: bytes, run_id: str) -> Order | None:
    """The order in a signal's input; None where it is unreadable, or not signed by that key for that run.

    Whether its nonce was seen before is for the caller to know.
    """
    from hmac import compare_digest

    read = _read(document)
    if read is None:
        return None
    order, mac = read
    return order if compare_digest(mac.encode(), _mac(order, key, run_id).encode()) else None


def read_order(document: str | None) -> Order | None:
    """The order in a document, whoever signed it: for one that a marker says was taken; None for an unreadable one."""
    read = _read(document)
    return read[0] if read is not None else None


def _read(document: str | None) -> tuple[Order, str] | None:
    """An order that could be given, and its signature."""
    try:
        tree = parse(document or "")
    except PayloadDecodeError:
        return None
    if type(tree) is not dict or not isinstance(tree.get("mac"), str):
        return None
    parts: list[Any] = [tree.get(name) for name in ("operation", "by", "nonce", "target", "value")]
    order = Order(*parts)
    return (order, tree["mac"]) if _wrong(order) is None else None


def _wrong(order: Order) -> str | None:
    """What is wrong with an order, in words; None for a right one. Its parts may have any type."""
    operation = OPERATIONS.get(order.operation) if isinstance(order.operation, str) else None
    if operation is None:
        return f"the operation is {shown(order.operation)}, and there are {', '.join(OPERATIONS)}"
    if not _matches(_LINE, order.by):
        return f"it is by {shown(order.by)}, which is no line of 1 to 256 characters"
    if not _matches(_NONCE, order.nonce):
        return f"the nonce {shown(order.nonce)} must match {_NONCE.pattern}"
    if operation.has_target and not _matches(_LINE, order.target):
        return f"{order.operation} needs a target, such as activity3, and has {shown(order.target)}"
    if not operation.has_target and order.target is not None:
        return f"{order.operation} is about the whole run, and takes no target"
    if not operation.fits(order.value):
        return f"{order.operation} takes {operation.takes}"
    return None


def _matches(pattern: re.Pattern[str], text: Any) -> bool:
    return isinstance(text, str) and pattern.fullmatch(text) is not None


def _parts(order: Order) -> dict[str, Any]:
    """The document without its signature; what is absent is left out."""
    parts = {
        "operation": order.operation,
        "target": order.target,
        "value": order.value,
        "by": order.by,
        "nonce": order.nonce,
    }
    return {name: part for name, part in parts.items() if part is not None}


def _mac(order: Order, key: bytes, run_id: str) -> str:
    """The signature. No part can hold the NUL that joins them, so no two orders are signed alike."""
    import hmac

    value = order.value
    if isinstance(value, dict):
        value = {name: value[name] for name in ("reason", "details") if name in value}
    text = "" if value is None else dumps(value, separators=(",", ":"))
    joined = "\0".join((run_id, order.operation, order.target or "", text, order.by, order.nonce))
    return hmac.new(key, joined.encode(), "sha256").hexdigest()
