"""What turns bytes into bytes before they go into an envelope, and back: zlib here, others by name from the caller."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pyflow.codec.model.limits import MAX_DECODED_BYTES
from pyflow.codec.model.refusals import refusal
from pyflow.codec.model.shown import known, quoted

ZLIB = "zlib"


class PayloadCodec(Protocol):
    """A byte transform of the user's, such as encryption: configured by the name that envelopes carry.

    context: what the caller gave to `encode` or `read`, None if nothing.
    """

    def encode(self, data: bytes, context: Any) -> bytes:
        """The bytes to send."""

    def decode(self, data: bytes, context: Any) -> bytes:
        """The bytes that were encoded.

        Raise ValueError for bytes that are not this codec's, UnknownCodec where another process may have what it takes.
        """


Codecs = Mapping[str, PayloadCodec]


def apply(data: bytes, names: Sequence[str], codecs: Codecs, context: Any) -> str:
    """The bytes after the transforms, in order, as the base64 of an envelope's `data`."""
    return b64encode(transform(data, names, codecs, context)).decode()


def transform(data: bytes, names: Sequence[str], codecs: Codecs, context: Any) -> bytes:
    """The bytes after the transforms, in order."""
    for name in names:
        data = zlib.compress(data, 6) if name == ZLIB else codecs[name].encode(data, context)
    return data


def undo(data: bytes, names: Sequence[str], codecs: Codecs, context: Any) -> bytes:
    """The bytes before the transforms, undone last to first.

    Raises UnknownCodec for a name that is neither zlib nor configured, PayloadDecodeError for what can't be undone.
    """
    for name in reversed(names):
        if name != ZLIB and name not in codecs:
            raise refusal("codec-unknown", codec=quoted(name), known=known({ZLIB, *codecs}))
    for name in reversed(names):
        data = inflate(data) if name == ZLIB else _undone(data, name, codecs, context)
        if len(data) > MAX_DECODED_BYTES:
            raise refusal("decoded-size", codec=quoted(name))
    return data


def _undone(data: bytes, name: str, codecs: Codecs, context: Any) -> bytes:
    try:
        return codecs[name].decode(data, context)
    except ValueError as error:
        why = " ".join(str(error).split())
        raise refusal("codec-undo", codec=quoted(name), why=why) from error


def inflate(data: bytes) -> bytes:
    """The content of one whole zlib stream, cut off one byte beyond the limit. Raises PayloadDecodeError."""
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(data, MAX_DECODED_BYTES + 1)
    except zlib.error:
        raise refusal("zlib") from None
    if len(content) <= MAX_DECODED_BYTES and (not stream.eof or stream.unused_data):
        raise refusal("zlib")
    return content
