"""Clocks that go by themselves."""

from __future__ import annotations

from pyflow.local.service.clock import VirtualClock, WallClock

DAY = 24 * 3600 * 1000


def test_a_virtual_clock_is_the_walls_and_what_was_skipped() -> None:
    wall, clock = WallClock(), VirtualClock()
    before = wall.now()
    assert before <= clock.now() <= wall.now()
    clock.set(before + 30 * DAY)
    now = clock.now()
    assert before + 30 * DAY <= now
    clock.set(before)
    assert clock.now() >= now
    assert clock.now() <= wall.now() + 30 * DAY
