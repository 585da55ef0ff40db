"""A decision task's payloads opened before it is decided, in the thread that polled it: what is in a store is fetched."""

from __future__ import annotations

from dataclasses import replace

from pyflow.errors import DeciderException
from pyflow.stores.decisions import open_events
from pyflow.stores.payloads import Payloads
from pyflow.swf.decision_client import DecisionTask


def opened(task: DecisionTask, payloads: Payloads) -> DecisionTask:
    """The task as a decider without keys and stores reads it, or with the reason why it can't be read here."""
    if payloads.plain:
        return task
    try:
        return replace(task, events=open_events(task.events, payloads))
    except DeciderException as error:
        return replace(task, unreadable=str(error))
