"""What the first byte of a msgpack value says of the bytes behind it."""

from __future__ import annotations

import struct

NUMBERS = {
    head: struct.Struct(">" + code) for head, code in zip(range(0xCA, 0xD4), "fdBHIQbhiq", strict=True)
}
"""Of a number: how it is written."""

SIZED = {
    **{0xC4 + power: ("bytes", 1 << power) for power in range(3)},
    **{0xC7 + power: ("extension", 1 << power) for power in range(3)},
    **{0xD9 + power: ("text", 1 << power) for power in range(3)},
    **{0xDC + power: ("array", 2 << power) for power in range(2)},
    **{0xDE + power: ("map", 2 << power) for power in range(2)},
}
"""What it is, and the bytes of its size."""

EXTENSIONS = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}
"""Of an extension: the bytes behind its type."""
