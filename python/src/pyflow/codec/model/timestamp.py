"""An instant to the nanosecond that is also a `datetime`, so that existing code takes it as one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any, SupportsIndex

_FORM = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]{3}|[0-9]{6}|[0-9]{9}))?Z"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_SECOND = timedelta(seconds=1)


class Timestamp(datetime):
    """A point in time, in UTC, with nanoseconds.

    nanosecond: the whole fraction of the second, 0 to 999 999 999; `microsecond` is its first six digits.
    Arithmetic and `replace` count in microseconds, as datetime does, and lose what is below.
    """

    __slots__ = ("_below",)
    _below: int

    def __new__(cls, *args: Any, **kwargs: Any) -> Timestamp:
        """Take what `datetime` takes, as UTC without a zone; `of`, `at` and `parse` take nanoseconds."""
        moment = datetime(*args, **kwargs)
        if moment.tzinfo is not None:
            moment = moment.astimezone(timezone.utc)
        self = super().__new__(cls, *moment.timetuple()[:6], moment.microsecond, timezone.utc)
        self._below = 0
        return self

    @classmethod
    def of(cls, moment: datetime, nanosecond: int | None = None) -> Timestamp:
        """The same instant as an aware datetime; `nanosecond` replaces its fraction of a second.

        Raises ValueError for a naive datetime: nobody knows which instant it is.
        """
        if isinstance(moment, Timestamp) and nanosecond is None:
            return moment
        if moment.utcoffset() is None:
            raise ValueError("a datetime without a time zone is no instant: give it a tzinfo")
        utc = _plain(moment).astimezone(timezone.utc)
        fraction = utc.microsecond * 1000 if nanosecond is None else nanosecond
        if not 0 <= fraction <= 999_999_999:
            raise ValueError(f"a second has no nanosecond {fraction}")
        self = cls(*utc.timetuple()[:6], fraction // 1000, timezone.utc)
        self._below = fraction % 1000
        return self

    @classmethod
    def at(cls, seconds: int, nanosecond: int = 0) -> Timestamp:
        """The instant `seconds` after the epoch, negative before it, and `nanosecond` into that second.

        Raises ValueError outside the years 1 to 9999.
        """
        try:
            moment = _EPOCH + timedelta(seconds=seconds)
        except OverflowError:
            raise ValueError(f"{seconds} seconds from the epoch is not in the years 1 to 9999") from None
        return cls.of(moment, nanosecond)

    @classmethod
    def parse(cls, text: str) -> Timestamp:
        """Read the one form the contract has, `2026-11-23T09:30:00.123456789Z`.

        Raises ValueError for every other form, and for a date or a time of day that does not exist.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"{text[:50]!r} is no timestamp of the form 2026-11-23T09:30:00Z")
        year, month, day, hour, minute, second = map(int, match.groups()[:6])
        fraction = int((match[7] or "").ljust(9, "0"))
        return cls.of(datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc), fraction)

    @property
    def nanosecond(self) -> int:
        """The fraction of the second, 0 to 999 999 999."""
        return self.microsecond * 1000 + self._below

    @property
    def epoch_seconds(self) -> int:
        """Whole seconds since the epoch, rounded down."""
        return (_plain(self) - _EPOCH) // _SECOND

    def __str__(self) -> str:
        """The contract's form, with 0, 3, 6 or 9 fraction digits: the fewest that lose nothing."""
        date = f"{self.year:04}-{self.month:02}-{self.day:02}"
        time = f"{self.hour:02}:{self.minute:02}:{self.second:02}"
        digits = f"{self.nanosecond:09}"
        while digits.endswith("000"):
            digits = digits[:-3]
        return f"{date}T{time}{'.' if digits else ''}{digits}Z"

    def __repr__(self) -> str:
        return f"Timestamp.parse({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, datetime) and self._order(other, datetime.__eq__, int.__eq__)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((super().__hash__(), self._below)) if self._below else super().__hash__()

    def __lt__(self, other: datetime) -> bool:  # type: ignore[override]
        return self._order(other, datetime.__lt__, int.__lt__)

    def __le__(self, other: datetime) -> bool:  # type: ignore[override]
        return self._order(other, datetime.__lt__, int.__le__)

    def __gt__(self, other: datetime) -> bool:  # type: ignore[override]
        return self._order(other, datetime.__gt__, int.__gt__)

    def __ge__(self, other: datetime) -> bool:  # type: ignore[override]
        return self._order(other, datetime.__gt__, int.__ge__)

    def _order(self, other: datetime, whole: Callable[..., bool], below: Callable[..., bool]) -> bool:
        """Compare microseconds as datetime does, and what is below them where those are equal."""
        if datetime.__eq__(self, other):
            return below(self._below, getattr(other, "_below", 0))
        return whole(self, other)

    def astimezone(self, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """The same instant as an ordinary datetime in the zone given, to the microsecond."""
        return _plain(self).astimezone(tz)

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return (Timestamp.at, (self.epoch_seconds, self.nanosecond))

    def __copy__(self) -> Timestamp:
        return self

    def __deepcopy__(self, memo: object) -> Timestamp:
        return self


def _plain(moment: datetime) -> datetime:
    """An ordinary datetime with the same fields: arithmetic on it makes no Timestamp."""
    return datetime(
        moment.year,
        moment.month,
        moment.day,
        moment.hour,
        moment.minute,
        moment.second,
        moment.microsecond,
        moment.tzinfo,
        fold=moment.fold,
    )
