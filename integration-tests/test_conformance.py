"""The conformance kit passes each of our workers, and the one in JavaScript that follows the documents."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from batch import chosen
from worker_processes import LANGUAGES, ROOT, command_line

from pyflow.conformance.comparison import differences, refusals

KNOWN = Path(__file__).parent / "conformance"
EXAMPLE = ROOT / "protocol/conformance/example-worker"
DEADLINE = 300  # seconds, on a machine that does much else
WORKERS = [*LANGUAGES, "javascript"]


@dataclass(eq=False)
class Kit:
    """A kit that runs, and where it will write its report."""

    process: subprocess.Popen[str]
    report: Path

    @cached_property
    def said(self) -> str:
        """What it printed, once it has ended."""
        return self.process.communicate(timeout=DEADLINE)[0]

    def sentences(self) -> dict[tuple[str, str], str]:
        """In which each refusal was told, by vector and form."""
        assert self.said
        return refusals(self.report.read_text("utf-8"), self.report.name)


@pytest.fixture(scope="module")
def kits(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Kit]]:
    """The kits of all workers that are asked for, side by side, by language."""
    folder = tmp_path_factory.mktemp("conformance")
    chose = set(chosen(request, "language"))  # of all files' tests: each worker's kit is started once
    asked = [it for it in WORKERS if it in chose and not lacks(it)]
    kits = {language: start(language, folder / f"{language}.json") for language in asked}
    yield kits
    for kit in kits.values():
        kit.process.kill()
        kit.process.wait()


def lacks(language: str) -> str | None:
    """What the worker can't run without, as a reason to skip it; ours must be there."""
    if language in LANGUAGES:
        return None
    if not shutil.which("node"):
        return "Node is not installed"
    return None if (EXAMPLE / "node_modules").exists() else f"npm install has not run in {EXAMPLE}"


def start(language: str, report: Path) -> Kit:
    """The kit for the worker."""
    if language in LANGUAGES:
        placeholders = {"endpoint": "{endpoint}", "domain": "{domain}", "task_list": "{task_list}"}
        command, folder = command_line(language, **placeholders)
    else:
        command, folder = ["node", "worker.mjs"], EXAMPLE
    known = KNOWN / f"{language}.txt"
    options = ["--json", str(report), *(["--known-failing", str(known)] if known.exists() else [])]
    kit = [sys.executable, "-m", "pyflow", "conformance", "run", *options, "--", *command]
    process = subprocess.Popen(
        kit, cwd=folder, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return Kit(process, report)


@pytest.mark.parametrize("language", WORKERS)
def test_a_worker_conforms(language: str, kits: dict[str, Kit]) -> None:
    if reason := lacks(language):
        pytest.skip(reason)
    kit = kits[language]
    assert kit.said
    assert kit.process.returncode == 0, kit.said
    behaviours = json.loads(kit.report.read_text("utf-8"))["behaviours"]
    assert sum(it["state"] == "passed" for it in behaviours) > 650


@pytest.mark.parametrize("language", [it for it in WORKERS if it != "python"])
def test_a_worker_refuses_in_the_sentences_of_the_others(language: str, kits: dict[str, Kit]) -> None:
    if reason := lacks(language):
        pytest.skip(reason)
    if "python" not in kits:
        pytest.skip("the Python worker's kit does not run beside it")
    told = {it: kits[it].sentences() for it in ("python", language)}
    assert len(told["python"]) > 400
    if language not in LANGUAGES:  # what it has configured is not what ours have
        asked = {key for key, sentence in told["python"].items() if "configured here: " in sentence}
        told = {it: {key: its[key] for key in its.keys() - asked} for it, its in told.items()}
    assert list(differences(told)) == []
