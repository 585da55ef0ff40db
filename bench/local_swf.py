"""The local SWF as one boto3 client sees it, beside moto's server: executions a second, and idle latency."""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import report

from pyflow.swf.boto import client as boto_client
from pyflow.testing.processes import Process, local_swf_process

DOMAIN, DECIDERS, WORKERS = "bench", {"name": "deciders"}, {"name": "workers"}
WORKFLOW, ACTIVITY = {"name": "one", "version": "1"}, {"name": "noop", "version": "1"}


def register(swf: Any, *, domain: bool) -> None:
    """The domain and the two types that an execution needs."""
    if domain:
        swf.register_domain(name=DOMAIN, workflowExecutionRetentionPeriodInDays="1")
    swf.register_workflow_type(
        domain=DOMAIN,
        **WORKFLOW,
        defaultTaskStartToCloseTimeout="30",
        defaultExecutionStartToCloseTimeout="300",
        defaultTaskList=DECIDERS,
        defaultChildPolicy="TERMINATE",
    )
    swf.register_activity_type(
        domain=DOMAIN,
        **ACTIVITY,
        defaultTaskList=WORKERS,
        defaultTaskScheduleToStartTimeout="NONE",
        defaultTaskScheduleToCloseTimeout="NONE",
        defaultTaskStartToCloseTimeout="30",
        defaultTaskHeartbeatTimeout="NONE",
    )


def execution(swf: Any, number: int) -> None:
    """One execution of one activity, from start to close, all by this client."""
    run_id = swf.start_workflow_execution(domain=DOMAIN, workflowId=f"w{number}", workflowType=WORKFLOW)[
        "runId"
    ]
    schedule = {
        "decisionType": "ScheduleActivityTask",
        "scheduleActivityTaskDecisionAttributes": {
            "activityId": "a",
            "activityType": ACTIVITY,
        },
    }
    decide(swf, [schedule])
    task = swf.poll_for_activity_task(domain=DOMAIN, taskList=WORKERS)
    swf.respond_activity_task_completed(taskToken=task["taskToken"], result="1")
    decide(swf, [{"decisionType": "CompleteWorkflowExecution"}])
    assert run_id


def decide(swf: Any, decisions: list[dict[str, Any]]) -> None:
    """Polls for the one decision task that there is, and answers it."""
    task = swf.poll_for_decision_task(domain=DOMAIN, taskList=DECIDERS)
    swf.respond_decision_task_completed(taskToken=task["taskToken"], decisions=decisions)


def cpu(process: Process) -> float:
    """Seconds of CPU that the process has used."""
    stat = Path(f"/proc/{process.process.pid}/stat").read_text()
    fields = stat.rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def drive(swf: Any, process: Process, count: int, first: int) -> tuple[float, float]:
    """Executions a second, and milliseconds of the server's CPU an operation (seven make an execution)."""
    begin, used = time.perf_counter(), cpu(process)
    for number in range(first, first + count):
        execution(swf, number)
    return count / (time.perf_counter() - begin), (cpu(process) - used) / (count * 7) * 1000


def idle_latency(endpoint: str, count: int) -> list[float]:
    """Milliseconds from start to close with a decider and a worker of pyflow waiting, one execution at a time."""
    swf = boto_client(endpoint_url=endpoint)
    common = ["--domain", DOMAIN, "--endpoint-url", endpoint]
    command = [sys.executable, "-m", "pyflow"]
    here = {"PYTHONPATH": str(Path(__file__).parent)}
    deciding = [*command, "decider", "noop:OneActivity", *common, "--task-list", "d"]
    working = [*command, "worker", "noop", *common, "--task-list", "w"]
    with (
        Process("decider", deciding, environment=here) as decider,
        Process("worker", working, environment=here) as worker,
    ):
        decider.wait_until_ready()
        worker.wait_until_ready()
        took = [latency(swf, number) for number in range(count)]
        decider.kill()
        worker.kill()
    return took[3:]


def latency(swf: Any, number: int) -> float:
    """Milliseconds that SWF recorded from the start of one execution to its close."""
    execution = {"workflowId": f"idle{number}"}
    execution["runId"] = swf.start_workflow_execution(
        domain=DOMAIN,
        workflowType={"name": "OneActivity", "version": "1.0"},
        taskList={"name": "d"},
        **execution,
    )["runId"]
    while True:
        info = swf.describe_workflow_execution(domain=DOMAIN, execution=execution)["executionInfo"]
        if info["executionStatus"] == "CLOSED":
            assert info["closeStatus"] == "COMPLETED"
            return float((info["closeTimestamp"] - info["startTimestamp"]).total_seconds() * 1000)
        time.sleep(0.05)


def moto_rate(count: int) -> float:
    """Executions a second through moto's server, by the same client and the same lines."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        endpoint = f"http://127.0.0.1:{port}"
        wait_for_port(port)
        swf = boto_client(endpoint_url=endpoint)
        register(swf, domain=True)
        begin = time.perf_counter()
        for number in range(count):
            execution(swf, number)
        return count / (time.perf_counter() - begin)
    finally:
        server.terminate()
        server.wait()


def wait_for_port(port: int) -> None:
    """Returns once somebody listens there. Raises OSError after half a minute."""
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def free_port() -> int:
    """A port that nobody has now: moto's server takes no port 0."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    table = report.Table("local SWF", "one sequential boto3 client; in memory")
    with local_swf_process("--domain", DOMAIN) as (process, endpoint):
        swf = boto_client(endpoint_url=endpoint)
        register(swf, domain=False)
        drive(swf, process, 30, 0)
        rounds = [drive(swf, process, 200, 1000 * (1 + number)) for number in range(5)]
        rate, each = max(rate for rate, _ in rounds), min(each for _, each in rounds)
        table.row("one-activity executions a second", rate, "/s", bar=60, at_least=True)
        table.row("  the server's CPU an operation", each, "ms")
        took = idle_latency(endpoint, 23)
        table.row("idle, start to close, median of 20", statistics.median(took), "ms", bar=40)
    theirs = moto_rate(30)
    table.row("executions a second through moto's server", theirs, "/s")
    table.row("  ours / moto's", rate / theirs, "×")
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
