"""What the worker under test wrote, read: with the user codec of the vectors, which it may have."""

from __future__ import annotations

from typing import Any

from pyflow import codec


class Xor:
    """The codec `test-xor`: each byte XOR 0x5a, both ways."""

    def encode(self, data: bytes, context: Any) -> bytes:
        """The bytes, changed."""
        return bytes(byte ^ 0x5A for byte in data)

    decode = encode


CODECS = {"test-xor": Xor()}


def decoded(text: str | None) -> Any:
    """The value. Raises PayloadException for what is no payload."""
    return codec.decode(text, codecs=CODECS)
