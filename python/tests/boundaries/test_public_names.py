"""What `import pyflow` gives, and what it does not load for that."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import pyflow


def loaded_by(code):
    """The modules that a process has loaded once it has run the code."""
    code += "; import sys, json; print(json.dumps(list(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(told.stdout))


def test_the_public_names_are_sorted_and_exist():
    assert pyflow.__all__ == sorted(pyflow.__all__)
    for name in pyflow.__all__:
        assert getattr(pyflow, name) is not None


def test_type_checkers_are_told_of_the_same_names_in_the_same_places():
    [block] = [
        node
        for node in ast.parse(Path(pyflow.__file__).read_text()).body
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name)
    ]
    told = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert told == {
        name: f"pyflow.{pyflow._ROOMS.get(name, 'errors')}" for name in pyflow.__all__ if name != "logger"
    }


def test_a_star_brings_all_names():
    names: dict[str, object] = {}
    exec("from pyflow import *", names)
    assert set(pyflow.__all__) <= set(names)


def test_what_one_sees_of_the_package_is_its_names():
    assert {*pyflow.__all__, "codec", "errors", "__version__"} <= set(dir(pyflow))


def test_a_name_that_is_not_there_is_missed_as_ever():
    with pytest.raises(AttributeError, match="module 'pyflow' has no attribute 'Workfow'"):
        _ = pyflow.Workfow


def test_the_packages_are_there_without_an_import_of_their_own():
    code = "import pyflow; assert pyflow.codec.Timestamp and pyflow.errors.PyflowException"
    assert "pyflow.codec" in loaded_by(code)


def test_importing_pyflow_loads_nothing_else():
    ours = {name for name in loaded_by("import pyflow") if name.startswith("pyflow")}
    assert ours == {"pyflow"}


HEAVY = {"asyncio", "boto3", "botocore", "click", "opentelemetry", "ssl", "sqlite3", "urllib3", "uvicorn"}


def test_all_names_together_load_nothing_that_only_some_need():
    assert not loaded_by("from pyflow import *") & HEAVY
