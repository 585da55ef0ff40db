"""A history holds 25,000 events: the one that would be more terminates the run instead."""

from __future__ import annotations

from pyflow.local.engine.accept.closing import CLOSING, terminate
from pyflow.local.engine.limits import EVENTS
from pyflow.local.engine.records import Event, Records
from pyflow.local.engine.run import Run


def within_limit(run: Run, records: Records, now: int) -> Records:
    """The records, or as many as fit and the termination; a close is let through."""
    for record in records:
        if isinstance(record, Event) and record.id > EVENTS and record.type not in CLOSING:
            yield from terminate(run, "EVENT_LIMIT_EXCEEDED", now, {})
            return
        yield record
