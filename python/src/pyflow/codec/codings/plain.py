"""The plain coding: strict JSON, byte for byte what `json.dumps` writes, at little more than its cost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from gc import get_referents
from typing import Any

from pyflow.codec.model.limits import MAX_DEPTH
from pyflow.codec.model.values import settle

from . import json_orjson
from .json_fault import first_fault
from .json_read import ATOMS, check_depth, has_lone_surrogate, has_long_number, parse_seeing, perhaps_alone
from .json_write import write

_perhaps_alone = perhaps_alone("d")  # json.dumps escapes in lower case


def encode(value: object, what: str = "payload") -> str | None:
    """`value` as json.dumps writes it, or None if it is in the model but has no plain form.

    A subclass (an OrderedDict, a named tuple, an IntEnum) is written as what it derives from, as json.dumps does.
    Raises PayloadEncodeError, with the path, for what is outside the model.
    """
    try:
        text = write(value)
        if json_orjson.vouches and len(text) > json_orjson.SMALL and json_orjson.vouches(value, text):
            return text
        if (
            _is_regular(value)
            and not ("\\" in text and _perhaps_alone(text) and has_lone_surrogate(text))
            and not has_long_number(text)
        ):
            return text
    except (TypeError, ValueError, RecursionError):
        pass  # the careful way says what is wrong and where, or that the value is rich
    settled, rich = settle(value, what)
    return None if rich else write(settled)


def decode(text: str) -> Any:
    """The value that a plain text holds.

    Raises PayloadDecodeError for whatever is not strict JSON within the limits of the model.
    """
    value, shallow = parse_seeing(text)
    if not shallow:
        check_depth(value)
    return value


def decode_leniently(text: str) -> Any:
    """What Python's json module makes of the text: histories of pyflow-swf 2.0.0 were written and read so."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise first_fault(text) from None


def _is_regular(value: object) -> bool:
    """Whether a value that json.dumps took has text keys only, an allowed depth and no subclasses.

    CPython's collector visits the values of a dict, and its keys only when one of them is no text: then a level has
    more referents than its containers have entries.
    """
    level: Sequence[Any] = (value,)
    room = MAX_DEPTH
    while below := get_referents(*level):
        entries = 0
        for item in level:
            if type(item) not in ATOMS:
                entries += len(item)
        if entries != len(below) or not room:
            return False
        level = below
        room -= 1
    return room > 0 or ATOMS.issuperset(map(type, level))
