"""The plain coding: json.dumps byte for byte, and strictness that no shortcut misses."""

from __future__ import annotations

import json
import threading
from collections import Counter, OrderedDict, defaultdict, namedtuple
from enum import Enum, IntEnum
from typing import Any

import pytest

from pyflow.codec import decode, encode
from pyflow.codec.codings import json_read, plain
from pyflow.errors import PayloadDecodeError, PayloadEncodeError

pytestmark = pytest.mark.usefixtures("json_library")


class Size(IntEnum):
    SMALL = 1


class Colour(str, Enum):
    RED = "red"


class Ratio(float):
    pass


Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1, "b": [1.5, None, True], "c": "Zürich 😀 \x7f\u2028"},
        OrderedDict(b=1, a=2),
        defaultdict(list, a=[1]),
        Counter("aab"),
        Point(1, 2),
        [Size.SMALL, Colour.RED, Ratio(2.5)],
        {Colour.RED: 1},
        (1, ("a",)),
        {"": {"": {}}},
        [[[]], [], {}],
        "",
        -0.0,
        1e23,
        10**999,
    ],
    ids=repr,
)
def test_what_json_dumps_takes_is_written_as_json_dumps_writes_it(value: Any) -> None:
    assert encode(value) == json.dumps(value)


@pytest.mark.parametrize("key", [1, -7, 0, 2**70])
def test_an_integer_key_is_not_turned_into_text_in_silence(key: int) -> None:
    assert plain.encode({key: "x"}) is None
    assert plain.encode({"a": [{"b": {"c": 1, key: "x"}}]}) is None
    assert decode(encode({key: "x"})) == {key: "x"}


@pytest.mark.parametrize("key", [1.5, None, True, (1,)])
def test_a_key_that_json_dumps_would_turn_into_text_is_refused(key: Any) -> None:
    with pytest.raises(
        PayloadEncodeError, match=r"^payload holds a map with [\w ]+ as a key at \$\.a\[1\]: "
    ):
        encode({"a": [0, {key: "x"}]})


def test_a_map_that_once_had_an_integer_key_is_plain_again() -> None:
    value: dict[Any, Any] = {"a": 1, 7: 2}
    del value[7]
    assert encode(value) == '{"a": 1}'


def test_a_value_that_contains_itself_is_too_deep() -> None:
    ring: list[Any] = []
    ring.append({"ring": ring})
    with pytest.raises(PayloadEncodeError, match="nested deeper than 64"):
        encode(ring)


def test_many_containers_side_by_side_are_not_deep() -> None:
    value = [[{"a": []}] for _ in range(500)]
    assert decode(encode(value)) == value


@pytest.mark.parametrize("wrap", ["[%s]", '{"a": %s}', '[1, {"b": [%s]}]'])
@pytest.mark.parametrize(
    "twice",
    [
        '{"a": 1, "a": 2}',
        '{"a":1,"a":2}',
        '{"a" :1 ,"a" : 2}',
        '{"a"\n:\t1,"a"\r:2}',
        '{"a": "12:30", "a": ":"}',
        '{"a": "\\":\\"", "b": 1, "a": {}}',
        '{"a": 1, "a": {"b:c": "d"}}',
        '{"a": {"x": 1, "y": ":"}, "a": 2}',
        '{"\\u003a": 1, ":": 2}',
        '{":": " :", "b": "\\n:", "b": 1}',
        '{"a": 1, "a": "\\u003a"}',
        '{"a": 1, "a": "\\u003A"}',
    ],
)
def test_one_key_twice_is_seen_however_many_colons_stand_in_strings(twice: str, wrap: str) -> None:
    with pytest.raises(PayloadDecodeError, match="twice in one map"):
        plain.decode(wrap % twice)


@pytest.mark.parametrize(
    "once",
    [
        '{"a": "12:30:00", "b": "https://example.org:80/"}',
        '{"a:b": ":", "c" : "\\":\\""}',
        '{"\\u003a": "\\u003a", "b"\n:\n1}',
        '{"a": " :", "b": "x\\n:"}',
        '[{"a": 1}, {"a": 2}, {"a": {"a": {"a": 3}}}]',
    ],
)
def test_no_colon_in_a_string_makes_a_key_come_twice(once: str) -> None:
    assert plain.decode(once) == json.loads(once)


@pytest.mark.parametrize(
    "digits",
    [
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "100000000000000000000",
        "9" * 310,
        "-" + "9" * 1000,
    ],
    ids=len,
)
@pytest.mark.parametrize("text", ["%s", '{"a": [%s]}', '["e+", "+", 1e+5, %s]'])
def test_an_integer_beyond_64_bits_is_read_and_written_digit_by_digit(text: str, digits: str) -> None:
    value = plain.decode(text % digits)
    assert repr(value).count(digits) == 1
    assert plain.decode(encode(value)) == value


