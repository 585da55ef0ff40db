"""A decision as the code asks for it."""

from __future__ import annotations

from typing import Any

from pyflow.decider.future import Future
from pyflow.decider.site import Site
from pyflow.history.kinds import Kind, describe
from pyflow.history.reserved import is_reserved


class Asked:
    """What goes to SWF, and the future that waits for its answer, if one does."""

    __slots__ = ("attributes", "future", "kind", "site")

    def __init__(
        self,
        kind: Kind,
        attributes: dict[str, Any],
        future: Future | None = None,
        site: Site | None = None,
    ) -> None:
        self.kind = kind
        self.attributes = attributes
        self.future = future
        self.site = site
        """Where in the author's code; None for what the runtime asks by itself."""

    @property
    def reserved(self) -> bool:
        """Whether it is the runtime's own."""
        return self.kind.reservable and is_reserved(self.attributes.get(self.kind.id))

    def decision(self) -> dict[str, Any]:
        """The decision as SWF's API takes it."""
        return {"decisionType": self.kind.decision, self.kind.attributes: self.attributes}

    def __str__(self) -> str:
        return name_of(self.kind, self.attributes)


def name_of(kind: Kind, attributes: dict[str, Any]) -> str:
    """How messages name a decision or its answer: `activity3 (resize 2.0)`, `timer sleep1`."""
    own_id = str(attributes.get(kind.id, "")) if kind.id else ""
    target = describe(attributes.get(kind.target)) if kind.target and kind.target != kind.id else ""
    if not own_id:
        return kind.word
    return f"{own_id} ({target})" if target else f"{kind.word} {own_id}"
