"""What handlers print is ours to tell: on stderr, line by line, with the function's name."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("print('one'); print('two')", ["one", "two"]),
        ("sys.stderr.write('to stderr\\n')", ["to stderr"]),
        ("sys.stdout.write('no newline')", ["no newline"]),
        ("os.system('echo from a child')", ["from a child"]),
        (r"os.write(1, b'caf\xe9\n')", [r"caf\xe9"]),
        ("print('Grüße 🎈')", ["Grüße 🎈"]),
        (r"print('50%\r100%')", ["50%", "100%"]),
        ("print('a' * 65_000)", ["a" * 65_000]),
        ("print('last words'); os._exit(1)", ["last words"]),
    ],
)
def test_what_a_handler_prints_is_on_stderr_behind_its_name(
    invoke_once: Callable[..., object], capsys: pytest.CaptureFixture[str], body: str, lines: list[str]
) -> None:
    invoke_once(f"import os, sys\ndef handler(event, context): {body}")
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "".join(f"[app] {line}\n" for line in lines)


def test_a_line_without_end_is_broken_up(
    invoke_once: Callable[..., object], capsys: pytest.CaptureFixture[str]
) -> None:
    invoke_once("import sys\ndef handler(event, context): sys.stdout.write('x' * 1_000_000)")
    lines = capsys.readouterr().err.splitlines()
    assert sum(len(line.removeprefix("[app] ")) for line in lines) == 1_000_000
    assert max(len(line) for line in lines) <= 2 * 65_536 + 6


def test_a_stack_that_awslambdaric_logs_reads_as_python_prints_it(
    invoke_once: Callable[..., object], capsys: pytest.CaptureFixture[str]
) -> None:
    invoke_once("def handler(event, context):\n    return event['amount']\n")
    lines = capsys.readouterr().err.splitlines()
    first = lines.index("[app] [ERROR] KeyError: 'amount'")
    assert lines[first + 1] == "[app] Traceback (most recent call last):"
    assert lines[first + 2].startswith("[app]   File ")
