"""Driving a service's clock: time passes deadline by deadline, each acted on at its own time."""

from __future__ import annotations

from pyflow.local.service.clock import Settable
from pyflow.local.service.service import Service


def advance(service: Service, clock: Settable, milliseconds: int) -> None:
    """Let so much time pass."""
    target = clock.now() + milliseconds
    while (due := service.store.next_due()) is not None and due <= target:
        _settle_at(service, clock, due)
    clock.set(target)
    _sweep(service)


def advance_to_next(service: Service, clock: Settable) -> int | None:
    """Let time pass until the next deadline and act on it: how long that was, in ms, or None without one."""
    before = clock.now()
    due = service.store.next_due()
    if due is None:
        return None
    _settle_at(service, clock, due)
    return clock.now() - before


def _settle_at(service: Service, clock: Settable, due: int) -> None:
    clock.set(due)
    service.begin()


def _sweep(service: Service) -> None:
    while service.sweep():
        pass
