"""What a store is: bytes under keys. Configured by a name, which is all that a payload says of it."""

from __future__ import annotations

from typing import Protocol


class PayloadStore(Protocol):
    """Keeps bytes under keys such as `sha256/ab/ab…`; threads share it.

    Whatever it raises is read as: it can't be reached.
    """

    def put(self, key: str, data: bytes) -> None:
        """Keeps the bytes. A key is put again with equal bytes only: then there is nothing to do."""

    def get(self, key: str, size: int) -> bytes | None:
        """The bytes, of which `size` and one more are enough; None where there are none under that key."""
