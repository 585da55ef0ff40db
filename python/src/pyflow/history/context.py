"""The execution context that a decider leaves with its answers: protocol/history.md, "The execution context". Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass

BEHAVIOUR = 1
"""The version of the rules in protocol/history.md by which runs that begin now are replayed."""


@dataclass(frozen=True)
class Context:
    """behaviour: the run's stamp, None without one; state: payload text; void: the answer parked the run.

    reason and since (RFC 3339) say why and since when a run is parked.
    """

    behaviour: int | None = None
    state: str | None = None
    void: bool = False
    reason: str | None = None
    since: str | None = None

    def text(self) -> str | None:
        """As SWF holds it; None where there is nothing to say."""
        said = {
            "behaviour": self.behaviour,
            "state": self.state,
            "void": self.void or None,
            "reason": self.reason,
            "since": self.since,
        }
        said = {key: value for key, value in said.items() if value is not None}
        if not said:
            return None
        return json.dumps({"$pyflow": 1, **said}, ensure_ascii=False, separators=(",", ":"))


NOTHING = Context()
EMPTY = '{"$pyflow":1}'
"""Says nothing, in place of a text that says a run is parked, or in what state it was."""


def read_context(text: str | None) -> Context:
    """What a text says; NOTHING where it is absent or somebody else's."""
    if not text or not text.startswith("{"):
        return NOTHING
    try:
        tree = json.loads(text)
    except ValueError:
        return NOTHING
    if type(tree) is not dict or tree.get("$pyflow") != 1:
        return NOTHING
    behaviour, state, reason, since = (tree.get(key) for key in ("behaviour", "state", "reason", "since"))
    return Context(
        behaviour if type(behaviour) is int else None,
        state if isinstance(state, str) else None,
        tree.get("void") is True,
        reason if isinstance(reason, str) else None,
        since if isinstance(since, str) else None,
    )
