"""Waiting, as workflow code asks for it."""

from __future__ import annotations

from pyflow.decider.future import Future
from pyflow.errors import WaitTimedOutException
from pyflow.flow import waiting
from pyflow.flow.steps import Steps
from pyflow.flow.waiting import Futures


class Waits(Steps):
    """For all of several futures or for one, with or without a limit of time."""

    def wait_for_all(self, *futures: Futures) -> list[Future]:
        """Waits until all futures are done; returns them in the order they finished. Takes lists too."""
        return waiting.wait_for_all(self._execution, waiting.flat(futures))

    def wait_for_any(self, *futures: Futures) -> list[Future]:
        """Waits until one future at least is done; returns those done, in the order they finished. Takes lists too."""
        return waiting.wait_for_any(self._execution, waiting.flat(futures))

    def timed_wait_for_all(self, timeout: float, *futures: Futures) -> list[Future]:
        """Waits as wait_for_all does, for so many whole seconds at most; then WaitTimedOutException."""
        return self._timed(waiting.all_or_timer, timeout, waiting.flat(futures))

    def timed_wait_for_any(self, timeout: float, *futures: Futures) -> list[Future]:
        """Waits as wait_for_any does, for so many whole seconds at most; then WaitTimedOutException."""
        return self._timed(waiting.any_or_timer, timeout, waiting.flat(futures))

    def _timed(self, race: waiting.Race, timeout: float, futures: list[Future]) -> list[Future]:
        timer = self.start_timer(timeout)
        if not race(self._execution, timer, futures):
            open_ones = ", ".join(future.invocation_id for future in futures if not future.done)
            raise WaitTimedOutException(f"not done within {timeout} seconds: {open_ones}")
        if not timer.done:
            timer.cancel()
        return waiting.finished(futures)
