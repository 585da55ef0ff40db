"""Each row of the tables in local/lambdas/README.md has its tests, and they are there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from local_lambdas.readme import rows

FAULTY = "test_handler_faults.py::test_a_faulty_answer_is_an_unhandled_error_with_lambdas_document"
LOADED = "test_handler_faults.py::test_a_module_that_cannot_be_loaded_fails_the_task_that_wanted_it"
KILLED = (
    "test_limits.py::test_a_process_that_holds_too_much_memory_is_killed_and_another_takes_the_next_event"
)

TESTS: dict[str, dict[str, list[str]]] = {
    "What a handler can do to its host": {
        "raises": [
            FAULTY,
            "test_handler_faults.py::test_what_a_handler_raises_comes_with_its_stack",
            "test_warm_processes.py::test_a_handler_that_raised_keeps_its_process",
        ],
        "gets an event that its runtime can't read": [
            "test_handler_faults.py::test_an_event_that_python_cannot_read_is_the_runtime_clients_fault_to_tell"
        ],
        "returns what its runtime can't write: a set, a BigInt": [FAULTY],
        "returns what JSON has no place for: NaN, bytes, a lone surrogate": [FAULTY],
        "returns a Decimal": [
            "test_handler_faults.py::test_a_decimal_is_the_number_it_shows",
            "test_handler_faults.py::test_bytes_that_are_json_are_taken_as_they_are",
        ],
        "returns more than 32 768 characters": [
            FAULTY,
            "test_handler_faults.py::test_the_longest_result_that_swf_holds_is_taken",
            "test_commands.py::test_a_result_is_measured_as_swf_measures_it",
        ],
        "returns more than 6 MB": [FAULTY],
        "prints": ["test_output.py::test_what_a_handler_prints_is_on_stderr_behind_its_name"],
        "exits, or dies of a signal": [
            "test_handler_faults.py::test_a_handler_that_ends_its_process_fails_with_an_exit_error",
            "test_warm_processes.py::test_after_an_exit_the_next_invocation_has_a_new_process",
        ],
        "can't be loaded": [LOADED],
        "exits while it is loaded": [
            "test_handler_faults.py::test_a_module_that_exits_while_it_is_imported_fails_with_an_exit_error"
        ],
        "runs longer than its start-to-close timeout": [
            "test_handler_faults.py::test_a_handler_that_runs_too_long_times_out",
            "test_handler_faults.py::test_a_module_that_never_finishes_importing_times_out",
            "test_warm_processes.py::test_a_timeout_ends_the_whole_process_group",
        ],
        "runs longer than its own limit": [
            "test_limits.py::test_a_function_over_its_own_time_fails_in_lambdas_words_and_loses_its_process"
        ],
        "holds more memory than its limit": [
            KILLED,
            "test_limits.py::test_memory_that_a_child_holds_is_the_functions_too",
        ],
    },
    "What reaches no handler": {
        "has an input that is not JSON": [
            "test_events.py::test_an_event_that_is_not_json_reaches_no_handler",
            "test_through_swf.py::test_an_event_that_is_not_json_fails_its_task_and_reaches_no_function",
        ],
        "names a function that nobody hosts": [
            "test_through_swf.py::test_a_function_that_nobody_hosts_fails_its_task"
        ],
        "is of a run without a role": ["test_through_swf.py::test_without_a_role_no_function_is_started"],
        "needs a program that is gone since the start": [
            "test_commands.py::test_a_program_that_is_gone_when_it_is_needed_fails_the_task_with_a_sentence"
        ],
        "is under way when the host is closed": [
            "test_warm_processes.py::test_close_ends_what_is_idle_and_what_is_busy"
        ],
        "is forwarded, and the endpoint is not there": [
            "test_through_swf.py::test_an_endpoint_that_is_not_there_is_a_clients_error"
        ],
        "is forwarded, and the endpoint refuses it": [
            "test_through_swf.py::test_a_forwarded_function_that_fails_is_recorded_with_lambdas_reason"
        ],
    },
}


@pytest.mark.parametrize("title", TESTS)
def test_every_row_of_the_readme_names_its_tests(title: str) -> None:
    assert list(TESTS[title]) == rows(title)


def test_every_test_that_a_row_names_is_there() -> None:
    named = {test for table in TESTS.values() for tests in table.values() for test in tests}
    there = {
        f"{path.name}::{node.name}"
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert named - there == set()
