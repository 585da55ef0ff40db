"""Writing payloads: a value becomes the string of an SWF field, in the first form that fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyflow.codec.codings import plain
from pyflow.codec.codings.json_write import write_compact
from pyflow.codec.model.limits import DATA_LIMIT, HEARTBEAT_LIMIT, units
from pyflow.codec.model.refusals import refusal
from pyflow.errors import PayloadException

from .envelope import MARK, VERSION
from .forms import Coding, Writing, Written
from .transforms import Codecs


def encode(
    value: object,
    *,
    what: str = "payload",
    limit: int = DATA_LIMIT,
    coding: Coding = "auto",
    headers: Mapping[str, Any] | None = None,
    id: str | None = None,
    codecs: Codecs | None = None,
    context: Any = None,
) -> str:
    """`value` as the text of an SWF field: plain JSON, byte for byte json.dumps's, wherever that is possible.

    what: names the value in errors, as `input of activity3`. limit: of the field, in UTF-16 units.
    coding: force one. headers, id: sent along, in an envelope; only to who speaks the contract.
    codecs: the user's, applied in their order, each called with `context`.
    Raises PayloadEncodeError for a value outside the model, PayloadTooLarge when no form fits.
    """
    if coding == "auto" and headers is None and id is None and not codecs:
        text = _bare(value, what, limit)
        if text is not None:
            return text
    return _first_form(Writing(value, what, coding, headers, id, codecs or {}, context), what, limit).text


def write_payload(
    value: object,
    *,
    store: str | None = None,
    what: str = "payload",
    limit: int = DATA_LIMIT,
    coding: Coding = "auto",
    headers: Mapping[str, Any] | None = None,
    id: str | None = None,
    codecs: Codecs | None = None,
    context: Any = None,
) -> Written:
    """As `encode`, and what fits in no form becomes a claim check on `store`, if that is given.

    Nothing is stored here: whoever sends the text stores the bytes first.
    """
    if coding == "auto" and headers is None and id is None and not codecs:
        text = _bare(value, what, limit)
        if text is not None:
            return Written(text)
    return _first_form(Writing(value, what, coding, headers, id, codecs or {}, context), what, limit, store)


def _first_form(writing: Writing, what: str, limit: int, store: str | None = None) -> Written:
    text = writing.first_of_at_most(limit)
    if text is not None:
        return Written(text)
    claimed = None if store is None else writing.claimed(store)
    if claimed is None or units(claimed.text) > limit:
        raise too_large(what, writing.size, limit)
    return claimed


def _bare(value: object, what: str, limit: int) -> str | None:
    """The plain text, if the value has one that fits: the common case, without a `Writing`."""
    text = plain.encode(value, what)
    if text is not None and len(text) <= limit and not (isinstance(value, dict) and MARK in value):
        return text
    return None


def encode_heartbeat(value: object, *, codecs: Codecs | None = None, context: Any = None) -> str | None:
    """The details of a heartbeat, at most 2,048 units: None for None, and a note of the length if no form fits.

    Never a claim check. Raises PayloadEncodeError for a value outside the model, never for its size.
    """
    if value is None:
        return None
    written = Writing(value, "heartbeat", "auto", None, None, codecs or {}, context)
    text = written.first_of_at_most(HEARTBEAT_LIMIT)
    if text is None:
        return write_compact({MARK: VERSION, "enc": "json", "value": None, "dropped": written.shortest})
    return text


def too_large(what: str, length: int, limit: int) -> PayloadException:
    """The error of a value that no form makes short enough."""
    return refusal("too-large", what=what, size=length, limit=limit)
