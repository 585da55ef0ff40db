"""What is called regular is settled already: the shortcut lets nothing pass that the careful walk would change or refuse."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timezone
from decimal import Decimal
from enum import IntEnum
from typing import Any

import pytest

from pyflow.codec.codings import msgpack
from pyflow.codec.model.regular import is_plain_tree, is_regular
from pyflow.codec.model.values import settle


class Colour(IntEnum):
    RED = 1


def nested(levels: int, innermost: Any) -> Any:
    for _ in range(levels):
        innermost = [innermost]
    return innermost


REGULAR = [None, True, 7, -(2**63) + 1, 0.5, "é😀", [], {}, [[], {}], {"a": [1, {"b": None}]}, nested(63, 1)]
OTHER = [
    2**63,
    float("nan"),
    [float("inf")],
    "\ud800",
    {"\ud800": 1},
    {1: 1},
    {b"a": 1},
    {"a": b"a"},
    (1, 2),
    {"a": {1, 2}},
    OrderedDict(a=1),
    [Colour.RED],
    Decimal(1),
    datetime(2026, 1, 1, tzinfo=timezone.utc),
    nested(65, 1),
    {None: 1},
]


@pytest.mark.parametrize("value", REGULAR, ids=repr)
def test_a_regular_value_is_settled_as_it_is_and_plain(value: object) -> None:
    assert is_regular(value)
    assert settle(value) == (value, False)
    assert is_plain_tree(value)
    assert msgpack.decode(msgpack.encode(value)) == value


@pytest.mark.parametrize("value", OTHER, ids=repr)
def test_what_the_careful_walk_has_a_word_on_is_not_regular(value: object) -> None:
    assert not is_regular(value)


@pytest.mark.parametrize(
    "data",
    ["82a16101a16102", "8101c0", "81c4016101", "9200", "c403616263", "d6ff00000000", "cd0007", "c1"],
    ids=[
        "a key twice",
        "an integer key",
        "a key of bytes",
        "too short",
        "bytes",
        "a timestamp",
        "seven in three bytes",
        "no value",
    ],
)
def test_msgpack_in_which_something_could_be_hidden_is_read_carefully(data: str) -> None:
    assert msgpack._canonical(bytes.fromhex(data)) is None
