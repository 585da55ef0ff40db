"""`python -m pyflow.local`: its first line, its exit codes, its sentences."""

from __future__ import annotations

import http.client
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from local.conftest import Command
from local.direct import ORDER, WORKFLOW_DEFAULTS
from local.signed import LINES

from pyflow.local.http.address import AddressRefused, listening
from pyflow.local.storage.schema import VERSION


def fails(*options: str) -> tuple[int, str]:
    """Exit code and stderr of a command that can't start."""
    done = subprocess.run(
        [sys.executable, "-m", "pyflow.local", *options],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_every_poll_answered(command: Command, number: int) -> None:
    process, client = command("--domain", "d", "--domain", "e")
    address = urlsplit(client.meta.endpoint_url)
    body = b'{"domain":"d","taskList":{"name":"l"}}'
    with socket.create_connection((address.hostname, address.port)) as poll:
        poll.sendall(
            b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: SimpleWorkflowService.PollForActivityTask\r\n"
            b"%sContent-Length: %d\r\n\r\n%s" % (LINES.encode(), len(body), body)
        )
        # answered, so that the poll, which was sent before, waits by now
        assert client.describe_domain(name="e")["domainInfo"]["status"] == "REGISTERED"
        process.send_signal(number)
        answer = b"".join(iter(lambda: poll.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b'{"startedEventId":0}')
    assert process.wait(60) == 0


def test_a_file_brings_back_what_was_there(command: Command, tmp_path: Path) -> None:
    database = str(tmp_path / "swf.db")
    process, client = command("--db", database, "--domain", "d")
    client.register_workflow_type(domain="d", **ORDER, **WORKFLOW_DEFAULTS)
    run = client.start_workflow_execution(
        domain="d", workflowId="w", workflowType=ORDER, taskStartToCloseTimeout="600"
    )
    task = client.poll_for_decision_task(domain="d", taskList={"name": "deciders"})
    process.kill()
    process.wait(60)
    process, client = command("--db", database, "--domain", "d")
    client.respond_decision_task_completed(
        taskToken=task["taskToken"], decisions=[{"decisionType": "CompleteWorkflowExecution"}]
    )
    execution = {"workflowId": "w", "runId": run["runId"]}
    events = client.get_workflow_execution_history(domain="d", execution=execution)["events"]
    assert events[-1]["eventType"] == "WorkflowExecutionCompleted"


def test_polls_are_held_as_long_as_it_is_told(command: Command) -> None:
    _, client = command("--domain", "d", "--poll-seconds", "0")
    assert "taskToken" not in client.poll_for_activity_task(domain="d", taskList={"name": "l"})


def test_calls_are_throttled_as_by_aws_when_it_is_told(command: Command) -> None:
    _, client = command("--profile", "aws")
    with pytest.raises(client.exceptions.ClientError, match="ThrottlingException"):
        for _ in range(10_000):
            client.list_domains(registrationStatus="REGISTERED")


def test_chaos_says_its_seed_and_each_fault_on_stderr(command: Command) -> None:
    process, client = command("--chaos", "4:lost")
    with pytest.raises(ConnectionClosedError):
        client.register_domain(name="d", workflowExecutionRetentionPeriodInDays="1")
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert [line.partition(" pyflow.local WARNING ")[2] for line in errors.splitlines()] == [
        "chaos: seed 4, profile lost",
        "chaos: seed 4, profile lost: RegisterDomain 1 lost",
    ]


def test_a_port_in_use_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, error = fails("--port", str(port))
    assert code == 2
    assert error == (
        f"pyflow local: port {port} of 127.0.0.1 can't be listened on (Address already in use): "
        "choose another, or --port 0\n"
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3"])
def test_only_loopback_is_listened_on_unless_told(host: str) -> None:
    code, error = fails("--host", host, "--port", "0")
    assert code == 2
    assert error == (
        f"pyflow local: host {host} is not of this machine alone: choose a loopback address such as 127.0.0.1, "
        "or let others ask with --allow-remote\n"
    )


def test_other_machines_may_ask_when_told(command: Command) -> None:
    with pytest.raises(AddressRefused, match="Cannot assign requested address"):
        listening(
            "192.0.2.1", 0, allow_remote=True
        )  # of documentation (RFC 5737): let through, but nowhere here
    process, client = command("--allow-remote")
    address = urlsplit(client.meta.endpoint_url)
    for host, status in ((socket.gethostname(), 200), ("203.0.113.9", 200), ("shop.example", 403)):
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
        connection.request("GET", "/health", headers={"Host": host})
        assert connection.getresponse().status == status
    process.terminate()
    assert f"whoever reaches {client.meta.endpoint_url} may do anything" in process.communicate()[1]


def test_only_who_signs_with_a_key_of_the_file_is_let_in(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    file.touch(0o600)
    file.write_text("[default]\naws_access_key_id = x\naws_secret_access_key = y\n")
    process, client = command("--credentials", str(file), "--domain", "d")
    assert client.describe_domain(name="d")["domainInfo"]["status"] == "REGISTERED"
    file.write_text("[default]\naws_access_key_id = x\naws_secret_access_key = z\n")
    process, client = command("--credentials", str(file), "--domain", "d")
    with pytest.raises(ClientError, match="InvalidSignatureException"):
        client.describe_domain(name="d")
    process.terminate()
    log = process.communicate()[1]
    assert log.count("\n") == 1
    assert 'WARNING refused {"operation":"DescribeDomain","fault":"InvalidSignatureException"' in log


@pytest.mark.parametrize(("level", "lines"), [("info", 1), ("warning", 0)])
def test_faults_are_in_the_log_when_it_is_told_to_say_more(command: Command, level: str, lines: int) -> None:
    process, client = command("--log-level", level)
    with pytest.raises(client.exceptions.UnknownResourceFault):
        client.describe_domain(name="nowhere")
    process.terminate()
    assert process.communicate()[1].count("refused {") == lines


def test_a_database_of_another_version_is_refused(tmp_path: Path) -> None:
    database = tmp_path / "swf.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA application_id = 0x70795357")
        connection.execute("PRAGMA user_version = 99")
        connection.execute("CREATE TABLE t (x)")
    code, error = fails("--port", "0", "--db", str(database))
    assert code == 2
    assert error.startswith(
        f"pyflow local: database {database} is of version 99, this pyflow reads versions 1 to {VERSION}"
    )
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--domain", "a:b"], "at 'name' failed to satisfy constraint"),
        (["--domain", " a"], "at 'name' failed to satisfy constraint"),
        (
            [part for number in range(101) for part in ("--domain", f"d{number}")],
            "--domain names more than SWF allows: domains of the account: 100",
        ),
        (["--lambda", "price"], "--lambda price is not NAME=module:function"),
        (
            ["--lambda", "p=m:f", "--lambda", "p=m:g"],
            "--lambda p=m:g: there is a function p already, give it once",
        ),
        (
            ["--lambda", "p=m:f", "--lambda-endpoint", "http://127.0.0.1:1"],
            "--lambda-endpoint excludes --lambda and --lambda-command: functions are hosted or forwarded",
        ),
        (["--credentials", "/nowhere"], "credentials file /nowhere can't be read: No such file or directory"),
        (["--port", "ninety"], "'ninety' is not a valid integer"),
        (["--profile", "gcp"], "'gcp' is not one of 'open', 'aws'"),
        (
            ["--chaos", "42:calm"],
            "--chaos 42:calm: there is no profile 'calm': the profiles are "
            "mixed, throttle, errors, lost, swallow, duplicate, pages, race\n",
        ),
        (
            ["--chaos", "lost"],
            "--chaos lost: seed 'lost' is no whole number from 0 to 18446744073709551615: SEED or SEED:PROFILE, "
            "where the profiles are mixed, throttle, errors, lost, swallow, duplicate, pages, race\n",
        ),
        (["--clock", "fast"], "'fast' is not one of 'real', 'virtual'"),
    ],
)
def test_bad_input_is_a_sentence_and_exit_code_2(options: list[str], said: str) -> None:
    code, error = fails("--port", "0", *options)
    assert code == 2
    assert said in error
    assert "Traceback" not in error


def test_what_is_not_installed_is_named() -> None:
    script = (
        "import runpy, sys; sys.modules['uvicorn'] = None; sys.argv = ['x']; "
        "runpy.run_module('pyflow.local', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "pyflow local: uvicorn is not installed: pip install 'pyflow-swf[local]'\n"
