"""Waiting after a refusal that passes by itself: a rate, or a number of open things, was exceeded.

Source: protocol/history.md, "Answers".
"""

from __future__ import annotations

from collections.abc import Callable

from pyflow.decider.asking import Asking
from pyflow.decider.dice import dice
from pyflow.decider.future import Future
from pyflow.decider.outbox import Outbox
from pyflow.history.kinds import Kind
from pyflow.history.reserved import PACE

LONGEST = 60  # seconds


def passes(cause: str | None) -> bool:
    """Whether SWF may take the same decision later."""
    if cause is None:
        return False
    return cause.endswith("RATE_EXCEEDED") or (cause.startswith("OPEN_") and cause.endswith("LIMIT_EXCEEDED"))


def seconds(refusals: int, jitter: float) -> int:
    """How long to wait after so many refusals in a row: 1 s doubling to 60 s, and up to half of that. jitter: 0 to 1."""
    bound: int = min(LONGEST, 2 ** min(refusals - 1, 10))
    return bound + round(jitter * bound / 2)


def hold(execution: Asking, outbox: Outbox, kind: Kind) -> None:
    """Lets a kind wait, unless it does already."""
    if kind in outbox.paced:
        return
    outbox.paced[kind] = None
    outbox.refusals[kind] = outbox.refusals.get(kind, 0) + 1
    then(execution, lambda: outbox.paced.pop(kind, None), outbox.refusals[kind])


def then(execution: Asking, let_go: Callable[[], object], refusals: int = 1) -> None:
    """Calls it when a timer of that pace has fired."""
    own_id = execution.count(PACE)
    jitter = dice(execution.run.run_id, own_id).random()
    timer = execution.timer(own_id, seconds(refusals, jitter))

    def fired(timer: Future) -> None:
        let_go()

    timer.listener = fired
