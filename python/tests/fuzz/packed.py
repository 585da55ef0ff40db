"""msgpack as it might be sent: the smallest forms and others, keys of all kinds, extensions that there are and are not."""

from __future__ import annotations

import struct
from collections.abc import Callable

from fuzz.trees import Trees

FLOATS = ((0xCA, ">f"), (0xCB, ">d"))
INTEGERS = (
    (0xCC, "B"),
    (0xCD, ">H"),
    (0xCE, ">I"),
    (0xCF, ">Q"),
    (0xD0, "b"),
    (0xD1, ">h"),
    (0xD2, ">i"),
    (0xD3, ">q"),
)
NUMBERS = (*FLOATS, *INTEGERS)
FIXED = {1: 0xD4, 2: 0xD5, 4: 0xD6, 8: 0xD7, 16: 0xD8}  # bytes of an extension: its first byte
LENGTHS = ("B", ">H", ">I")
DEPTHS = (62, 63, 64, 65, 1000)


class Packed(Trees):
    """Draws msgpack values."""

    def packed(self, room: int = 4) -> bytes:
        scalars = (self.scalar, self.scalar, self.scalar, self.extension)
        if room and self.chance(0.3):
            return self.choose((self.packed_array, self.packed_map))(room - 1)
        return self.choose(scalars)()

    def scalar(self) -> bytes:
        makers: tuple[Callable[[], bytes], ...] = (
            self.packed_number,
            self.packed_text,
            self.packed_bytes,
            self.single,
        )
        return self.choose(makers)()

    def packed_number(self) -> bytes:
        head, form = self.choose(NUMBERS)
        edge = self.choose(
            (bytes(8), b"\xff" * 8, b"\x7f" + b"\xff" * 7, b"\x80" + bytes(7), self.random.randbytes(8))
        )
        return bytes([head]) + edge[: struct.calcsize(form)]

    def single(self) -> bytes:
        return bytes([self.choose((0xC0, 0xC2, 0xC3, self.below(0x80), 0xE0 + self.below(32)))])

    def packed_text(self) -> bytes:
        data = self.text().encode()
        return self.header(len(data), 0xA0, 32, (0xD9, 0xDA, 0xDB)) + data

    def packed_bytes(self) -> bytes:
        data = self.random.randbytes(self.below(40))
        return self.header(len(data), 0, 0, (0xC4, 0xC5, 0xC6)) + data

    def packed_array(self, room: int) -> bytes:
        if self.chance(0.04):
            return b"\x91" * self.choose(DEPTHS) + b"\xc0"
        items = [self.packed(room) for _ in range(self.below(4))]
        return self.header(len(items), 0x90, 16, (None, 0xDC, 0xDD)) + b"".join(items)

    def packed_map(self, room: int) -> bytes:
        keys = [self.scalar() for _ in range(self.below(3))]
        if keys and self.chance(0.05):
            keys.append(keys[0])
        entries = [key + self.packed(room) for key in keys]
        return self.header(len(entries), 0x80, 16, (None, 0xDE, 0xDF)) + b"".join(entries)

    def header(self, length: int, fixed: int, below: int, heads: tuple[int | None, int, int]) -> bytes:
        """One of the forms that hold this length, mostly the smallest."""
        forms = [bytes([fixed | length])] if length < below else []
        for head, form in zip(heads, LENGTHS, strict=True):
            if head is not None and length < 256 ** struct.calcsize(form):
                forms.append(bytes([head]) + struct.pack(form, length))
        return forms[0] if self.chance(0.8) else self.choose(forms)

    def extension(self) -> bytes:
        kind, data = self.choose(
            (self.timestamp, self.timestamp, self.big_integer, self.packed_decimal, self.unknown)
        )()
        if len(data) in FIXED and self.chance(0.8):
            return bytes([FIXED[len(data)], kind]) + data
        return self.header(len(data), 0, 0, (0xC7, 0xC8, 0xC9)) + bytes([kind]) + data

    def timestamp(self) -> tuple[int, bytes]:
        nanoseconds = self.below(10**9 + 5)
        return 0xFF, self.choose(
            (
                struct.pack(">I", self.random.getrandbits(32)),
                struct.pack(">Q", self.random.getrandbits(64)),
                struct.pack(">Q", nanoseconds << 34 | self.random.getrandbits(34)),
                struct.pack(">Iq", nanoseconds, self.random.randrange(-(10**11), 3 * 10**11)),
                self.random.randbytes(self.below(14)),
            )
        )

    def big_integer(self) -> tuple[int, bytes]:
        return 1, self.random.randbytes(self.choose((self.below(12), 415, 416, 417)))

    def packed_decimal(self) -> tuple[int, bytes]:
        return 2, self.choose((self.piece("decimals"), self.decimal(), "\xff1")).encode("utf-8")

    def unknown(self) -> tuple[int, bytes]:
        return self.choose((0, 3, 127, 128, 200)), b"\0"
