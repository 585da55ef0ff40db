"""What type checkers make of the public API: mypy, and pyright where it is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typed.revealed import PREAMBLE, REFUSED, REVEALED

import pyflow
import pyflow.testing

pytest.importorskip("mypy")
HERE, PROJECT = Path(__file__).parent, Path(__file__).parents[2]
AUTHORS = [
    HERE / "a_strict_author.py",
    *sorted((PROJECT.parent / "examples" / "patterns").glob("*.py")),
]
INDENT = " " * 8


def checked(*files):
    """What `mypy --strict` says, line by line."""
    told = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", PROJECT / "pyproject.toml", "--no-error-summary", *files],
        cwd=PROJECT,
        env={**os.environ, "MYPYPATH": str(PROJECT / "src")},
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert not told.stderr, told.stderr
    return told.stdout.splitlines()


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """For each expression of both tables what mypy says of it, and what it says of the authors' files."""
    path = tmp_path_factory.mktemp("types") / "every_expression.py"
    expressions = [f"reveal_type({each})" for each in REVEALED] + list(REFUSED)
    path.write_text(PREAMBLE + "".join(f"{INDENT}{each}\n" for each in expressions))
    first = PREAMBLE.count("\n") + 1
    found = {each: [] for each in [*REVEALED, *REFUSED, "authors"]}
    for line in checked(path, *AUTHORS):
        file, number, what = line.split(":", 2)
        own = Path(file).name == path.name and int(number) >= first
        key = [*REVEALED, *REFUSED][int(number) - first] if own else "authors"
        found[key].append(what.strip() if own else line)
    return found


def test_authors_who_are_strict_find_nothing(told):
    assert told["authors"] == []


@pytest.mark.parametrize("expression", REVEALED)
def test_it_is_of_that_type(told, expression):
    [said] = told[expression]
    [revealed] = re.findall(r'^note: Revealed type is "(.*)"$', said)
    assert re.sub(r"\b(?:[a-z_0-9]+\.)+(?=[A-Za-z_])", "", revealed) == REVEALED[expression]


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_mistake_is_found(told, mistake):
    said = [line for line in told[mistake] if line.startswith("error")]
    assert re.findall(r"\[([a-z-]+)\]$", said[0]) == [REFUSED[mistake]], said


def test_every_public_name_is_in_the_table():
    text = " ".join(REVEALED)
    assert [name for name in pyflow.__all__ if not re.search(rf"\bpyflow\.{name}\b", text)] == []
    assert [name for name in pyflow.testing._WHERE if f"pyflow.testing.{name}(" not in text] == [
        "GuardViolation"
    ]


@pytest.mark.parametrize(
    ("held", "kind"),
    [
        ("self.swf", pyflow.WorkflowInvocationHelper),
        (r"an\(pyflow.SignalChannel\)", pyflow.SignalChannel),
        (r"an\(pyflow.CancelScope\)", pyflow.CancelScope),
    ],
)
def test_every_method_is_in_the_table(held, kind):
    text = " ".join(REVEALED)
    public = [name for name in dir(kind) if not name.startswith("_")]
    assert [name for name in public if not re.search(rf"{held}\.{name}\b", text)] == []


@pytest.mark.skipif(shutil.which("pyright") is None, reason="pyright is not installed")
def test_authors_who_use_pyright_find_nothing():
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}
    told = subprocess.run(["pyright", *AUTHORS], env=environment, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout
