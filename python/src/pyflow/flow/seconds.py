"""Durations as SWF takes them."""

from __future__ import annotations

from pyflow.errors import InvocationException


def whole_seconds(seconds: float) -> str:
    """Seconds as SWF takes them. Raises InvocationException outside of 0 to 99 999 999, or for a fraction."""
    if isinstance(seconds, bool) or seconds != int(seconds) or not 0 <= seconds <= 99_999_999:
        raise InvocationException(
            f"a timer takes whole seconds from 0 to 99999999, not {seconds!r}: round it up"
        )
    return str(int(seconds))
