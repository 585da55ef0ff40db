"""The codecs that every runner of the vectors configures."""

from __future__ import annotations

from typing import Any

from pyflow.codec import Aes256Gcm, KeyRing


class Xor:
    """Each byte XOR 0x5a, both ways."""

    def encode(self, data: bytes, context: Any) -> bytes:
        return bytes(byte ^ 0x5A for byte in data)

    decode = encode


KEYS = {"2026-11": bytes(range(32)), "2025": bytes(range(32, 64))}
CODECS = {"test-xor": Xor(), "aes-256-gcm": Aes256Gcm(KeyRing(KEYS, encrypt_with="2026-11"))}
