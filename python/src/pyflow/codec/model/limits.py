"""The numbers of the contract, and how the length of a text is counted."""

from __future__ import annotations

DATA_LIMIT = 32_768
"""Units in an input, a result, details and most other fields of SWF."""

REASON_LIMIT = 256
"""Units in the reason of a failure."""

HEARTBEAT_LIMIT = 2_048
"""Units in the details of a heartbeat."""

HEADERS_LIMIT = 4_096
"""Units in the headers of one envelope, as JSON."""

MAX_DEPTH = 64
"""Containers inside each other."""

MAX_NESTING = 256
"""Brackets inside each other in a JSON text, whatever they mean: a value of 64 levels with all its tags takes fewer."""

MAX_SIZE = 2**53 - 1
"""Bytes that a claim check may speak of."""

MAX_RETRY_AFTER = 1_000_000_000
"""Seconds."""

MAX_DIGITS = 1_000
"""Decimal digits of an integer, and of a decimal's coefficient."""

MAX_EXPONENT = 6_144
"""Of a decimal, either sign, once trailing zeros are taken off."""

MAX_DECODED_BYTES = 16 * 1024 * 1024
"""Bytes that a reader lets a codec make."""

MAX_VALUES = 1_000_000
"""Values, keys included, that such bytes, or those of a store, may hold."""


def units(text: str) -> int:
    """The length of `text` in UTF-16 code units, which is how SWF's limits are read here."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def first_units(text: str, limit: int) -> str:
    """The first `limit` units of the text, one less where a character would be split."""
    if units(text) <= limit:
        return text
    return text[:limit].encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")


def cut(text: str, limit: int) -> str:
    """The text, if it is longer than `limit` units cut to that many, the last being an ellipsis."""
    return text if units(text) <= limit else first_units(text, limit - 1) + "…"
