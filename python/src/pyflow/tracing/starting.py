"""The input with which a client starts a run from within a span. OpenTelemetry is asked only where it is loaded."""

from __future__ import annotations

import sys
from typing import Any

from pyflow.codec.codings.json_read import parse
from pyflow.codec.codings.json_write import write_compact
from pyflow.codec.model.limits import DATA_LIMIT, HEADERS_LIMIT, units
from pyflow.codec.payloads.envelope import MARK
from pyflow.errors import PayloadException
from pyflow.tracing.headers import NAMES


def with_current_span(text: str | None) -> str | None:
    """The input, with W3C's headers of the active span if it is an envelope that has none and they fit; else as it is."""
    if not text or MARK not in text or "opentelemetry.trace" not in sys.modules:
        return text
    tree = _envelope(text)
    if tree is None or any(name in tree.get("h", {}) for name in NAMES):
        return text
    from pyflow.tracing.opentelemetry import current_headers

    found = current_headers()
    if not found:
        return text
    tree["h"] = {**tree.get("h", {}), **found}
    written = write_compact(tree)
    return (
        written if units(written) <= DATA_LIMIT and units(write_compact(tree["h"])) <= HEADERS_LIMIT else text
    )


def without_span(text: str | None) -> str | None:
    """The input without these headers: two starts that differ only in them are the same."""
    if not text or MARK not in text:
        return text
    tree = _envelope(text)
    if tree is None or not any(name in tree.get("h", {}) for name in NAMES):
        return text
    headers = {name: value for name, value in tree.pop("h").items() if name not in NAMES}
    return write_compact({**tree, "h": headers} if headers else tree)


def _envelope(text: str) -> dict[str, Any] | None:
    try:
        tree = parse(text)
    except PayloadException:
        return None
    if type(tree) is not dict or MARK not in tree or type(tree.get("h", {})) is not dict:
        return None
    return tree
