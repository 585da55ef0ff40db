"""Envelopes that only a decider reads, by a coding of their own: `start` and `batch` (protocol/history.md#start).

Their content is JSON of a fixed shape, whose texts are payloads in turn; none of these is decoded here. Other readers
refuse the envelope as one of an unknown coding, so that no signal and no item is lost in silence.
"""

from __future__ import annotations

from typing import Any

from pyflow.codec.codings.json_write import write_compact
from pyflow.codec.model.limits import units
from pyflow.codec.model.shown import shown
from pyflow.codec.model.values import settle
from pyflow.codec.payloads import transforms
from pyflow.codec.payloads.amount import may_be_read
from pyflow.codec.payloads.encoding import too_large
from pyflow.codec.payloads.envelope import MARK, VERSION
from pyflow.codec.payloads.transforms import ZLIB, Codecs
from pyflow.errors import PayloadDecodeError, PayloadEncodeError

NAME_LIMIT = 256


def write_special(
    enc: str, content: dict[str, Any], what: str, limit: int, codecs: Codecs | None, context: Any
) -> str:
    """The content readable if that fits, else compressed; with user codecs always as `data`.

    Raises PayloadTooLarge when neither fits, PayloadEncodeError for text that is not Unicode.
    """
    settled, _ = settle(content, what)
    raw = write_compact(settled).encode()
    codecs = codecs or {}

    def data(*names: str) -> str:
        names = (*names, *codecs)
        written = transforms.apply(raw, names, codecs, context)
        return write_compact({MARK: VERSION, "enc": enc, "codecs": list(names), "data": written})

    readable = data() if codecs else write_compact({MARK: VERSION, "enc": enc, "value": settled})
    if units(readable) <= limit:
        return readable
    compressed = data(ZLIB) if may_be_read(enc, raw) else readable
    if units(compressed) > limit:
        raise too_large(what, units(readable), limit)
    return compressed


def named(name: str, part: str, what: str) -> str:
    """The name, if it may be written. Raises PayloadEncodeError."""
    if not 1 <= units(name) <= NAME_LIMIT:
        raise PayloadEncodeError(
            f"{what} has a {part} of {units(name)} characters: it takes 1 to {NAME_LIMIT}"
        )
    return name


def read_object(tree: Any, what: str) -> dict[str, Any]:
    """The tree, if it is an object. Raises PayloadDecodeError, as all below."""
    if type(tree) is not dict:
        raise PayloadDecodeError(f"a {what} is no object")
    return tree


def read_array(tree: dict[str, Any], what: str, key: str) -> list[Any]:
    """An array that has to be there."""
    found = tree.get(key)
    if type(found) is not list:
        raise PayloadDecodeError(f"a {what} has no array of {key}")
    return found


def read_text(tree: dict[str, Any], what: str, key: str) -> str | None:
    """A text that may be absent."""
    found = tree.get(key)
    if key in tree and not isinstance(found, str):
        raise PayloadDecodeError(f"a {what} has the {key} {shown(found)}, which is no text")
    return found


def read_name(tree: dict[str, Any], what: str, key: str) -> str:
    """A text of 1 to 256 units that has to be there."""
    found = tree.get(key)
    if not isinstance(found, str) or not 1 <= units(found) <= NAME_LIMIT:
        raise PayloadDecodeError(
            f"a {what} has the {key} {shown(found)}, which is no text of 1 to {NAME_LIMIT} characters"
        )
    return found
