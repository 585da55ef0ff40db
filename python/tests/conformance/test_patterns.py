"""What a value must be like, and what is said where it is not."""

from __future__ import annotations

import pytest

from pyflow.conformance.patterns import misfit, written

FITS = [
    (1, 1),
    ({"a": 1}, {"a": 1, "b": 2}),
    ({"a": None}, {"b": 2}),
    ([1, {"$at_least": 2}], [1, 3]),
    ({"$at_least": 1, "$at_most": 3}, 2.5),
    ({"$units": 3, "$ends": "…"}, "💥…"),
    ({"$not_empty": True}, "x"),
    ({"$not_empty": False}, None),
    ({"$length": 2}, b"ab"),
    ({"$is": {}}, {}),
]

MISFITS = [
    (1, 2, "it is 2, should be 1"),
    (1, True, "it is True, should be 1"),
    (1, 1.0, "it is 1.0, should be 1"),
    ({"a": None}, {"a": 0}, "it.a is 0, should be None"),
    ({"a": {"b": 1}}, {"a": {}}, "it.a.b is None, should be 1"),
    ([1], [1, 2], "it is [1, 2], should be [1]"),
    ({"$at_least": 1}, True, "it is True, should be at least 1"),
    ({"$units": 1}, "💥", "it is '💥', should be units 1"),
]


@pytest.mark.parametrize(("pattern", "value"), FITS)
def test_a_value_fits(pattern, value):
    assert misfit(pattern, value, "it") is None


@pytest.mark.parametrize(("pattern", "value", "said"), MISFITS)
def test_a_value_that_does_not_fit_is_told_with_its_place(pattern, value, said):
    assert misfit(pattern, value, "it") == said


def test_long_texts_are_written_shortly():
    assert written({"a": [{"$repeat": ["ab", 3]}]}) == {"a": ["ababab"]}
    assert len(written({"$random": 6000})) == 6000
    assert written({"$random": 8}) == written({"$random": 8})
