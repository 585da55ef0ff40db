"""Pages: how many, where the last one ended, and the token for the next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyflow.local.engine.records import Request
from pyflow.local.service.service import Service

LARGEST = 1000
RESPONSE_BUDGET = 1_000_000
"""Characters of events in one answer; a page may be shorter than asked for (Amazon SWF API)."""


def size(request: Request) -> int:
    """maximumPageSize, whose absence and 0 mean the largest."""
    return request.get("maximumPageSize") or LARGEST


def sliced(
    service: Service, operation: str, request: Request, things: list[Any], keys: list[Any], now: int
) -> tuple[list[Any], dict[str, str]]:
    """One page of `things`, all of them in order, and the member that leads to the next.

    keys: what identifies each thing; the next page starts behind the last key, wherever that then is.
    """
    last = service.tokens.read_page(operation, request, now)
    begin = 0
    if last is not None:
        last = tuple(last)
        reverse = bool(request.get("reverseOrder"))
        begin = sum(1 for key in keys if (key >= last if reverse else key <= last))
    end = begin + size(request)
    if end >= len(things):
        return things[begin:], {}
    return things[begin:end], {"nextPageToken": service.tokens.page(operation, request, keys[end - 1], now)}


def event_page(
    service: Service, run: int, span: tuple[int, int], reverse: bool, limit: int
) -> tuple[list[str], int | None]:
    """Events of a run from span's first to its last, as JSON texts, and where the next page begins."""
    texts: list[str] = []
    budget = RESPONSE_BUDGET
    rows: Iterable[tuple[int, str]] = service.store.texts(run, span[0], span[1], reverse, limit + 1)
    for event_id, text in rows:
        if len(texts) == limit or (texts and len(text) > budget):
            return texts, event_id
        texts.append(text)
        budget -= len(text)
    return texts, None
