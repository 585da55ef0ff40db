"""What cancels and pacing need of a run's execution."""

from __future__ import annotations

from typing import Protocol

from pyflow.decider.asked import Asked
from pyflow.decider.future import Future
from pyflow.decider.outcome import Outcome
from pyflow.decider.site import Site
from pyflow.history.event import Run


class Asking(Protocol):
    """An execution, seen from the rules that ask SWF for something on its behalf."""

    @property
    def run(self) -> Run:
        """Which run it is."""

    def site(self) -> Site | None:
        """Where in the workflow's code it is; None outside of it."""

    def ask(self, asked: Asked) -> None:
        """Adds a decision to the answer of this turn."""

    def timer(self, own_id: str, seconds: int) -> Future:
        """Starts a timer of the runtime's."""

    def count(self, name: str) -> str:
        """The next of the runtime's own timers of that name."""

    def settle(self, future: Future, outcome: Outcome) -> None:
        """Gives a future its outcome."""

    def withdraw(self, future: Future) -> bool:
        """Takes back a decision that was not sent."""
