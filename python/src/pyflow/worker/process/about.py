"""What the work of a thread is about, for whoever logs meanwhile: ids by the keys of structured logs."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextvars import ContextVar

KEYS = ("workflow_id", "run_id", "activity_id", "activity", "version", "task_list")
"""In their order."""

_about: ContextVar[Mapping[str, str]] = ContextVar("pyflow_about")


class about:
    """What is logged in the block is about these; also on an event loop that the block hands a coroutine to."""

    __slots__ = ("_ids", "_token")

    def __init__(self, ids: Mapping[str, str]) -> None:
        self._ids = ids

    def __enter__(self) -> None:
        self._token = _about.set(self._ids)

    def __exit__(self, *raised: object) -> None:
        _about.reset(self._token)


def about_of(record: logging.LogRecord) -> Mapping[str, str]:
    """What a record is about: what it says itself, in `extra={"about": …}` or by an id's own name, else the block's."""
    own = getattr(record, "about", None) or _about.get({})
    return {**own, **{key: getattr(record, key) for key in KEYS if hasattr(record, key)}}
