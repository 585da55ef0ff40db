"""`pyflow parked`: the table, the JSON and the exit statuses."""

from __future__ import annotations

import json
import sys

import pytest
from click.testing import CliRunner

import pyflow
from pyflow.cli import main
from pyflow.testing.local import local_swf

WORKFLOWS = """
import pyflow

class Ship(pyflow.Workflow):
    NAME = "Ship"
    def run(self, value):
        self.swf.sleep(10)

class Changed(pyflow.Workflow):
    NAME = "Ship"
    def run(self, value):
        self.swf.invoke_lambda("pack", value)
        self.swf.sleep(10)
"""


@pytest.fixture
def swf(tmp_path, monkeypatch):
    """A run `ship` that was parked since its code was changed."""
    (tmp_path / "shipping.py").write_text(WORKFLOWS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "shipping", raising=False)
    import shipping

    with local_swf() as running:
        client = running.client()

        def decide(workflow_class):
            decider = pyflow.Decider([workflow_class], "test", "deciders", "me", client=client)
            decider.ensure_workflows_registered()
            return decider

        first = decide(shipping.Ship)
        pyflow.start_workflow("test", "Ship", "1.0", "deciders", client=client, workflow_id="ship")
        assert first.step()
        running.advance(10)
        assert decide(shipping.Changed).step()
        yield running
    sys.modules.pop("shipping", None)


def parked(swf, *arguments):
    where = ["--domain", swf.domain, "--endpoint-url", swf.endpoint_url]
    result = CliRunner().invoke(main, ["parked", *arguments, *where])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_list_is_a_table(swf):
    head, line = parked(swf, "list").output.splitlines()
    assert head == "WORKFLOW ID  TYPE      PARKED SINCE          TIMES OUT"
    assert line.startswith("ship         Ship 1.0  2026-01-01T00:00:10Z  now        event 5: StartTimer")


def test_list_is_json_for_scripts(swf):
    [found] = json.loads(parked(swf, "list", "--json").output)
    assert list(found) == ["workflow_id", "run_id", "type", "since", "times_out", "reason"]
    assert (found["workflow_id"], found["type"]) == ("ship", "Ship 1.0")
    assert (found["since"], found["times_out"]) == ("2026-01-01T00:00:10Z", "2026-01-01T01:00:00+00:00")


def test_nothing_parked_is_said(swf):
    swf.client().terminate_workflow_execution(domain="test", workflowId="ship")
    assert parked(swf, "list").output == "no parked run\n"
    assert parked(swf, "list", "--json").output == "[]\n"


def test_test_says_what_is_in_the_way_and_ends_with_1(swf):
    result = parked(swf, "test", "shipping:Changed")
    assert result.exit_code == 1
    assert "event 5: StartTimer" in result.output
    [found] = json.loads(parked(swf, "test", "shipping:Changed", "--json").output)
    assert (found["goes_on"], found["obstacle"][:7]) == (False, "event 5")


def test_test_says_what_would_go_on(swf):
    result = parked(swf, "test", "shipping:Ship")
    assert result.exit_code == 0
    assert result.output.splitlines()[1].endswith("goes on")


def test_resume_wakes_the_run(swf):
    assert parked(swf, "resume", "ship").output == "ship is woken\n"
    where = {"domain": "test", "taskList": {"name": "deciders"}}
    assert swf.client().count_pending_decision_tasks(**where)["count"] == 1


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (["resume", "nobody"], "UnknownResourceFault: Unknown execution, workflowId = nobody: check names,"),
        (["test", "shipping:WORKFLOWS"], "module shipping has no WORKFLOWS"),
        (["test", "shipping:pyflow"], "shipping:pyflow is not a subclass of pyflow.Workflow"),
    ],
)
def test_bad_input_is_one_sentence(swf, call, sentence):
    result = parked(swf, *call)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"pyflow: {sentence}")
    assert result.stderr.count("\n") == 1
