"""The verbs of clients, as a user types them: what they print, do, and say of bad input."""

from __future__ import annotations

import json
import threading
from base64 import b64encode

import pytest
from click.testing import CliRunner
from client.house import House

import pyflow
from pyflow import codec
from pyflow.cli import main
from pyflow.stores.configuration import configured
from pyflow.testing.local import local_swf


class Double(pyflow.Workflow):
    NAME = "Double"

    def run(self, number):
        if number is None:
            raise pyflow.WorkflowFailedException("NoNumber", "there is nothing to double")
        return number * 2


@pytest.fixture
def house():
    with local_swf() as swf:
        yield House(swf)


def call(house, verb, *arguments):
    options = ["--domain", house.domain, "--endpoint-url", house.swf.endpoint_url]
    result = CliRunner().invoke(main, [verb, *arguments, *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def said(result):
    return result.exit_code, result.stdout, result.stderr


UNKNOWN = "pyflow: domain test has no open execution w: it closed, or check the workflow id, the domain and the endpoint\n"


@pytest.mark.parametrize(
    ("call_", "event", "attributes", "sentence"),
    [
        (
            ["signal", "w", "paid", "--input", '{"a":1}', "--plain"],
            "WorkflowExecutionSignaled",
            {"signalName": "paid", "input": '{"a": 1}', "externalInitiatedEventId": 0},
            "sent signal paid to w",
        ),
        (
            ["signal", "w", "paid", "--id", "s1"],
            "WorkflowExecutionSignaled",
            {
                "signalName": "paid",
                "input": '{"$pyflow":1,"enc":"json","value":null,"id":"s1"}',
                "externalInitiatedEventId": 0,
            },
            "sent signal paid to w",
        ),
        (
            ["cancel", "w"],
            "WorkflowExecutionCancelRequested",
            {"externalInitiatedEventId": 0},
            "asked w to cancel",
        ),
        (
            ["terminate", "w", "--reason", "enough", "--details", "by hand", "--child-policy", "ABANDON"],
            "WorkflowExecutionTerminated",
            {
                "reason": "enough",
                "details": "by hand",
                "childPolicy": "ABANDON",
                "cause": "OPERATOR_INITIATED",
            },
            "terminated w",
        ),
    ],
)
def test_a_verb_does_what_it_says(house, call_, event, attributes, sentence):
    run_id = house.open()
    assert said(call(house, *call_)) == (0, f"{sentence}\n", "")
    assert house.attributes(run_id, event) == [attributes]


@pytest.mark.parametrize("verb", [["signal", "w", "paid"], ["cancel", "w"], ["terminate", "w"]])
def test_where_no_execution_is_open_it_is_said_so(house, verb):
    assert said(call(house, *verb)) == (2, "", UNKNOWN)


@pytest.mark.parametrize(
    ("call_", "sentence"),
    [
        (
            ["signal", "w", "pyflow.resume"],
            "signal pyflow.resume can't be sent: names that begin with pyflow. are the runtime's own",
        ),
        (
            ["signal", "w", "paid", "--input", "Hello"],
            '--input can\'t be read: a payload is not JSON: "Hello" at character 1; it takes JSON, in which a'
            " text has quotes of its own, as '\"Hello\"'",
        ),
        (
            ["signal", "w", "paid", "--input", '{"$pyflow":1,"codecs":["acme"],"data":""}'],
            'a payload needs the codec "acme", configured here: zlib',
        ),
        (
            ["start", "Order", "--task-list", "deciders", "--signal", "paid=yes"],
            '--signal paid=JSON can\'t be read: a payload is not JSON: "yes" at character 1; it takes JSON, in'
            " which a text has quotes of its own, as '\"Hello\"'",
        ),
        (["result", "w", "--run-id", "r"], "domain test has no run r of w: check the run id, and --domain"),
        (
            ["operate", "w", "pause", "activity1", "--key-file", "key", "--by", "ada"],
            "no such order can be given: pause is about the whole run, and takes no target",
        ),
        (
            ["operate", "w", "retry", "--key-file", "key", "--by", "ada"],
            "no such order can be given: retry needs a target, such as activity3, and has null",
        ),
        (["operate", "w", "result", "activity1", "--key-file", "key"], "result needs a --value: JSON"),
        (["operate", "w", "retry", "a", "--value", "1", "--key-file", "key"], "retry takes no --value"),
        (
            ["operate", "w", "pause", "--key-file", "nowhere"],
            "key file nowhere can't be read: No such file or directory",
        ),
        (
            ["operate", "w", "pause", "--key-file", "short"],
            "key file short holds 5 bytes, a key has 16 or more: openssl rand -hex 32 > short",
        ),
    ],
)
def test_bad_input_is_answered_by_one_sentence(house, call_, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key").write_text("correct horse battery staple\n")
    (tmp_path / "short").write_text("horse\n")
    house.open()
    assert said(call(house, *call_)) == (2, "", f"pyflow: {sentence}\n")


# result


def test_a_result_is_printed_as_json(house):
    house.open()
    house.close(result='{"total": "é"}')
    assert said(call(house, "result", "w")) == (0, '{"total": "\\u00e9"}\n', "")
    assert said(call(house, "result", "w", "--json")) == (
        0,
        '{"state": "COMPLETED", "result": {"total": "\\u00e9"}}\n',
        "",
    )


def test_a_result_that_is_no_plain_json_says_what_it_is(house):
    house.open()
    house.close(result=codec.encode(b"x"))
    assert json.loads(call(house, "result", "w").stdout) == {
        "$pyflow": 1,
        "enc": "xjson",
        "value": {"$bytes": "eA=="},
    }


@pytest.mark.parametrize(
    ("decision", "attributes", "document", "sentence"),
    [
        (
            "FailWorkflowExecution",
            {"reason": "Broken", "details": "badly"},
            {"state": "FAILED", "reason": "Broken", "details": "badly", "type": "Broken", "message": "badly"},
            "execution w failed: Broken: badly",
        ),
        (
            "CancelWorkflowExecution",
            {"details": "released"},
            {"state": "CANCELED", "reason": None, "details": "released"},
            "execution w was canceled: released",
        ),
    ],
)
def test_a_run_without_a_result_is_told_by_exit_status_1(house, decision, attributes, document, sentence):
    house.open()
    house.close(decision, **attributes)
    assert said(call(house, "result", "w")) == (1, "", f"pyflow: {sentence}\n")
    as_json = call(house, "result", "w", "--json")
    assert (as_json.exit_code, json.loads(as_json.stdout), as_json.stderr) == (
        1,
        document,
        f"pyflow: {sentence}\n",
    )


def test_a_run_that_is_open_after_the_timeout_is_told_by_exit_status_3(house):
    house.open()
    assert said(call(house, "result", "w", "--timeout", "0")) == (
        3,
        "",
        "pyflow: execution w is still open after 0 s\n",
    )


# start


def start(house, *arguments):
    return call(house, "start", "Order", "--task-list", "deciders", "--workflow-id", "w", *arguments)


def test_start_passes_every_option_on(house):
    started = start(
        house,
        *[
            "--task-priority",
            "3",
            "--child-policy",
            "ABANDON",
            "--task-timeout",
            "7",
            "--execution-timeout",
            "70",
        ],
        *["--tag", "a", "--lambda-role", "arn:aws:iam::1:role/r", "--json"],
    )
    [event] = house.attributes(json.loads(started.stdout)["runId"], "WorkflowExecutionStarted")
    assert (event["taskPriority"], event["childPolicy"], event["taskStartToCloseTimeout"]) == (
        "3",
        "ABANDON",
        "7",
    )
    assert (event["executionStartToCloseTimeout"], event["tagList"], event["lambdaRole"]) == (
        "70",
        ["a"],
        "arn:aws:iam::1:role/r",
    )


def test_start_with_a_signal_starts_a_run_that_carries_it_and_signals_one_that_is_open(house):
    first = json.loads(start(house, "--signal", 'paid={"a": 1}', "--input", "7", "--json").stdout)
    [event] = house.attributes(first["runId"], "WorkflowExecutionStarted")
    carried = codec.decode_start(event["input"])
    assert (carried.input, [(each.name, each.input) for each in carried.signals]) == (
        "7",
        [("paid", '{"a": 1}')],
    )
    assert start(house, "--signal", "paid").stdout == (
        "workflow id  w\nrun id       that of the open run, which has the signal\n"
    )
    [event] = house.attributes(first["runId"], "WorkflowExecutionSignaled")
    assert codec.decode(event["input"]) is None


def test_start_and_wait_prints_the_ids_and_what_the_run_came_to(house):
    decider = pyflow.Decider(
        [Double], house.domain, "doubling", None, endpoint_url=house.swf.endpoint_url, max_resident_runs=0
    )
    decider.ensure_workflows_registered()

    def started(*arguments):
        deciding = threading.Thread(target=decider.step)
        deciding.start()
        result = call(house, "start", "Double", "--task-list", "doubling", "--wait", *arguments)
        deciding.join()
        return result

    assert started("--input", "21").stdout.splitlines()[2:] == ["42"]
    outcome = json.loads(started("--input", "21", "--json").stdout)
    assert (outcome["workflowId"][:7], outcome["state"], outcome["result"]) == ("Double@", "COMPLETED", 42)
    failed = started("--json")
    assert failed.exit_code == 1
    assert json.loads(failed.stdout)["type"] == "NoNumber"


# status


def test_status_says_what_the_workflow_reports_and_why_it_is_parked(house):
    house.open()
    context = {
        "$pyflow": 1,
        "behaviour": 1,
        "state": '{"step": "shipping"}',
        "void": True,
        "reason": "this decider has no class for Order 1.0",
        "since": "2026-01-01T00:00:00Z",
    }
    house.decide(context=json.dumps(context))
    lines = call(house, "status", "w").stdout.splitlines()
    assert 'reported     {"step": "shipping"}' in lines
    assert "parked       this decider has no class for Order 1.0" in lines
    assert "parked since 2026-01-01T00:00:00Z" in lines
    shown = json.loads(call(house, "status", "w", "--json").stdout)
    assert (shown["state"], shown["reported"], shown["parked"], shown["parked_since"]) == (
        "OPEN",
        {"step": "shipping"},
        "this decider has no class for Order 1.0",
        "2026-01-01T00:00:00Z",
    )


# operate


@pytest.mark.parametrize(
    ("arguments", "order"),
    [
        (["retry", "activity3"], ("retry", "activity3", None)),
        (["result", "activity3", "--value", '{"ok":true}'], ("result", "activity3", '{"ok": true}')),
        (["result", "activity3", "--value", "null"], ("result", "activity3", "null")),
        (["failure", "lambda1", "--value", '{"reason":"R"}'], ("failure", "lambda1", {"reason": "R"})),
        (["pause"], ("pause", None, None)),
        (["resume"], ("resume", None, None)),
    ],
)
def test_an_order_is_signed_for_the_open_run(house, tmp_path, arguments, order):
    (tmp_path / "key").write_text("correct horse battery staple\n")
    run_id = house.open()
    result = call(house, "operate", "w", *arguments, "--by", "ada", "--key-file", str(tmp_path / "key"))
    [event] = house.attributes(run_id, "WorkflowExecutionSignaled")
    assert event["signalName"] == "pyflow.operator"
    taken = codec.verify_order(event["input"], b"correct horse battery staple", run_id)
    assert (taken.operation, taken.target, taken.value, taken.by) == (*order, "ada")
    assert result.stdout == (
        f"ordered w: {' '.join(filter(None, order[:2]))}, by ada\n"
        f"a decider that obeys records the marker pyflow.operator.{taken.nonce}\n"
    )


def test_an_order_to_nobody_is_said_so(house, tmp_path):
    (tmp_path / "key").write_text("correct horse battery staple\n")
    result = call(house, "operate", "w", "pause", "--key-file", str(tmp_path / "key"))
    assert said(result) == (
        2,
        "",
        "pyflow: domain test has no open execution w: it closed, or check the workflow id\n",
    )


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "keys.json"
    key = b64encode(bytes(range(32))).decode()
    path.write_text(json.dumps({"encrypt_with": "new", "keys": {"new": key}}))
    return str(path)


def test_with_a_key_file_what_is_sent_is_encrypted_and_what_is_shown_is_opened(house, key_file):
    keys = ["--key-file", key_file]
    start = ["start", "Order", "--task-list", "deciders", "--workflow-id", "w", "--input", '{"card":"4111"}']
    assert call(house, *start, *keys).exit_code == 0
    call(house, "signal", "w", "paid", "--input", '"4112"', *keys)
    house.close(result=configured(key_file).write({"card": "4113"}))
    assert "411" not in call(house, "history", "w", "--json").stdout
    shown = call(house, "history", "w", *keys).stdout
    assert all(card in shown for card in ("4111", "4112", "4113"))
    without = call(house, "history", "w")
    assert without.stdout.count("(can't be read here)") == 3
    assert without.stderr == (
        'pyflow: input of event 1 WorkflowExecutionStarted can\'t be read here: a payload needs the codec "aes-256-gcm",'
        " configured here: zlib: name the keys, by --key-file or in payloads=, and 2 more like it\n"
    )
    assert said(call(house, "result", "w", *keys)) == (0, '{"card": "4113"}\n', "")
    assert 'result       {"card":"4113"}\n' in call(house, "status", "w", *keys).stdout
    assert said(call(house, "result", "w")) == (
        2,
        "",
        'pyflow: result of w can\'t be read here: a payload needs the codec "aes-256-gcm", configured here: zlib:'
        " name the keys, by --key-file or in payloads=\n",
    )
    assert "(result can't be read here: a payload needs the codec" in call(house, "status", "w").stdout
