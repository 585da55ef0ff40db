"""What a handler can do to its host, and what comes of it: a table of rows by runtimes.

The rows are those of local/lambdas/README.md; what is done is written in lambda_runtimes/faults.*, under the same words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

FAILED = "LambdaFunctionFailed"
COMPLETED = "LambdaFunctionCompleted"
TIMED_OUT = "LambdaFunctionTimedOut"


@dataclass(frozen=True)
class Case:
    """What a handler does, and what comes of it.

    event: the event's type; told: the result, or the error document's type; warm: whether the process goes on;
    function: which of HANDLERS; input: instead of `{"do": …}`; options: of the lambda task.
    """

    do: str
    event: str
    told: str
    warm: bool = False
    function: str = ""
    input: str | None = None
    options: tuple[tuple[str, str], ...] = ()


PID = Case("pid", COMPLETED, "")
PRINTS = Case("print", COMPLETED, "null", warm=True)

raises = partial(Case, "raise", FAILED, warm=True)
unreadable = partial(Case, "read", FAILED, warm=True)
unwritable = partial(Case, "unwritable", FAILED, warm=True)
not_json = Case("not JSON", FAILED, "Runtime.MarshalError", warm=True)
decimal = partial(Case, "decimal", COMPLETED, warm=True)
exits = tuple(Case(how, FAILED, "Runtime.ExitError") for how in ("exit", "abort", "die"))
too_long = Case("32 769 characters", FAILED, "Function.ResponseSizeTooLarge", warm=True)
too_large = Case("7 MiB", FAILED, "Function.ResponseSizeTooLarge")
waits = Case("wait", TIMED_OUT, "START_TO_CLOSE", options=(("startToCloseTimeout", "2"),))
hurried = Case("wait", FAILED, "Sandbox.Timedout", function="-hurried")
holds = Case("hold", FAILED, "Runtime.ExitError")
leaves = Case("leave", FAILED, "Runtime.ExitError", function="-leaving")


def loads(**error_types: str) -> tuple[Case, ...]:
    """Handlers that can't be loaded, and the type of the error that their runtime posts."""
    return tuple(Case("load", FAILED, told, function=f"-{why}") for why, told in error_types.items())


Entry = Case | tuple[Case, ...] | str

# each row of the table in local/lambdas/README.md, by runtime: the cases, or why there is none
FAULTS: dict[str, dict[str, Entry]] = {
    "raises": {
        "python": raises("LookupError"),
        "java": raises("java.util.NoSuchElementException"),
        "node": raises("RangeError"),
    },
    "gets an event that its runtime can't read": {
        "python": unreadable("Runtime.UnmarshalError", input="9" * 5000),
        "java": unreadable("java.lang.RuntimeException", input="[1]"),
        "node": "JSON.parse reads whatever is JSON",
    },
    "returns what its runtime can't write: a set, a BigInt": {
        "python": unwritable("Runtime.MarshalError"),
        "java": unwritable("java.lang.RuntimeException"),
        "node": unwritable("TypeError"),
    },
    "returns what JSON has no place for: NaN, bytes, a lone surrogate": {
        "python": not_json,
        "java": not_json,
        "node": not_json,
    },
    "returns a Decimal": {"python": decimal("1.10"), "java": decimal("1.10"), "node": decimal("1.1")},
    "returns more than 32 768 characters": {"python": too_long, "java": too_long, "node": too_long},
    "returns more than 6 MB": {"python": too_large, "java": too_large, "node": too_large},
    "prints": {"python": PRINTS, "java": PRINTS, "node": PRINTS},
    "exits, or dies of a signal": {"python": exits, "java": exits, "node": exits},
    "can't be loaded": {
        "python": loads(
            nowhere="Runtime.ImportModuleError",
            nameless="Runtime.HandlerNotFound",
            broken="Runtime.UserCodeSyntaxError",
            failing="ZeroDivisionError",
        ),
        "java": loads(
            nowhere="java.lang.ClassNotFoundException",
            nameless="",  # AWS's client tells no type of it
            broken="",
            failing="java.lang.ExceptionInInitializerError",
        ),
        "node": loads(nowhere="Error", nameless="TypeError", broken="SyntaxError", failing="RangeError"),
    },
    "exits while it is loaded": {"python": leaves, "java": leaves, "node": leaves},
    "runs longer than its start-to-close timeout": {"python": waits, "java": waits, "node": waits},
    "runs longer than its own limit": {"python": hurried, "java": hurried, "node": hurried},
    "holds more memory than its limit": {"python": holds, "java": holds, "node": holds},
}


def cases() -> Iterator[tuple[str, str, Case]]:
    """Each case, behind its row and runtime."""
    for row, entries in FAULTS.items():
        for runtime, entry in entries.items():
            for case in () if isinstance(entry, str) else entry if isinstance(entry, tuple) else (entry,):
                yield row, runtime, case
