"""The verbs as a user types them: what they print, and the one sentence where the input is bad."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from pyflow.cli import VERBS, main
from pyflow.testing.local import local_swf
from pyflow.testing.processes import Process, local_swf_process

WORKFLOWS = """
import pyflow

class Double(pyflow.Workflow):
    NAME = "Double"
    def run(self, number):
        return number * 2

class Nameless(pyflow.Workflow):
    pass

not_a_workflow = 7
"""


@pytest.fixture
def swf():
    with local_swf() as running:
        yield running


@pytest.fixture
def here(tmp_path, monkeypatch):
    (tmp_path / "doubling.py").write_text(WORKFLOWS)
    (tmp_path / "broken.py").write_text("import not_there_at_all")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AWS_ENDPOINT_URL_SWF", raising=False)
    monkeypatch.delitem(sys.modules, "doubling", raising=False)
    yield tmp_path
    sys.modules.pop("doubling", None)


def pyflow_command(swf, verb, *arguments):
    options = ["--domain", swf.domain, "--endpoint-url", swf.endpoint_url]
    result = CliRunner().invoke(main, [verb, *arguments, *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def start(swf, *arguments):
    swf.client().register_workflow_type(
        domain=swf.domain,
        name="Double",
        version="1.0",
        defaultChildPolicy="TERMINATE",
        defaultTaskStartToCloseTimeout="30",
        defaultExecutionStartToCloseTimeout="3600",
    )
    return start_again(swf, *arguments)


def start_again(swf, *arguments):
    return pyflow_command(swf, "start", "Double", "--task-list", "deciders", "--workflow-id", "w", *arguments)


def test_help_names_every_verb():
    said = CliRunner().invoke(main, ["--help"]).output
    assert all(verb in said for verb in VERBS)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (["status", "w"], "missing option '--domain': see pyflow status --help"),
        (["stat"], "no such command 'stat': see pyflow --help"),
        (
            ["history", "w", "--domain", "d", "--columns"],
            "no such option '--columns': see pyflow history --help",
        ),
    ],
)
def test_a_wrong_call_is_answered_by_one_sentence(call, sentence, monkeypatch):
    monkeypatch.delenv("PYFLOW_DOMAIN", raising=False)
    result = CliRunner().invoke(main, call, prog_name="pyflow")
    assert (result.exit_code, result.stderr) == (2, f"pyflow: {sentence}\n")


def test_start_prints_the_ids(swf):
    said = start(swf, "--input", "21").output.split()
    assert said[:3] == ["workflow", "id", "w"]


def test_start_prints_json_for_scripts(swf):
    assert json.loads(start(swf, "--json").output)["workflowId"] == "w"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "Hello",
            '--input can\'t be read: a payload is not JSON: "Hello" at character 1; it takes JSON,',
        ),
        ("", "--input is empty: leave it out, or give JSON such as null or '\"Hello\"'"),
        (
            "NaN",
            "--input can't be read: a payload has a bare NaN at character 1, which is not JSON: send it in xjson; it",
        ),
        (
            '{"a": 1, "a": 2}',
            '--input can\'t be read: a payload has the key "a" twice in one map at character 10: send it once; it takes',
        ),
        ("[" * 5000, "--input can't be read: a payload is nested deeper than 64 levels: flatten it; it"),
        (
            '{"$pyflow": 7}',
            "--input can't be read: a payload has the version 7, read here is version 1: upgrade this side",
        ),
    ],
)
def test_input_that_no_decider_could_read_is_refused_in_one_sentence(swf, text, sentence):
    result = start(swf, "--input", text)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"pyflow: {sentence}")
    assert result.stderr.count("\n") == 1


def test_input_in_a_codec_that_the_decider_may_have_is_sent(swf):
    text = '{"$pyflow": 1, "codecs": ["acme-kms"], "data": "aGk="}'
    assert start(swf, "--input", text).exit_code == 0
    assert json.dumps(text) in pyflow_command(swf, "history", "w", "--json").output
    assert 'needs the codec "acme-kms"' in pyflow_command(swf, "history", "w").output


def test_a_type_that_nobody_registered_is_refused_in_one_sentence(swf):
    result = pyflow_command(swf, "start", "Nobody", "--task-list", "deciders")
    assert result.exit_code == 2
    assert result.stderr == (
        "pyflow: UnknownResourceFault: Unknown type: WorkflowType=[name=Nobody, version=1.0]: check names, --domain"
        " and endpoint; a decider or worker registers its types when it starts\n"
    )


def test_the_same_start_again_finds_the_execution(swf):
    first = start(swf, "--input", "21")
    assert first.output == start_again(swf, "--input", "21").output


def test_a_workflow_id_that_is_taken_is_refused_in_one_sentence(swf):
    run_id = start(swf, "--input", "21").output.split()[-1]
    result = start_again(swf, "--input", "22")
    assert (result.exit_code, result.stderr) == (
        2,
        f"pyflow: execution w is open already (run {run_id}) with another input: choose another workflow id, or signal"
        " that execution\n",
    )


@pytest.mark.parametrize(
    ("endpoint", "sentence"),
    [
        ("nonsense", "endpoint nonsense is no URL: it looks like http://127.0.0.1:4599"),
        ("http://[::1", "endpoint http://[::1 is no URL: it looks like http://127.0.0.1:4599"),
        (
            "http://127.0.0.1:port",
            "endpoint http://127.0.0.1:port is no URL: it looks like http://127.0.0.1:4599",
        ),
        (
            "http://127.0.0.1:9",  # the port of the discard service, which nobody runs
            'Could not connect to the endpoint URL: "http://127.0.0.1:9/": is SWF there, and is the endpoint right?',
        ),
    ],
)
def test_an_endpoint_where_no_swf_can_be_is_said_so(endpoint, sentence):
    call = ["status", "w", "--domain", "shop", "--endpoint-url", endpoint]
    result = CliRunner().invoke(main, call, prog_name="pyflow")
    assert (result.exit_code, result.stderr) == (2, f"pyflow: {sentence}\n")


def test_status_says_which_task_list_nobody_polls(swf):
    start(swf)
    swf.advance(60)
    said = pyflow_command(swf, "status", "w").output
    assert "state        OPEN" in said
    assert "on task list deciders: is a decider polling it?" in said


def test_status_finds_the_newest_closed_run_where_none_is_open(swf):
    start(swf)
    swf.client().terminate_workflow_execution(domain=swf.domain, workflowId="w", reason="enough")
    said = json.loads(pyflow_command(swf, "status", "w", "--json").output)
    assert (said["state"], said["reason"]) == ("TERMINATED", "enough")


def test_an_execution_that_is_not_there_is_said_so(swf):
    result = pyflow_command(swf, "status", "nobody")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"pyflow: domain {swf.domain} has no execution nobody: ")


@pytest.mark.parametrize("verb", ["status", "history"])
def test_a_run_that_is_not_there_is_said_so(swf, verb):
    start(swf)
    result = pyflow_command(swf, verb, "w", "--run-id", "lost")
    assert (result.exit_code, result.stderr) == (
        2,
        f"pyflow: domain {swf.domain} has no run lost of w: check the run id, and --domain\n",
    )


def test_history_prints_a_line_an_event(swf):
    start(swf, "--input", "21")
    lines = pyflow_command(swf, "history", "w").output.splitlines()
    assert [line.split()[2] for line in lines] == ["WorkflowExecutionStarted", "DecisionTaskScheduled"]
    assert "input=21" in lines[0]


def test_history_as_json_is_the_events(swf):
    start(swf)
    events = json.loads(pyflow_command(swf, "history", "w", "--json").output)
    assert [event["eventId"] for event in events] == [1, 2]


def test_the_timeline_as_json_is_its_steps(swf):
    start(swf)
    client = swf.client()
    task = client.poll_for_decision_task(domain=swf.domain, taskList={"name": "deciders"})
    timer = {"timerId": "sleep1", "startToFireTimeout": "5"}
    decision = {"decisionType": "StartTimer", "startTimerDecisionAttributes": timer}
    client.respond_decision_task_completed(taskToken=task["taskToken"], decisions=[decision])
    (step,) = json.loads(pyflow_command(swf, "history", "w", "--timeline", "--json").output)
    assert (step["kind"], step["id"], step["name"], step["state"], step["closed"]) == (
        "timer",
        "sleep1",
        "5 s",
        "open",
        None,
    )


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        (":Double", ":Double is not MODULE:CLASS, as orders:OrderWorkflow"),
        ("", "an empty text is not MODULE:CLASS, as orders:OrderWorkflow"),
        ("doubling", "doubling is not MODULE:CLASS, as orders:OrderWorkflow"),
        (
            "nowhere:Double",
            "there is no module nowhere: call pyflow from the directory that has it, or set PYTHONPATH",
        ),
        ("broken:Double", "module broken can't be imported: No module named 'not_there_at_all'"),
        ("doubling:Triple", "module doubling has no Triple"),
        ("doubling:not_a_workflow", "doubling:not_a_workflow is not a subclass of pyflow.Workflow"),
        ("doubling:Nameless", "workflow class Nameless has no NAME: set it as a class attribute"),
    ],
)
def test_a_decider_of_what_is_no_workflow_says_so(swf, here, spec, sentence):
    result = pyflow_command(swf, "decider", spec, "--task-list", "deciders")
    assert (result.exit_code, result.stderr) == (2, f"pyflow: {sentence}\n")


NO_EXTRA = """
import sys
sys.modules["uvicorn"] = None  # as where the extra is not installed
"""


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "import pyflow.cli; pyflow.cli.main(['local', '--port', '0'])",
            "pyflow: uvicorn is not installed: pip install 'pyflow-swf[local]'",
        ),
        (
            "from pyflow.testing import local_swf",
            "pyflow.errors.PyflowException: pyflow.testing.local_swf needs uvicorn, which is not installed:"
            " pip install 'pyflow-swf[local]'",
        ),
    ],
)
def test_without_the_extra_local_a_sentence_says_what_to_install(code, sentence):
    done = subprocess.run([sys.executable, "-c", NO_EXTRA + code], capture_output=True, text=True)
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1] == sentence


def test_without_region_aws_is_not_asked(swf, here, monkeypatch):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    result = CliRunner().invoke(main, ["status", "w", "--domain", "shop"])
    assert result.exit_code == 2
    assert result.stderr == "pyflow: no AWS region is configured: pass --region, or set AWS_DEFAULT_REGION\n"


def test_without_credentials_aws_is_not_asked(here, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    result = CliRunner().invoke(main, ["status", "w", "--domain", "shop", "--region", "eu-west-1"])
    assert result.exit_code == 2
    assert result.stderr.startswith("pyflow: no AWS credentials were found: ")


def test_a_decider_process_says_ready_decides_and_ends_with_0_on_sigterm(here):
    with local_swf_process("--domain", "shop", "--poll-seconds", "1") as (_, endpoint):
        common = ["--domain", "shop", "--endpoint-url", endpoint]
        command = [sys.executable, "-m", "pyflow", "decider", "doubling:Double", "--task-list", "d", *common]
        with Process("decider", command, cwd=here) as decider:
            assert decider.wait_until_ready() == "ready"
            started = CliRunner().invoke(
                main, ["start", "Double", "--task-list", "d", "--input", "21", "--json", *common]
            )
            workflow_id = json.loads(started.output)["workflowId"]
            said = {"state": "OPEN"}
            while said["state"] == "OPEN":
                said = json.loads(CliRunner().invoke(main, ["status", workflow_id, "--json", *common]).output)
            assert (said["state"], said["result"]) == ("COMPLETED", "42")
            decider.process.send_signal(signal.SIGTERM)
            assert decider.wait() == 0
