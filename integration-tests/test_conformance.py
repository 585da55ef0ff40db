"""The conformance kit passes each of our workers, and the one in JavaScript that follows the documents."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch import chosen
from worker_processes import LANGUAGES, ROOT, command_line

KNOWN = Path(__file__).parent / "conformance"
EXAMPLE = ROOT / "protocol/conformance/example-worker"
DEADLINE = 300  # seconds, on a machine that does much else
WORKERS = [*LANGUAGES, "javascript"]

Kit = tuple["subprocess.Popen[str]", Path]


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
    for process, _ in kits.values():
        process.kill()
        process.communicate()


def lacks(language: str) -> str | None:
    """What the worker can't run without, as a reason to skip it; ours must be there."""
    if language in LANGUAGES:
        return None
    if not shutil.which("node"):
        return "Node is not installed"
    return None if (EXAMPLE / "node_modules").exists() else f"npm install has not run in {EXAMPLE}"


def start(language: str, report: Path) -> Kit:
    """The kit's process for the worker, and where it will write its report."""
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
    return process, report


@pytest.mark.parametrize("language", WORKERS)
def test_a_worker_conforms(language: str, kits: dict[str, Kit]) -> None:
    if reason := lacks(language):
        pytest.skip(reason)
    process, report = kits[language]
    said, _ = process.communicate(timeout=DEADLINE)
    assert process.returncode == 0, said
    behaviours = json.loads(report.read_text("utf-8"))["behaviours"]
    assert sum(it["state"] == "passed" for it in behaviours) > 650
