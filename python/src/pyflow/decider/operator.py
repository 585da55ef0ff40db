"""Orders of operators to one run: which were taken, and whether the run is paused.

A marker says that an order was taken; on replay it alone does. Source: protocol/history.md, "Operators".
"""

from __future__ import annotations

import logging

from pyflow import codec
from pyflow.codec import Order
from pyflow.decider.asked import Asked
from pyflow.decider.operator_effects import EFFECTS, Ordered
from pyflow.decider.record import Record
from pyflow.errors import PyflowException
from pyflow.history.kinds import MARKER
from pyflow.history.reserved import OPERATOR

logger = logging.getLogger("pyflow")


class Operators:
    """What operators ordered. key: by which orders are signed; None takes none that no marker says was taken."""

    __slots__ = ("_heard", "_key", "_nonces", "paused")

    def __init__(self, key: bytes | None = None) -> None:
        self.paused = False
        """Whether the run's code stands still."""
        if key is not None and not (isinstance(key, bytes) and key):
            raise PyflowException(
                "an operator key is one byte or more, and as bytes: leave it out to take no orders"
            )
        self._key = key
        self._heard: tuple[str | None, ...] = ()
        self._nonces: frozenset[str] = frozenset()

    def hear(self, document: str | None) -> None:
        """A signal of theirs has come; it is taken or ignored when all other news of the turn was applied."""
        self._heard = (*self._heard, document)

    def obey(self, execution: Ordered, record: Record | None) -> None:
        """Takes what was heard in this turn, in its order. record: of the turn, where it is replayed."""
        heard, self._heard = self._heard, ()
        for document in heard:
            order = self._valid(document, execution.run.run_id, record)
            said = logger.warning if record is None else logger.debug
            if order is None:
                said("%s ignores an operator's order: %s", execution.run.workflow_id, self._why())
                continue
            if order.nonce in self._nonces:
                said("%s ignores an operator's order: %s was taken", execution.run.workflow_id, order.nonce)
                continue
            self._nonces |= {order.nonce}
            attributes = {"markerName": marker_name(order), "details": document}
            execution.ask_first(Asked(MARKER, attributes))
            self._take(execution, order, quiet=record is not None)

    def _valid(self, document: str | None, run_id: str, record: Record | None) -> Order | None:
        """The order in a document, if it is to be obeyed."""
        if record is None:
            return codec.verify_order(document, self._key, run_id) if self._key else None
        order = codec.read_order(document)
        return order if order is not None and _was_taken(order, document, record) else None

    def _why(self) -> str:
        return "its signature is wrong, or it is unreadable" if self._key else "there is no operator key here"

    def _take(self, execution: Ordered, order: Order, *, quiet: bool) -> None:
        if order.target is None:
            self.paused = order.operation == "pause"
            no_effect = None
        else:
            no_effect = EFFECTS[order.operation](execution, order)
        if not quiet:
            logger.info(
                "%s took the order %s of %s: %s%s",
                execution.run.workflow_id,
                order.nonce,
                order.by,
                " ".join(part for part in (order.operation, order.target) if part),
                f", without effect: {no_effect}" if no_effect else "",
            )


def marker_name(order: Order) -> str:
    """Of the marker that says that an order was taken."""
    return f"{OPERATOR}.{order.nonce}"


def _was_taken(order: Order, document: str | None, record: Record) -> bool:
    """Whether the turn's answer says so: by the very document, since a nonce alone can be copied."""
    name = marker_name(order)
    marker, _ = record.marker(name)
    return marker.get("details") == document if marker is not None else record.refused_marker(name)
