"""`pyflow decider` as processes: ready, drained, restarted, and never left behind."""

from __future__ import annotations

import json
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import pyflow
from pyflow.swf.boto import client as client_of
from pyflow.testing.processes import Process, local_swf_process

WORKFLOWS = """
import os
import pyflow

class Double(pyflow.Workflow):
    NAME = "Double"
    def run(self, number):
        return [number * 2, os.getpid()]

class Dies(pyflow.Workflow):
    NAME = "Dies"
    OPTIONS = {"defaultTaskStartToCloseTimeout": 1}
    def run(self, path):
        if not os.path.exists(path):
            open(path, "w").close()
            os._exit(3)
        return "survived"
"""


@pytest.fixture(scope="module")
def endpoint():
    with local_swf_process("--domain", "shop", "--poll-seconds", "1") as (_, url):
        yield url


@pytest.fixture
def decider(endpoint, tmp_path):
    """Starts `pyflow decider` with more arguments."""
    (tmp_path / "doubling.py").write_text(WORKFLOWS)
    started = []

    def start(*arguments):
        command = [sys.executable, "-m", "pyflow", "decider", "doubling:Double", "doubling:Dies"]
        command += ["--task-list", "d", "--domain", "shop", "--endpoint-url", endpoint, *arguments]
        process = Process("decider", command, cwd=tmp_path)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.forget()


def until(holds):
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def start(endpoint, name, value):
    client = client_of(endpoint_url=endpoint)
    return client, pyflow.start_workflow("shop", name, "1.0", "d", input=json.dumps(value), client=client)


def result(client, run):
    def status():
        return pyflow.get_workflow_status("shop", run["workflowId"], run["runId"], client)

    until(lambda: status().execution_status == "CLOSED")
    return json.loads(status().result)


def children(process):
    path = f"/proc/{process.process.pid}/task/{process.process.pid}/children"
    return [int(each) for each in Path(path).read_text().split()]


def lives(pid):
    return Path(f"/proc/{pid}").exists()


def test_several_processes_are_ready_together_and_end_with_0_when_all_have_drained(endpoint, decider):
    deciders = decider("--processes", "2")
    assert deciders.wait_until_ready() == "ready"
    assert len(children(deciders)) == 2
    client, run = start(endpoint, "Double", 21)
    doubled, pid = result(client, run)
    assert doubled == 42
    assert pid in children(deciders)
    pids = children(deciders)
    deciders.process.send_signal(signal.SIGTERM)
    assert deciders.wait() == 0
    assert not any(lives(pid) for pid in pids)


def test_a_process_that_crashes_is_started_again(endpoint, decider, tmp_path):
    deciders = decider("--processes", "2")
    deciders.wait_until_ready()
    client, run = start(endpoint, "Dies", str(tmp_path / "died"))
    assert result(client, run) == "survived"
    until(lambda: "ended with status 3: another in" in deciders.said())
    until(lambda: len(children(deciders)) == 2)
    assert deciders.stop() == 0


def test_bad_input_ends_all_with_2(decider):
    deciders = decider("doubling:NoSuch", "--processes", "2")
    assert deciders.wait() == 2
    assert "module doubling has no NoSuch" in deciders.said()


def test_processes_do_not_outlive_a_parent_that_is_killed(decider):
    deciders = decider("--processes", "2")
    deciders.wait_until_ready()
    pids = children(deciders)
    deciders.kill()
    until(lambda: not any(lives(pid) for pid in pids))


@pytest.mark.parametrize(("processes", "status"), [(1, -signal.SIGINT), (2, 1)])
def test_a_second_signal_ends_at_once(decider, processes, status):
    with local_swf_process("--domain", "shop", "--poll-seconds", "60") as (_, url):
        deciders = decider("--processes", str(processes), "--endpoint-url", url)
        deciders.wait_until_ready()
        until(lambda: deciders.said().count("polling for decision tasks: d and d-") == processes)
        deciders.process.send_signal(signal.SIGTERM)
        until(lambda: deciders.said().count("stopping: polls in flight are waited for") == processes)
        deciders.process.send_signal(signal.SIGINT)
        assert deciders.wait(20) == status


def test_metrics_and_health_are_served_on_loopback(endpoint, decider):
    it = decider("--metrics-port", "0")
    it.wait_until_ready()
    until(lambda: "metrics at http://127.0.0.1:" in it.said())
    where = it.said().partition("metrics at ")[2].split()[0]
    client, run = start(endpoint, "Double", 1)
    result(client, run)
    lines = read(f"{where}/metrics").splitlines()
    assert "pyflow_decider_decision_tasks_total 1.0" in lines
    assert 'pyflow_decider_replays_total{reason="new"} 1.0' in lines
    assert 'pyflow_decider_decide_seconds_bucket{le="+Inf"} 1.0' in lines
    assert "pyflow_decider_resident_runs 0.0" in lines
    assert json.loads(read(f"{where}/health")) == {"status": "ok"}
    with pytest.raises(urllib.error.HTTPError, match="404"):
        read(f"{where}/")


def read(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read().decode()
