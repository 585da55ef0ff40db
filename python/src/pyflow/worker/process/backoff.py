"""How long to leave SWF in peace after an error."""

from __future__ import annotations

import random
from collections.abc import Callable

FIRST = 0.1  # seconds
LONGEST = 30.0


class Backoff:
    """Delays with full jitter under a bound that doubles from 0.1 s to 30 s, until a success resets it.

    Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
    """

    def __init__(self, jitter: Callable[[float, float], float] = random.uniform) -> None:
        self._jitter = jitter
        self.failures = 0

    def failed(self) -> float:
        """Counts a failure; the seconds to wait before the next try."""
        bound = min(LONGEST, FIRST * 2.0 ** min(self.failures, 20))
        self.failures += 1
        return self._jitter(0.0, bound)

    def succeeded(self) -> None:
        """Forgets the failures."""
        self.failures = 0
