"""The one user codec that the vectors configure."""

from __future__ import annotations

from typing import Any


class Xor:
    """Each byte XOR 0x5a, both ways."""

    def encode(self, data: bytes, context: Any) -> bytes:
        return bytes(byte ^ 0x5A for byte in data)

    decode = encode


CODECS = {"test-xor": Xor()}
