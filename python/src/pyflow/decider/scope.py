"""What is canceled together. Every fiber and every future belongs to the scope in which it was made."""

from __future__ import annotations

from collections.abc import Iterator


class Scope:
    """A block of a workflow's code, or a fiber, with the scopes inside it. None stands for the whole run.

    shield: cancels from outside don't reach in.
    """

    __slots__ = ("canceled", "parent", "shield")

    def __init__(self, parent: Scope | None, *, shield: bool = False) -> None:
        self.parent = parent
        self.shield = shield
        self.canceled = False


def _outwards(scope: Scope | None) -> Iterator[Scope]:
    while scope is not None:
        yield scope
        scope = scope.parent


def is_inside(scope: Scope | None, outer: Scope | None) -> bool:
    """Whether a scope is that one, or lies in it, behind shields or not."""
    return outer is None or any(each is outer for each in _outwards(scope))


def is_reached(scope: Scope | None, canceled: Scope | None) -> bool:
    """Whether a cancel of the outer scope reaches this one: it lies inside, with no shield in between."""
    for each in _outwards(scope):
        if each is canceled:
            return True
        if each.shield:
            return False
    return canceled is None
