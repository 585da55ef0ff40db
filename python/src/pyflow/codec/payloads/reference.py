"""A claim check: where the bytes of a value lie, and how to know them again. No I/O: a shell fetches them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pyflow.codec.model.limits import MAX_SIZE
from pyflow.codec.model.refusals import refusal
from pyflow.codec.model.shown import quoted, shown

STORE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_KEY = re.compile(r"(?!.*\.\.)[A-Za-z0-9/_.=-]{1,512}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Reference:
    """What a payload holds in place of a value that was too long for SWF.

    store: a configured name, never a URL or a path; key: within the store; size: in bytes; sha256: 64 hex digits.
    enc and codecs say how the stored bytes become the value.
    """

    store: str
    key: str
    size: int
    sha256: str
    enc: str = "json"
    codecs: tuple[str, ...] = ()

    def verified(self, stored: bytes) -> bytes:
        """The bytes, if they are the ones meant. Raises PayloadDecodeError."""
        from hashlib import sha256

        at = {"key": self.key, "store": quoted(self.store)}
        if len(stored) != self.size:
            raise refusal("object-size", found=len(stored), size=self.size, **at)
        if sha256(stored).hexdigest() != self.sha256:
            raise refusal("object-hash", **at)
        return stored


def of(stored: bytes, store: str, enc: str, codecs: tuple[str, ...]) -> Reference:
    """The reference to bytes that a store holds, or will, under their own hash."""
    from hashlib import sha256

    digest = sha256(stored).hexdigest()
    return Reference(store, f"sha256/{digest[:2]}/{digest}", len(stored), digest, enc, codecs)


def parse(ref: object, enc: str, codecs: tuple[str, ...]) -> Reference:
    """The reference in an envelope's `ref`. Raises PayloadDecodeError."""
    if not isinstance(ref, dict):
        raise refusal("ref-kind", found=shown(ref))
    store, key = _matching(ref, "store", STORE), _matching(ref, "key", _KEY)
    size = ref.get("size")
    if type(size) is not int or not 0 <= size <= MAX_SIZE:
        raise refusal("ref-size", found=shown(size))
    return Reference(store, key, size, _matching(ref, "sha256", _SHA256), enc, codecs)


def _matching(ref: dict[str, Any], name: str, form: re.Pattern[str]) -> str:
    text = ref.get(name)
    if not isinstance(text, str) or form.fullmatch(text) is None:
        raise refusal(f"ref-{name}", found=shown(text))
    return text
