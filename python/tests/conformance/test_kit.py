"""The kit against workers: the first one that its page shows, and some that can't be tried."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pyflow.cli import main
from pyflow.conformance.house import command_line

FIRST = [sys.executable, str(Path(__file__).parent / "first_worker.py")]


def run(*arguments: str):
    return CliRunner().invoke(main, ["conformance", "run", *arguments])


def test_the_first_worker_is_green_where_its_page_says_and_red_elsewhere(tmp_path):
    report = tmp_path / "report.json"
    known = tmp_path / "known.txt"
    known.write_text("# it reads no payload\nanswers.no-json\n")
    only = [part for it in ("completed", "no-json", "newer-contract") for part in ("--only", f"answers.{it}")]
    done = run("--json", str(report), "--known-failing", str(known), *only, "--", *FIRST)
    assert done.exit_code == 1
    behaviours = json.loads(report.read_text("utf-8"))["behaviours"]
    assert {it["id"]: it["state"] for it in behaviours} == {
        "answers.completed": "passed",
        "answers.no-json": "known to fail",
        "answers.newer-contract": "failed",
    }
    assert "should be ActivityTaskFailed" in done.output


WRONG = {
    "a command that is none": (["--", "no-such-command"], "worker can't be started"),
    "a worker that ends": (["--", sys.executable, "-c", "raise SystemExit('no disk')"], "no disk"),
    "a behaviour that is none": (
        ["--only", "answers.all", "--", *FIRST],
        "no behaviour or section answers.all",
    ),
    "no command": ([], "missing argument"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_what_can_not_be_tried_is_one_sentence(arguments, said):
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_command_gets_its_options_behind_it_or_where_it_wants_them():
    values = {"endpoint": "http://x", "domain": "d", "task_list": "t"}
    assert command_line(["w"], **values) == [
        "w",
        "--endpoint-url",
        "http://x",
        "--domain",
        "d",
        "--task-list",
        "t",
    ]
    assert command_line(["w", "{endpoint}/{domain}", "-l{task_list}"], **values) == ["w", "http://x/d", "-lt"]
