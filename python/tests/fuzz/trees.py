"""JSON as it might be sent: trees with tags, good and bad, and how they are spelled."""

from __future__ import annotations

import json
import struct
from base64 import b64encode
from typing import Any

from fuzz.drawing import Drawing

DEPTHS = (1, 2, 60, 62, 63, 64, 65, 66, 127, 254, 255, 256, 257, 300)


class Spelled(str):
    """A piece of JSON that stands for itself, right or wrong."""


class Members(list[tuple[Any, Any]]):
    """An object whose keys may come twice."""


class Trees(Drawing):
    """Draws trees of JSON."""

    def tree(self, room: int = 4) -> Any:
        if room and self.chance(0.4):
            return self.choose((self.array, self.object, self.tagged))(room - 1)
        return self.choose((self.leaf, self.leaf, self.leaf, self.tagged_leaf))()

    def array(self, room: int) -> Any:
        if self.chance(0.05):
            return nested(self.leaf(), self.choose(DEPTHS))
        return [self.tree(room) for _ in range(self.below(4))]

    def object(self, room: int) -> Members:
        keys = [self.key() for _ in range(self.below(4))]
        if keys and self.chance(0.03):
            keys.append(keys[0])
        return Members((key, self.tree(room)) for key in keys)

    def key(self) -> str:
        return self.choose(("a", "b", "c", self.text(), self.piece("keys"), self.piece("texts")))

    def leaf(self) -> Any:
        return self.choose((self.text, self.integer, self.float, self.number, self.word))()

    def text(self) -> str:
        if self.chance(0.5):
            return self.piece("texts")
        return "".join(self.character() for _ in range(self.below(12)))

    def character(self) -> str:
        point = self.below(self.choose((0x80, 0x100, 0xD800, 0x10000, 0x110000)))
        return "a" if 0xD800 <= point < 0xE000 else chr(point)

    def integer(self) -> int:
        number = (
            int(self.piece("integers")) if self.chance(0.3) else self.random.getrandbits(1 + self.below(90))
        )
        return number + self.choose((0, 0, 0, 1, -1))

    def float(self) -> float:
        if self.chance(0.4):
            return float(self.piece("floats"))
        number: float = struct.unpack(">d", self.random.randbytes(8))[0]
        return number if number - number == 0 else 0.5

    def number(self) -> Spelled:
        return Spelled(
            self.piece("numbers") if self.chance(0.1) else self.choose(("-0", "1E5", "1e-400", "0.1e1"))
        )

    def word(self) -> Any:
        return Spelled(self.piece("words")) if self.chance(0.06) else self.choose((None, True, False))

    def tagged_leaf(self) -> Members:
        tag, pieces, usual = self.choose(
            (
                ("$ts", "timestamps", self.time),
                ("$dec", "decimals", self.decimal),
                ("$bytes", "base64", lambda: b64encode(self.random.randbytes(self.below(20))).decode()),
                ("$float", "nonfinite", lambda: "NaN"),
            )
        )
        content = usual() if self.chance(0.6) else self.piece(pieces)
        return Members([(tag, self.perhaps(0.05, lambda _: self.leaf(), content))])

    def time(self) -> str:
        fraction = self.choose(
            ("", "", f".{self.below(10**3):03}", f".{self.below(10**6):06}", f".{self.below(10**9):09}")
        )
        date = f"{self.below(10_000):04}-{self.below(14):02}-{self.below(33):02}"
        return f"{date}T{self.below(25):02}:{self.below(61):02}:{self.below(61):02}{fraction}Z"

    def decimal(self) -> str:
        return (
            f"{self.random.randrange(-(10**6), 10**6)}{self.choose(('', '.5', '.00', 'E5', 'e-7', '.25E+3'))}"
        )

    def tagged(self, room: int) -> Members:
        if self.chance(0.6):
            keys = [self.tree(1) if self.chance(0.5) else self.integer() for _ in range(self.below(3))]
            pairs = [[key, self.tree(room)] for key in keys]
            return Members([("$map", self.perhaps(0.1, lambda _: self.tree(room), pairs))])
        inner = Members([(self.choose(("$ts", "$", "$lit", "a")), self.tree(room))])
        tag = self.choose(("$lit", "$lit", "$unknown", "$"))
        return Members([(tag, self.perhaps(0.1, lambda _: self.tree(room), inner))])

    def spelled(self, tree: Any) -> str:
        """The tree as a text, with white space and escapes as they come."""
        spaced, escaped = self.chance(0.1), self.chance(0.3)
        pieces: list[str] = []
        todo: list[Any] = [tree]
        while todo:  # no recursion: trees are deeper than the interpreter's stack
            item = todo.pop()
            if isinstance(item, Members):
                todo.append(Spelled("}"))
                for number, (key, value) in reversed(list(enumerate(item))):
                    todo += [value, Spelled(":"), key, *([Spelled(",")] if number else [])]
                todo.append(Spelled("{"))
            elif isinstance(item, list):
                todo.append(Spelled("]"))
                for number, value in reversed(list(enumerate(item))):
                    todo += [value, *([Spelled(",")] if number else [])]
                todo.append(Spelled("["))
            else:
                pieces.append(item if isinstance(item, Spelled) else json.dumps(item, ensure_ascii=escaped))
            if spaced and self.chance(0.2):
                pieces.append(
                    self.choose((" ", " ", "\n", "\t", "\r\n", "\xa0" if self.chance(0.1) else " "))
                )
        return "".join(pieces)


def nested(value: Any, levels: int) -> Any:
    """The value inside so many arrays."""
    for _ in range(levels):
        value = [value]
    return value
