"""examples/strings, by the very commands of its README: three Lambda functions, a sub-workflow, a starter."""

from __future__ import annotations

import os
import select
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from deadline import until
from snippets import shell_blocks

from pyflow.swf.boto import client
from pyflow.testing.processes import Process

EXAMPLE = Path(__file__).parent.parent / "examples" / "strings"
LOCAL, DECIDER, STARTER = shell_blocks(EXAMPLE / "README.md")[0].splitlines()
[TIMELINE] = shell_blocks(EXAMPLE / "README.md")[1].splitlines()
DOCUMENTED = "http://127.0.0.1:4599"
BIN = Path(sys.executable).parent

Start = Callable[..., Process]
Starter = Callable[..., subprocess.Popen[str]]


def command(line: str, endpoint: str = DOCUMENTED) -> list[str | Path]:
    """A line of the README for an endpoint; `pyflow` and `python` are this environment's."""
    program, *arguments = shlex.split(line.replace(DOCUMENTED, endpoint))
    return [BIN / program, *arguments]


@pytest.fixture
def swf(start: Start) -> Process:
    """The README's local SWF with the three functions, on a port of its own; deciders end within a second."""
    return start("local-swf", [*command(LOCAL), "--port", "0", "--poll-seconds", "1"], cwd=EXAMPLE)


@pytest.fixture
def endpoint(swf: Process) -> str:
    """Its URL."""
    return swf.ready_line.split()[1]


@pytest.fixture
def starter() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the README's starter against an endpoint, with another text where one is given."""
    started: list[subprocess.Popen[str]] = []

    def begin(endpoint: str, text: str | None = None) -> subprocess.Popen[str]:
        setting, _, *arguments = shlex.split(STARTER.replace(DOCUMENTED, endpoint))
        if text is not None:
            arguments[-1] = text
        name, _, value = setting.partition("=")
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=EXAMPLE,
            env={**os.environ, name: value},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def test_the_readmes_commands_transform_the_text(start: Start, endpoint: str, starter: Starter) -> None:
    start("decider", command(DECIDER, endpoint), cwd=EXAMPLE)
    process = starter(endpoint)
    printed, log = process.communicate(timeout=60)
    assert (process.returncode, printed) == (0, "ELBARUD SWOLFKROW DAER EKIL NIALP EDOC\n"), log
    workflow_id = log.split()[1]
    timeline = subprocess.check_output(
        command(TIMELINE.replace("WORKFLOW_ID", workflow_id), endpoint), text=True, timeout=60
    )
    assert timeline.count("WordTransformer 1.0") == 6
    assert timeline.count("concatenate") == 1


def test_words_of_any_script_are_transformed(start: Start, endpoint: str, starter: Starter) -> None:
    start("decider", command(DECIDER, endpoint), cwd=EXAMPLE)
    assert starter(endpoint, "straße μήλα 🎈!").communicate(timeout=60)[0] == "ESSARTS ΑΛΉΜ !🎈\n"


def test_a_text_without_words_fails_the_workflow_and_the_starter_says_so(
    start: Start, endpoint: str, starter: Starter
) -> None:
    start("decider", command(DECIDER, endpoint), cwd=EXAMPLE)
    process = starter(endpoint, " ")
    printed, log = process.communicate(timeout=60)
    assert (process.returncode, printed) == (1, "")
    assert log.splitlines()[1] == "FAILED: NO_WORDS: a text with words is needed, not ' '"


def test_a_decider_stopped_with_work_open_is_continued_by_the_next(
    start: Start, endpoint: str, starter: Starter
) -> None:
    first = start("decider", command(DECIDER, endpoint), cwd=EXAMPLE)
    process = starter(endpoint, " ".join(["word"] * 30))
    swf = client(endpoint_url=endpoint)
    until(
        lambda: swf.count_open_workflow_executions(
            domain="strings", startTimeFilter={"oldestDate": 0}, typeFilter={"name": "WordTransformer"}
        )["count"],
        "a child is open",
    )
    assert first.stop() == 0
    assert process.poll() is None
    start("decider", command(DECIDER, endpoint), cwd=EXAMPLE)
    assert process.communicate(timeout=60)[0] == " ".join(["DROW"] * 30) + "\n"


def test_the_local_swf_leaves_no_function_running(
    start: Start, swf: Process, endpoint: str, starter: Starter
) -> None:
    start("decider", command(DECIDER, endpoint), cwd=EXAMPLE)
    assert starter(endpoint, "one word").communicate(timeout=60)[0] == "ENO DROW\n"
    functions = [os.pidfd_open(pid) for pid in children(swf.process.pid)]
    assert len(functions) >= 3
    assert swf.stop() == 0
    for function in functions:
        ended, _, _ = select.select([function], [], [], 10)
        os.close(function)
        assert ended


def children(pid: int) -> list[int]:
    """The processes whose parent this is."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found
