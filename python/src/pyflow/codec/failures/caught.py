"""The failure that a Python exception is."""

from __future__ import annotations

from types import TracebackType

from pyflow.errors import ApplicationError, Failure, InvocationFailedException


def failure_of(error: BaseException) -> Failure:
    """What to tell of `error`: type, message, stack, and its causes, each once.

    An ApplicationError gives its own type, details and whether to retry; any other error its class.
    """
    return _failure(error, set())


def type_of(error: BaseException) -> str:
    """The type of that failure alone, which costs nothing."""
    return error.type if isinstance(error, ApplicationError) else _class_name(type(error))


def _failure(error: BaseException, seen: set[int]) -> Failure:
    seen.add(id(error))
    name = _class_name(type(error))
    told = error if isinstance(error, ApplicationError) else None
    return Failure(
        type=type_of(error),
        message=_message(error),
        language="python",
        class_name=name,
        stack=_stack(error.__traceback__),
        non_retryable=told.non_retryable if told else False,
        retry_after=told.retry_after if told else None,
        details=told.details if told else None,
        cause=_cause(error, seen),
    )


def _cause(error: BaseException, seen: set[int]) -> Failure | None:
    if isinstance(error, InvocationFailedException):
        return error.failure
    cause = error.__cause__
    if cause is None and not error.__suppress_context__:
        cause = error.__context__
    return None if cause is None or id(cause) in seen else _failure(cause, seen)


def _class_name(kind: type[BaseException]) -> str:
    """`ValueError`, `acme.errors.Declined`; a class of the script that runs has no stable module."""
    if kind.__module__ in ("builtins", "__main__"):
        return kind.__qualname__
    return f"{kind.__module__}.{kind.__qualname__}"


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as trouble:  # a broken __str__ must not hide the error itself
        return f"its message could not be read: {type(trouble).__name__}"


def _stack(traceback: TracebackType | None) -> tuple[str, ...]:
    """One line a frame, innermost first: `acme/charge.py:12 in charge`."""
    lines = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        lines.append(f"{code.co_filename}:{traceback.tb_lineno} in {code.co_name}")
        traceback = traceback.tb_next
    return tuple(reversed(lines))
