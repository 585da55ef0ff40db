"""The codec `aes-256-gcm`: a version byte, the key's id, a nonce, the ciphertext and its tag (protocol/payload.md)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyflow.codec.model.refusals import refusal
from pyflow.codec.model.shown import known, quoted
from pyflow.errors import PyflowException

NAME = "aes-256-gcm"
VERSION = 1
KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16
_AAD = b"pyflow/1"
_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True)
class KeyRing:
    """Keys of 32 bytes by their ids: all decrypt, one encrypts.

    encrypt_with: an id; None to read what is encrypted and write in the clear, as while keys are being handed out.
    Raises PyflowException for a key or an id that can't be.
    """

    keys: Mapping[str, bytes] = field(repr=False)
    encrypt_with: str | None = None

    def __post_init__(self) -> None:
        for name, key in self.keys.items():
            if _KEY_ID.fullmatch(name) is None:
                raise PyflowException(
                    f"a key ring has the key id {name[:60]!r}, which must match {_KEY_ID.pattern}"
                )
            if len(key) != KEY_BYTES:
                raise PyflowException(
                    f"the key {name!r} has {len(key)} bytes, and AES-256 takes {KEY_BYTES}: draw random ones"
                )
        if self.encrypt_with is not None and self.encrypt_with not in self.keys:
            raise PyflowException(f"a key ring encrypts with {self.encrypt_with!r}, and has no such key")


class Aes256Gcm:
    """Encrypts with one key of the ring, decrypts with any. Thread-safe.

    nonce: 12 bytes, never the same twice under one key. Needs the extra `pyflow-swf[encryption]`.
    """

    def __init__(
        self, keys: KeyRing, *, nonce: Callable[[], bytes] = lambda: os.urandom(NONCE_BYTES)
    ) -> None:
        try:
            from cryptography.exceptions import InvalidTag
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        except ImportError:
            raise PyflowException(
                f"the codec {NAME} needs cryptography, which is not installed: pip install 'pyflow-swf[encryption]'"
            ) from None
        self._ciphers = {name: AESGCM(key) for name, key in keys.keys.items()}
        self._encrypt_with = keys.encrypt_with
        self._nonce = nonce
        self._invalid_tag = InvalidTag

    def encode(self, data: bytes, context: Any = None) -> bytes:
        """The bytes, encrypted under a new nonce."""
        if self._encrypt_with is None:
            raise PyflowException(f"the codec {NAME} has no key to encrypt with: name one in `encrypt_with`")
        name, nonce = self._encrypt_with.encode("ascii"), self._nonce()
        sealed = self._ciphers[self._encrypt_with].encrypt(nonce, data, _AAD)
        return bytes((VERSION, len(name))) + name + nonce + sealed

    def decode(self, data: bytes, context: Any = None) -> bytes:
        """The bytes that were encrypted. Raises PayloadDecodeError for bytes that can't be, UnknownCodec."""
        if data and data[0] != VERSION:
            raise refusal("aes-version", found=data[0])
        start = 2 + data[1] if len(data) > 1 else 2
        if start == 2 or len(data) < start + NONCE_BYTES + TAG_BYTES:
            raise refusal("aes-size", size=len(data))
        name = data[2:start].decode("latin-1")
        if _KEY_ID.fullmatch(name) is None:
            raise refusal("aes-key-id")
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise refusal("key-unknown", key=quoted(name), known=known(self._ciphers))
        try:
            return cipher.decrypt(data[start : start + NONCE_BYTES], data[start + NONCE_BYTES :], _AAD)
        except self._invalid_tag:
            raise refusal("aes-tag") from None