@pytest.mark.parametrize("text", ["1e19", "-2.5e+300", "[1E20, 0.1e-400]", '{"a": 1e22}', "-0", "-0.0"])
def test_a_float_is_read_as_json_reads_it(text: str) -> None:
    assert repr(plain.decode(text)) == repr(json.loads(text))


@pytest.mark.parametrize(
    "nested",
    ["[%s]", '{"a": %s}', '{"a": 1, "b": %s, "c": 2}', '[{"a": %s}]', '{"a": [], "b": {"c": %s}}'],
    ids=len,
)
def test_what_is_nested_deeper_than_64_is_refused_both_ways(nested: str) -> None:
    levels = nested.count("{") + nested.count("[") - nested.count("[]")
    deep: Any = "1"
    for _ in range(64 // levels):
        deep = nested % deep
    assert encode(plain.decode(deep)) is not None
    for one_more in (f"[{deep}]", f'{{"a": {deep}}}'):
        with pytest.raises(PayloadDecodeError, match="nested deeper than 64"):
            plain.decode(one_more)
        with pytest.raises(PayloadEncodeError, match="nested deeper than 64"):
            encode(json.loads(one_more))


def test_threads_that_read_at_the_same_time_see_every_repeated_key() -> None:
    good = json.dumps([{"n": number, "x": 0.5} for number in range(400)])
    bad = good.replace('"n": 399', '"x": 399')
    wrong: list[str] = []

    def read() -> None:
        for _ in range(30):
            if plain.decode(good)[399]["n"] != 399:
                wrong.append("good")
            try:
                plain.decode(bad)
                wrong.append("bad")
            except PayloadDecodeError:
                pass

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize(
    "text", ['"\\\\ud800"', '"\\\\\\\\udc00"', '"\\ud83d\\ude00\\ud83d\\ude00"', '"\\uD83D\\uDE00"']
)
def test_what_only_looks_like_a_lone_surrogate_is_read(text: str) -> None:
    assert plain.decode(text) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        '"\\\\\\ud800"',
        '"\\\\ud83d\\ude00"',
        '"\\ud83d\\\\ude00"',
        '"\\uDC00"',
        '"\\ud83d\\u0061"',
        '["\\ud83d", "\\ude00"]',
    ],
)
def test_a_lone_surrogate_is_seen_between_other_escapes(text: str) -> None:
    with pytest.raises(PayloadDecodeError, match="surrogate"):
        plain.decode(text)


@pytest.mark.parametrize("before", [0, 1, 49, 50, 51, 999, 1000, 1001, 1049, 5000])
def test_an_integer_of_1001_digits_is_found_at_any_place(before: int) -> None:
    start = '"' + "a" * before + '", '
    assert json_read.has_long_number(f"[{start}{'7' * 1001}]")
    assert not json_read.has_long_number(f"[{start}{'7' * 1000}, 1]")
    with pytest.raises(PayloadDecodeError, match="more than 1000 digits"):
        plain.decode(f"[{start}-{'7' * 1001}]")
    assert plain.decode(f'[{start}"{"7" * 1001}"]')[1] == "7" * 1001


@pytest.mark.parametrize("objects", [1, 60, 61, 62, 63, 64])
@pytest.mark.parametrize("arrays", [0, 1, 2, 3])
def test_depth_is_counted_over_objects_and_arrays(objects: int, arrays: int) -> None:
    text = "[" * arrays + '{"a":' * objects + "1" + "}" * objects + "]" * arrays
    if objects + arrays <= 64:
        assert plain.decode(text) == json.loads(text)
    else:
        with pytest.raises(PayloadDecodeError, match="nested deeper than 64"):
            plain.decode(text)


def test_depth_is_counted_in_the_last_of_many() -> None:
    flat = ", ".join(['{"a": [1]}'] * 300)
    assert len(plain.decode(f"[{flat}, {'[' * 63}{']' * 63}]")) == 301
    for inside in ("", "1", '{"a": 1}', "{}"):
        with pytest.raises(PayloadDecodeError, match="nested deeper than 64"):
            plain.decode(f"[{flat}, {'[' * 64}{inside}{']' * 64}]")
    with pytest.raises(PayloadDecodeError, match="nested deeper than 64"):
        plain.decode(f"[{flat}, {'[' * 63}{{}}{']' * 63}, 1]")
