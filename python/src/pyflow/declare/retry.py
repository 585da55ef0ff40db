"""When a step is tried again, and after how long: the policy alone, pure. Its timers are flow/retry.py's."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields

from pyflow.errors import Failure, PyflowException

TIMEOUTS = ("START_TO_CLOSE", "HEARTBEAT", "SCHEDULE_TO_START", "SCHEDULE_TO_CLOSE")
LONGEST = 99_999_999  # seconds of a timer; SWF holds eight digits


@dataclass(frozen=True)
class RetryPolicy:
    """Tries a step again that failed or timed out: `RetryPolicy(5, first=2, never_on=["CardDeclined"])`.

    attempts: in total, the first among them; None for any number until `expires`.
    first, backoff, maximum: seconds before the second attempt, by how much each wait is longer than the one
    before, and the longest. jitter: the part of a wait, 0 to 1, that the run's dice add or take away. What comes out is
    rounded up to whole seconds; 0 is no wait.
    expires: seconds since the first attempt was asked for, after which no other begins.
    on: the failure types that are tried again, None for all; never_on: those that are not, which wins. A name is
    matched as it is, or by its beginning if it ends with `*`. timeouts: which timeouts are tried again.

    Left to be the last: a failure whose document says `non_retryable`, a cancel, and, unless `on` names it,
    what is no failure of the step itself: SWF refused it, somebody terminated it, its result can't be read.
    By default the timeouts of an attempt that stopped are tried again. SCHEDULE_TO_START is not, since another
    attempt goes to the end of the same line; SCHEDULE_TO_CLOSE is not, since it limits the step as a whole.
    Raises PyflowException for a policy that makes no sense.
    """

    attempts: int | None
    first: float = 1
    backoff: float = 2.0
    maximum: float = 3_600
    jitter: float = 0.1
    expires: float | None = None
    on: Collection[str] | None = None
    never_on: Collection[str] = ()
    timeouts: Collection[str] = ("START_TO_CLOSE", "HEARTBEAT")

    def __post_init__(self) -> None:
        for name in ("on", "never_on", "timeouts"):
            object.__setattr__(self, name, _names(getattr(self, name), name))
        for sentence in self._mistakes():
            raise PyflowException(sentence)

    def after_failure(self, failure: Failure, *, final: bool = False) -> bool:
        """Whether a failure is one to try again after. final: it is none of the step itself."""
        if failure.non_retryable or self.is_never_for(failure.type):
            return False
        return not final if self.on is None else _is_among(failure.type, self.on)

    def is_never_for(self, failure_type: str) -> bool:
        """Whether `never_on` names a type."""
        return _is_among(failure_type, self.never_on)

    def after_timeout(self, timeout: str | None) -> bool:
        """Whether a timeout, by SWF's name, is one to try again after."""
        return timeout in self.timeouts

    def wait(self, made: int, throw: float, at_least: float | None = None) -> int:
        """Whole seconds to wait after so many attempts.

        throw: of the dice, 0 to 1; at_least: the failure's `retry_after`.
        """
        try:
            bound = min(self.maximum, self.first * float(self.backoff) ** (made - 1))
        except OverflowError:
            bound = self.maximum if self.first else 0
        jittered = bound * (1 + self.jitter * (2 * throw - 1))
        return min(LONGEST, max(_whole(jittered), _whole(at_least or 0)))

    def allows(self, made: int) -> bool:
        """Whether another attempt may follow so many."""
        return self.attempts is None or made < self.attempts

    def in_time(self, seconds: float) -> bool:
        """Whether an attempt may begin so many seconds after the first was asked for."""
        return self.expires is None or seconds <= self.expires

    def _mistakes(self) -> Iterable[str]:
        if self.attempts is None:
            if self.expires is None:
                yield "a RetryPolicy with attempts=None has no expires: say when to give up"
        elif not isinstance(self.attempts, int) or isinstance(self.attempts, bool) or self.attempts < 1:
            yield (
                f"attempts of a RetryPolicy is {self.attempts!r}: it must be a whole number from 1, or None with expires"
            )
        least_and_most = {
            "first": (0, LONGEST),
            "backoff": (1, 1_000),
            "maximum": (0, LONGEST),
            "jitter": (0, 1),
            "expires": (0, math.inf),
        }
        for name, (least, most) in least_and_most.items():
            value = getattr(self, name)
            if name == "expires" and value is None:
                continue
            if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
                limits = f"from {least}" if most == math.inf else f"from {least} to {most}"
                yield f"{name} of a RetryPolicy is {value!r}: it must be a number {limits}"
        if self.first > self.maximum:
            yield f"first of a RetryPolicy is {self.first!r}: it must be at most its maximum, {self.maximum!r}"
        for timeout in self.timeouts:
            if timeout not in TIMEOUTS:
                yield f"timeouts of a RetryPolicy has {timeout!r}: there are {', '.join(TIMEOUTS)}"

    def __repr__(self) -> str:
        said = ", ".join(
            f"{each.name}={getattr(self, each.name)!r}"
            for each in fields(self)
            if each.name == "attempts" or getattr(self, each.name) != each.default
        )
        return f"RetryPolicy({said})"


def _whole(seconds: float) -> int:
    """Rounded up, but for what the arithmetic of floats adds. Infinite ones are longer than any timer."""
    return math.ceil(round(min(seconds, LONGEST), 6))


def _is_among(failure_type: str, names: Iterable[str]) -> bool:
    return any(
        failure_type.startswith(name[:-1]) if name.endswith("*") else failure_type == name for name in names
    )


def _names(names: object, what: str) -> tuple[str, ...] | None:
    if names is None and what == "on":
        return None
    if isinstance(names, str):
        raise PyflowException(f"{what} of a RetryPolicy is the text {names!r}: give a list of names")
    found = tuple(names) if isinstance(names, Iterable) else (names,)
    for name in found:
        if not isinstance(name, str) or not name:
            raise PyflowException(f"{what} of a RetryPolicy has {name!r}: it must be a list of names")
    return found
