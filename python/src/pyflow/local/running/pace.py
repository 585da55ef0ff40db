"""How long what the loop does by itself waits, in seconds."""

from __future__ import annotations

LONGEST_SLEEP = 3600.0
"""Between looks at the clock: a machine that slept finds out by the next one at the latest."""

RETRY = 1.0
"""After the database took no change, as when the disk is full."""

BETWEEN_BITES = 0.002
"""Of the sweep, so that requests need not wait for it."""
