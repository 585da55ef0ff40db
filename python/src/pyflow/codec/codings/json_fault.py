"""What is wrong with a text that is not strict JSON: the first fault in it, found by reading it again, slowly.

The fast reader only says that something is wrong, in words of its own. Here every language finds the same fault at the
same place: the first character that no JSON text has after what stands before it, or a rule of the contract that is
broken there. It takes time in proportion to the text, and no stack.
"""

from __future__ import annotations

import re
from json import loads
from typing import Any

from pyflow.codec.model.limits import MAX_DIGITS, MAX_NESTING, cut
from pyflow.codec.model.refusals import refusal
from pyflow.codec.model.shown import character, quoted
from pyflow.errors import PayloadException

_EXCERPT, _SHOWN = 20, 40  # units
_space = re.compile(r"[ \t\n\r]*").match
_digits = re.compile(r"[0-9]*").match
_plain = re.compile(r'[^"\\\x00-\x1f]*').match
_low_half = re.compile(r"\\u[dD][c-fC-F][0-9a-fA-F]{2}").match
_lone = re.compile("[\ud800-\udfff]").search
_HEX = frozenset("0123456789abcdefABCDEF")


class _Found(Exception):
    def __init__(self, fault: PayloadException) -> None:
        self.fault = fault


def first_fault(text: str) -> PayloadException:
    """The refusal of a text that is not strict JSON; of one in which nothing is wrong, that it is too deep."""
    lone = _lone(text)
    if lone:
        return refusal("surrogate", where=character(lone.start()))
    try:
        _Reading(text).read()
    except _Found as found:
        return found.fault
    return refusal("depth")


class _Reading:
    """One walk through a text. at: the character that is looked at; open: the keys of each object, None for an array."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.open: list[set[str] | None] = []

    def read(self) -> None:
        """Raises _Found at the first fault."""
        expects = self.value
        while True:
            self.skip(_space)
            if self.at == len(self.text) and expects == self.end:
                return
            expects = expects(self.here())

    # What may stand next; each takes the character that does, and gives what may follow.

    def value(self, char: str) -> Any:
        if char == '"':
            self.string()
            return self.after()
        if char in "{[":
            self.open.append(set() if char == "{" else None)
            if len(self.open) > MAX_NESTING:
                raise _Found(refusal("depth"))
            self.at += 1
            return self.first_key if char == "{" else self.first_value
        for word in ("NaN", "Infinity", "-Infinity"):
            if self.text.startswith(word, self.at):
                raise _Found(refusal("json-nonfinite", found=word, where=character(self.at)))
        if char in "tfn":
            for expected in {"t": "true", "f": "false", "n": "null"}[char]:
                self.take(expected)
        else:
            self.number()
        return self.after()

    def first_value(self, char: str) -> Any:
        return self.close() if char == "]" else self.value(char)

    def key(self, char: str) -> Any:
        if char != '"':
            raise self.strange()
        start = self.at
        self.string()
        name = loads(self.text[start : self.at])
        keys = self.open[-1]
        assert keys is not None
        if name in keys:
            raise _Found(refusal("key-twice", key=quoted(name), where=character(start)))
        keys.add(name)
        return self.colon

    def first_key(self, char: str) -> Any:
        return self.close() if char == "}" else self.key(char)

    def colon(self, char: str) -> Any:
        self.take(":")
        return self.value

    def next(self, char: str) -> Any:
        in_array = self.open[-1] is None
        if char == ("]" if in_array else "}"):
            return self.close()
        self.take(",")
        return self.value if in_array else self.key

    def end(self, char: str) -> Any:
        raise self.strange()

    def close(self) -> Any:
        self.open.pop()
        self.at += 1
        return self.after()

    def after(self) -> Any:
        return self.next if self.open else self.end

    def string(self) -> None:
        self.at += 1
        while True:
            self.skip(_plain)
            char = self.here()
            if char == '"':
                self.at += 1
                return
            if char != "\\":
                raise self.strange()
            self.escape()

    def escape(self) -> None:
        start = self.at
        self.at += 1
        if self.here() != "u":
            if self.here() not in '"\\/bfnrt':
                raise self.strange()
            self.at += 1
            return
        for _ in range(4):
            self.at += 1
            if self.here() not in _HEX:
                raise self.strange()
        self.at += 1
        code = int(self.text[start + 2 : self.at], 16)
        if 0xD800 <= code <= 0xDFFF:
            if code >= 0xDC00 or not _low_half(self.text, self.at):
                raise _Found(refusal("surrogate", where=character(start)))
            self.at += 6

    def number(self) -> None:
        start = self.at
        if self.here() == "-":
            self.at += 1
        if self.here() == "0":
            self.at += 1
        else:
            self.some_digits()
        whole = self.at
        if self.text.startswith(".", self.at):
            self.at += 1
            self.some_digits()
        if self.text.startswith(("e", "E"), self.at):
            self.at += 1
            if self.here() in "+-":
                self.at += 1
            self.some_digits()
        digits = self.text[start : self.at]
        if whole == self.at and len(digits.lstrip("-")) > MAX_DIGITS:
            raise _Found(refusal("integer-digits", where=character(start)))
        if whole < self.at and abs(float(digits)) == float("inf"):
            raise _Found(refusal("json-float", found=cut(digits, _SHOWN), where=character(start)))

    def some_digits(self) -> None:
        if self.here() not in "0123456789":
            raise self.strange()
        self.skip(_digits)

    def take(self, expected: str) -> None:
        if self.here() != expected:
            raise self.strange()
        self.at += 1

    def here(self) -> str:
        if self.at == len(self.text):
            raise _Found(refusal("json-end", at=self.at))
        return self.text[self.at]

    def skip(self, pattern: Any) -> None:
        self.at = pattern(self.text, self.at).end()

    def strange(self) -> _Found:
        found = quoted(self.text[self.at : self.at + _EXCERPT + 1], _EXCERPT)
        return _Found(refusal("json-syntax", found=found, at=self.at + 1))
