"""Strict JSON at little more than the cost of json.loads.

Every check asks first, in C, whether a fault is possible at all, and looks closely only then.

- One key twice: each member of an object has one colon outside strings, and it follows a quote or white space. If there
  are as many such colons as the objects have entries, no key was lost. Otherwise the text is read again, by pairs.
- A surrogate without its partner needs an escape that begins with \\ud, unless it is there raw.
- An integer of more than 1,000 digits shows in every fiftieth character.

What is wrong, and where, is found by `json_fault` then.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Sequence
from gc import get_referents
from json import JSONDecoder
from typing import Any, NoReturn

from pyflow.codec.model.limits import MAX_DEPTH, MAX_DIGITS, MAX_NESTING
from pyflow.codec.model.refusals import refusal
from pyflow.errors import PayloadDecodeError

from . import json_orjson
from .json_fault import first_fault

ATOMS = frozenset({str, int, float, bool, type(None)})
_SPACE = " \t\n\r"
_DIGITS = re.compile("[0-9]+")
_perhaps_long = re.compile("[0-9]{20}").search
_PAIRS = re.compile(r"\\(?:\\|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def perhaps_alone(d: str) -> Callable[[str], object]:
    """A search for an escaped surrogate that may be alone: after a backslash, high without low, low without high.

    d: how its second digit is written, `d` or `[dD]`; the less there is to choose, the faster.
    """
    pattern = rf"\\u{d}(?:(?<=\\\\u{d})|[89abAB]..(?!\\u{d}[c-fC-F])|(?<!\\u{d}[89abAB]..\\u{d})[c-fC-F])"
    return re.compile(pattern).search


_perhaps_alone = perhaps_alone("[dD]")


def parse(text: str) -> Any:
    """The value of a strict JSON text that is nested no deeper than any payload. Raises as `parse_seeing`."""
    value, shallow = parse_seeing(text)
    if not shallow:
        check_depth(value, MAX_NESTING)
    return value


def parse_seeing(text: str) -> tuple[Any, bool]:
    """The value of a strict JSON text, and whether it was seen in passing that it is not nested too deep.

    Each container but the first is an entry of an object or follows a `[`, so few of both make no depth.
    Raises PayloadDecodeError for what is not JSON, one key twice, numbers and texts outside the model.
    """
    if json_orjson.read and len(text) > json_orjson.SMALL and (found := json_orjson.read(text)):
        return found
    try:
        if not text.isascii():
            text.encode()
        value, end, entries = _scan(text)
        if has_long_number(text):
            _scan_integers(text, 0)
    except (StopIteration, ValueError, RecursionError):
        return _parse_spaced(text)
    if end != len(text) and text[end:].strip(_SPACE):
        raise first_fault(text)
    if "\\" in text and _perhaps_alone(text) and has_lone_surrogate(text):
        raise first_fault(text)
    return value, entries < json_orjson.FEW and text.find("[", text.find("[") + 1) < 0


def check_depth(value: object, room: int = MAX_DEPTH) -> None:
    """Refuse a value, as it was parsed, that is nested deeper than `room`, which is what the model allows.

    The garbage collector's own traversal finds in one call what is inside all containers of a level.
    """
    level: Sequence[Any] = (value,)
    while room:
        level = get_referents(*level)
        if not level:
            return
        room -= 1
    if not ATOMS.issuperset(map(type, level)):
        raise refusal("depth")


def has_lone_surrogate(text: str) -> bool:
    """Whether JSON text has an escaped surrogate that is not half of a pair."""
    return _SURROGATE.search(_PAIRS.sub(" ", text)) is not None


def has_long_number(text: str) -> bool:
    """Whether JSON text has more digits in a row than an integer may have, be it inside a string.

    A run of 1,001 covers 20 places in a row of those whose index is a multiple of 50.
    """
    if len(text) <= MAX_DIGITS or _perhaps_long(text[::50]) is None:
        return False
    return max(map(len, _DIGITS.findall(text)), default=0) > MAX_DIGITS


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("one key twice")
    return entries


def _float(digits: str) -> float:
    number = float(digits)
    if number - number:  # NaN, so true, for an infinity
        raise ValueError("too large for a float64")
    return number


def _integer(digits: str) -> int:
    if len(digits) - (digits[0] == "-") > MAX_DIGITS:
        raise ValueError("too many digits")
    return int(digits)


def _constant(name: str) -> NoReturn:
    raise ValueError("no JSON")


def _scanner(**hooks: Any) -> Callable[[str, int], tuple[Any, int]]:
    """The C scanner behind json.loads: from a text and a place in it to the value there and where it ends."""
    scan: Callable[[str, int], tuple[Any, int]] = JSONDecoder(**hooks).scan_once  # type: ignore[attr-defined]
    return scan


def _counting() -> Callable[[str], tuple[Any, int, int]]:
    """A scanner that sees whether a key came twice by counting the entries of the objects it makes.

    It returns the value, where it ends, and the entries. It serves one thread at a time; who finds it taken reads by
    pairs and knows no count.
    """
    entries = 0
    free = threading.Lock()
    take, release = free.acquire, free.release
    colons_in_strings = re.compile(r':(?<![" \t\n\r]:)').findall

    def count(members: dict[str, Any]) -> dict[str, Any]:
        nonlocal entries
        entries += len(members)
        return members

    scan_object = _scanner(object_hook=count, parse_float=_float, parse_constant=_constant)

    def scan(text: str) -> tuple[Any, int, int]:
        nonlocal entries
        if not take(False):
            return *_scan_pairs(text, 0), len(text)
        try:
            entries = 0
            value, end = scan_object(text, 0)
            counted = entries
        finally:
            release()
        surplus = text.count(":") - counted
        if surplus and surplus != len(colons_in_strings(text)):
            return *_scan_pairs(text, 0), len(text)
        return value, end, counted

    return scan


_scan_pairs = _scanner(object_pairs_hook=_unique, parse_float=_float, parse_constant=_constant)
_scan = _counting()
_scan_integers = _scanner(parse_int=_integer)


def _parse_spaced(text: str) -> tuple[Any, bool]:
    """The fast reader takes no white space before the value; whatever else it does not take is refused."""
    bare = text.lstrip(_SPACE)
    if bare and len(bare) != len(text):
        with contextlib.suppress(PayloadDecodeError):
            return parse_seeing(bare)
    raise first_fault(text)
