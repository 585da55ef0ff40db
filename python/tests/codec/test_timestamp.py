"""A timestamp is a datetime in UTC that keeps nanoseconds."""

from __future__ import annotations

import copy
import pickle
from datetime import datetime, timedelta, timezone

import pytest

from pyflow.codec import Timestamp

NOON = datetime(2026, 11, 23, 12, 0, 0, 500_000, tzinfo=timezone.utc)
BERLIN = timezone(timedelta(hours=1))


def test_it_equals_the_datetime_of_the_same_instant() -> None:
    assert Timestamp.of(NOON) == NOON
    assert Timestamp.of(NOON) == NOON
    assert hash(Timestamp.of(NOON)) == hash(NOON)
    assert Timestamp.of(NOON.astimezone(BERLIN)) == NOON
    assert Timestamp.of(NOON) != "2026-11-23T12:00:00.500Z"


def test_a_nanosecond_makes_a_difference() -> None:
    one, next_ = Timestamp.of(NOON, 500_000_001), Timestamp.of(NOON, 500_000_002)
    assert one != next_
    assert one != NOON
    assert NOON < one < next_
    assert next_ > one >= one <= next_
    assert sorted([next_, one, NOON]) == [NOON, one, next_]
    assert len({one, next_, Timestamp.of(NOON, 500_000_001)}) == 2


def test_its_parts() -> None:
    moment = Timestamp.parse("1969-12-31T23:59:59.123456789Z")
    assert (moment.epoch_seconds, moment.nanosecond, moment.microsecond) == (-1, 123_456_789, 123_456)
    assert moment.tzinfo is timezone.utc
    assert isinstance(moment, datetime)


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00.001Z",
        "2026-11-23T12:00:00.000001Z",
        "9999-12-31T23:59:59.999999999Z",
        "0999-01-01T00:00:00.100Z",
    ],
)
def test_it_is_written_as_it_is_read(text: str) -> None:
    assert str(Timestamp.parse(text)) == text
    assert repr(Timestamp.parse(text)) == f"Timestamp.parse('{text}')"


def test_copies_keep_the_nanoseconds() -> None:
    moment = Timestamp.at(1, 123_456_789)
    for twin in (copy.copy(moment), copy.deepcopy(moment), pickle.loads(pickle.dumps(moment))):
        assert twin == moment
        assert type(twin) is Timestamp


def test_arithmetic_counts_microseconds() -> None:
    later = Timestamp.at(0, 1_999) + timedelta(seconds=1)
    assert later == Timestamp.at(1, 1_000)
    assert later - Timestamp.at(0) == timedelta(seconds=1, microseconds=1)


def test_another_zone_gives_an_ordinary_datetime() -> None:
    there = Timestamp.of(NOON).astimezone(BERLIN)
    assert type(there) is datetime
    assert there.hour == 13


def test_a_zone_given_to_the_constructor_is_converted() -> None:
    assert Timestamp(2026, 11, 23, 13, tzinfo=BERLIN).hour == 12
    assert Timestamp(2026, 11, 23, 13).hour == 13


@pytest.mark.parametrize("nanosecond", [-1, 1_000_000_000])
def test_a_second_has_a_billion_nanoseconds(nanosecond: int) -> None:
    with pytest.raises(ValueError, match="a second has no nanosecond"):
        Timestamp.at(0, nanosecond)


@pytest.mark.parametrize("seconds", [-62_135_596_801, 253_402_300_800, 2**63])
def test_it_stays_between_the_years_1_and_9999(seconds: int) -> None:
    with pytest.raises(ValueError, match="not in the years 1 to 9999"):
        Timestamp.at(seconds)


def test_a_naive_datetime_is_no_instant() -> None:
    with pytest.raises(ValueError, match="give it a tzinfo"):
        Timestamp.of(datetime(2026, 1, 1))
