"""Strict JSON: what goes on to SWF and to other languages, and what is stopped here."""

from __future__ import annotations

import json

import pytest

from pyflow.local.lambdas.json_text import NotJson, json_text

REFUSED = {
    b"": "Expecting value: line 1 column 1 (char 0)",
    b"1 2": "Extra data: line 1 column 3 (char 2)",
    b"{'a': 1}": "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
    b"NaN": "NaN is not JSON",
    b"[Infinity]": "Infinity is not JSON",
    b'{"a": -Infinity}': "-Infinity is not JSON",
    b'"\xff"': "byte 1 is not UTF-8",
    b'"\xed\xa0\x80"': "byte 1 is not UTF-8",
    rb'"\ud800"': "a string holds the lone surrogate U+D800",
    rb'["\uDC00\uD800"]': "a string holds the lone surrogate U+DC00",
    rb'{"\udfff": 1}': "a string holds the lone surrogate U+DFFF",
    b"[" * 100_000: "nested too deep",
}

TAKEN = [
    b"null",
    b' {"a" : [1.10, -0, 1E400]}\n',
    b"9" * 5_000,
    '"Grüße 🎈"'.encode(),
    rb'"\ud83c\udf88"',
    rb'"not a surrogate: \\ud800"',
    b'"' + b"NaN" + b'"',
]


@pytest.mark.parametrize("body", REFUSED, ids=lambda body: repr(body[:20]))
def test_what_is_not_json_is_refused_with_the_place(body: bytes) -> None:
    with pytest.raises(NotJson) as refused:
        json_text(body)
    assert str(refused.value) == REFUSED[body]


@pytest.mark.parametrize("body", TAKEN, ids=lambda body: repr(body[:20]))
def test_json_is_taken_letter_by_letter(body: bytes) -> None:
    assert json_text(body) == body.decode()


def test_deep_nesting_that_python_reads_is_searched_for_surrogates() -> None:
    deep = json.dumps("\ud800")
    for _ in range(200):
        deep = f'{{"a": [{deep}]}}'
    with pytest.raises(NotJson):
        json_text(deep.encode())
