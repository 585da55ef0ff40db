"""What a handler can do to its host, each with a real process: the outcome of its own task, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from pyflow.local.lambdas import Completed, Failed, TimedOut

InvokeOnce = Callable[..., Completed | Failed | TimedOut]

# what the handler's body is: the error document's type, and its message
FAULTS = {
    "raise LookupError('no such order')": ("LookupError", "no such order"),
    "return {1, 2}": (
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type set is not JSON serializable",
    ),
    "return object()": (
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type object is not JSON serializable",
    ),
    "return float('nan')": ("Runtime.MarshalError", "Unable to marshal response: NaN is not JSON"),
    "return [float('-inf')]": ("Runtime.MarshalError", "Unable to marshal response: -Infinity is not JSON"),
    r"return b'\xff\xfe'": ("Runtime.MarshalError", "Unable to marshal response: byte 0 is not UTF-8"),
    "return b'plain text'": (
        "Runtime.MarshalError",
        "Unable to marshal response: Expecting value: line 1 column 1 (char 0)",
    ),
    r"return 'caf\ud800'": (
        "Runtime.MarshalError",
        "Unable to marshal response: a string holds the lone surrogate U+D800",
    ),
    r"return {'\udfff': 1}": (
        "Runtime.MarshalError",
        "Unable to marshal response: a string holds the lone surrogate U+DFFF",
    ),
    "return 'x' * 32_767": (
        "Function.ResponseSizeTooLarge",
        "result of app is 32769 characters, SWF takes 32768: return less, or a reference",
    ),
    "return 'x' * (7 * 2**20)": (
        "Function.ResponseSizeTooLarge",
        "Response payload size (7340034 bytes) exceeded maximum allowed payload size (6291556 bytes).",
    ),
}

# how the process ends in mid-invocation: what the document says of it
EXITS = {
    "sys.exit(3)": "Runtime exited with error: exit status 3",
    "sys.exit()": "Runtime exited without providing a reason",
    "os._exit(7)": "Runtime exited with error: exit status 7",
    "ctypes.string_at(0)": "Runtime exited with error: signal: segmentation fault",
    # awslambdaric can't write this into its log
    r"raise ValueError('caf\ud800')": "Runtime exited with error: exit status 1",
    "os.kill(os.getpid(), signal.SIGKILL)": "Runtime exited with error: signal: killed",
}

# a module that can't be loaded: the document's type, and how its message begins
MODULES = {
    "import nowhere_at_all": (
        "Runtime.ImportModuleError",
        "Unable to import module 'app': No module named 'nowhere_at_all'",
    ),
    "def other(event, context): ...": (
        "Runtime.HandlerNotFound",
        "Handler 'handler' missing on module 'app'",
    ),
    "def handler(event context): ...": (
        "Runtime.UserCodeSyntaxError",
        "Syntax error in module 'app': ",
    ),
    "RATE = 1 / 0": ("ZeroDivisionError", "division by zero"),
}


@pytest.mark.parametrize("body", FAULTS)
def test_a_faulty_answer_is_an_unhandled_error_with_lambdas_document(
    invoke_once: InvokeOnce, body: str
) -> None:
    outcome = invoke_once(f"def handler(event, context): {body}")
    assert isinstance(outcome, Failed)
    told = json.loads(outcome.details)
    assert (outcome.reason, told["errorType"], told["errorMessage"]) == ("UnhandledError", *FAULTS[body])


def test_what_a_handler_raises_comes_with_its_stack(invoke_once: InvokeOnce) -> None:
    outcome = invoke_once("def handler(event, context):\n    return event['amount']\n")
    assert isinstance(outcome, Failed)
    told = json.loads(outcome.details)
    assert told["errorType"] == "KeyError"
    assert told["stackTrace"][0].endswith("line 2, in handler\n    return event['amount']\n")


@pytest.mark.parametrize("body", EXITS)
def test_a_handler_that_ends_its_process_fails_with_an_exit_error(invoke_once: InvokeOnce, body: str) -> None:
    outcome = invoke_once(f"import ctypes, os, signal, sys\ndef handler(event, context): {body}")
    assert isinstance(outcome, Failed)
    told = json.loads(outcome.details)
    assert (outcome.reason, told["errorType"]) == ("UnhandledError", "Runtime.ExitError")
    assert told["errorMessage"].endswith(f" Error: {EXITS[body]}")


@pytest.mark.parametrize("source", MODULES)
def test_a_module_that_cannot_be_loaded_fails_the_task_that_wanted_it(
    invoke_once: InvokeOnce, source: str
) -> None:
    outcome = invoke_once(source)
    assert isinstance(outcome, Failed)
    told = json.loads(outcome.details)
    assert outcome.reason == "UnhandledError"
    assert told["errorType"] == MODULES[source][0]
    assert told["errorMessage"].startswith(MODULES[source][1])


def test_a_module_that_exits_while_it_is_imported_fails_with_an_exit_error(invoke_once: InvokeOnce) -> None:
    outcome = invoke_once("import sys\nsys.exit(4)\ndef handler(event, context): ...")
    assert isinstance(outcome, Failed)
    assert json.loads(outcome.details)["errorType"] == "Runtime.ExitError"
    assert "exit status 4" in outcome.details


def test_a_handler_that_runs_too_long_times_out(invoke_once: InvokeOnce) -> None:
    assert invoke_once("import time\ndef handler(event, context): time.sleep(600)", seconds=0.5) == TimedOut()


def test_a_module_that_never_finishes_importing_times_out(invoke_once: InvokeOnce) -> None:
    assert invoke_once("import time\ntime.sleep(600)", seconds=0.5) == TimedOut()


def test_an_event_that_python_cannot_read_is_the_runtime_clients_fault_to_tell(
    invoke_once: InvokeOnce,
) -> None:
    outcome = invoke_once("def handler(event, context): return event", "9" * 5000)
    assert isinstance(outcome, Failed)
    told = json.loads(outcome.details)
    assert (outcome.reason, told["errorType"]) == ("UnhandledError", "Runtime.UnmarshalError")


def test_a_document_too_long_for_swf_loses_its_stack_and_the_end_of_its_message(
    invoke_once: InvokeOnce,
) -> None:
    outcome = invoke_once("def handler(event, context): raise ValueError('é' * 50_000)")
    assert isinstance(outcome, Failed)
    told = json.loads(outcome.details)
    assert sorted(told) == ["errorMessage", "errorType"]
    assert told["errorMessage"].startswith("ééé")
    assert told["errorMessage"].endswith("…")
    assert 20_000 < len(outcome.details) <= 32_768


def test_a_decimal_is_the_number_it_shows(invoke_once: InvokeOnce) -> None:
    source = "import decimal\ndef handler(event, context): return {'price': decimal.Decimal('1.10')}"
    assert invoke_once(source) == Completed('{"price": 1.10}')


def test_bytes_that_are_json_are_taken_as_they_are(invoke_once: InvokeOnce) -> None:
    assert invoke_once("""def handler(event, context): return b'{"n":1}'""") == Completed('{"n":1}')


def test_the_longest_result_that_swf_holds_is_taken(invoke_once: InvokeOnce) -> None:
    outcome = invoke_once("def handler(event, context): return 'x' * 32_766")
    assert outcome == Completed('"' + "x" * 32_766 + '"')
