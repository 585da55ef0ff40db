"""What a Python exception becomes."""

from __future__ import annotations

from pyflow.codec import decode_failure, encode_failure, failure_of
from pyflow.errors import ApplicationError, Failure, InvocationFailedException


class Declined(ApplicationError):
    """An error of an application's own."""


class Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException as caught:
        return caught


def test_an_ordinary_error_is_known_by_its_class() -> None:
    failure = failure_of(raised(ValueError("amount is -1")))
    assert (failure.type, failure.message) == ("ValueError", "amount is -1")
    assert (failure.language, failure.class_name) == ("python", "ValueError")
    assert failure.non_retryable is False
    assert failure.cause is None
    assert failure.stack[0].endswith(" in raised")


def test_a_class_of_a_module_is_known_by_both() -> None:
    assert failure_of(Mute()).type == f"{__name__}.Mute"


def test_a_class_of_the_script_that_runs_is_known_by_its_name_alone() -> None:
    script = type("Refused", (Exception,), {"__module__": "__main__"})
    assert failure_of(script("x")).type == "Refused"


def test_an_application_error_says_its_own_type_and_more() -> None:
    error = ApplicationError(
        "card declined", type="CardDeclined", non_retryable=True, details={"code": 7}, retry_after=30
    )
    failure = failure_of(error)
    assert failure == Failure(
        type="CardDeclined",
        message="card declined",
        language="python",
        class_name="pyflow.errors.ApplicationError",
        non_retryable=True,
        retry_after=30,
        details={"code": 7},
    )
    assert failure_of(Declined("no", type="CardDeclined")).class_name == f"{__name__}.Declined"


def test_the_cause_is_the_one_given_or_else_the_error_being_handled() -> None:
    given = failure_of(raised(ValueError("outer"), KeyError("inner")))
    assert given.cause is not None
    assert (given.cause.type, given.cause.message) == ("KeyError", "'inner'")
    try:
        try:
            raise KeyError("inner")
        except KeyError:
            raise ValueError("outer")  # noqa: B904
    except ValueError as error:
        handled = failure_of(error)
    assert handled.cause is not None
    assert handled.cause.type == "KeyError"


def test_from_none_leaves_the_cause_out() -> None:
    try:
        try:
            raise KeyError("inner")
        except KeyError:
            raise ValueError("outer") from None
    except ValueError as error:
        assert failure_of(error).cause is None


def test_errors_that_cause_each_other_end_there() -> None:
    one, two = ValueError("one"), KeyError("two")
    one.__cause__, two.__cause__ = two, one
    failure = failure_of(one)
    assert failure.cause is not None
    assert failure.cause.type == "KeyError"
    assert failure.cause.cause is None


def test_the_cause_of_a_failed_step_is_the_failure_from_over_there() -> None:
    there = Failure(type="CardDeclined", message="card declined", language="ruby")
    assert failure_of(InvocationFailedException("CardDeclined", "…", failure=there)).cause == there


def test_an_error_that_can_not_be_put_into_words_is_told_all_the_same() -> None:
    assert failure_of(Mute()).message == "its message could not be read: RuntimeError"


def test_the_frames_are_innermost_first() -> None:
    def inner() -> None:
        raise ValueError("x")

    try:
        inner()
    except ValueError as error:
        stack = failure_of(error).stack
    assert [line.rpartition(" in ")[2] for line in stack] == [
        "inner",
        "test_the_frames_are_innermost_first",
    ]


def test_what_is_told_can_be_read_again() -> None:
    failure = failure_of(raised(ValueError("outer"), KeyError("inner")))
    assert decode_failure(*encode_failure(failure)) == failure
