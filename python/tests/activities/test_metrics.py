"""What a worker counts, and what it says of its health."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request

import pytest
from activities.fake_swf import FakeSWF, Fault

import pyflow
from pyflow.declare.activity import activity
from pyflow.worker.activities.metrics import health_of
from pyflow.worker.activities.statistics import ActivityStatistics
from pyflow.worker.activities.worker import ActivityWorker

SOON = 30  # seconds that no test should need
GONE = Fault("UnknownResourceFault", "Unknown activity")


@activity(heartbeat="manual")
def serve(value: str) -> str:
    context = pyflow.current_activity()
    if value == "fails":
        raise ValueError("no")
    if value == "leaves":
        context.complete_later()
    if value == "beats":
        context.heartbeat()
        context.wait(SOON)
    return value


def get(port: int | None, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def lines(text: str) -> set[str]:
    return {line for line in text.splitlines() if not line.startswith("#") and "_created" not in line}


def test_every_outcome_of_a_task_is_counted(monkeypatch):
    monkeypatch.setattr("pyflow.worker.process.backoff.FIRST", 0.0)
    swf = FakeSWF(holding=True)
    swf.cancel_requested = True
    swf.faults["respond_activity_task_completed"] = [ConnectionError("reset"), GONE]
    worker = ActivityWorker("shop", "cards", [serve], client=swf, concurrency=1, pollers=1, metrics_port=0)
    worker.start()
    for value in ("dropped", "fails", "beats", "leaves", "fine"):
        swf.offer("serve", f'"{value}"')
    kinds = [swf.answered.get(timeout=SOON)[0] for _ in range(3)]
    assert kinds == ["failed", "canceled", "completed"]
    assert worker._crew.quiet.is_set() is False
    for _ in range(6):  # one for each task, and the poll that waits
        assert swf.polling.acquire(timeout=SOON)
    status, text = get(worker.metrics_port, "/metrics")
    assert status == 200
    told = lines(text)
    for outcome in ("completed", "failed", "canceled", "dropped", "deferred"):
        assert f'pyflow_activity_tasks_total{{activity="serve",outcome="{outcome}"}} 1.0' in told
    assert {
        'pyflow_activity_seconds_bucket{activity="serve",le="3600.0"} 5.0',
        'pyflow_activity_seconds_bucket{activity="serve",le="+Inf"} 5.0',
        'pyflow_activity_seconds_count{activity="serve"} 5.0',
        "pyflow_activity_slots 1.0",
        "pyflow_activity_slots_busy 0.0",
        'pyflow_activity_polls_total{outcome="task"} 5.0',
        'pyflow_activity_polls_total{outcome="empty"} 0.0',
        'pyflow_activity_polls_total{outcome="failed"} 0.0',
        'pyflow_activity_heartbeats_total{outcome="sent"} 1.0',
        'pyflow_activity_heartbeats_total{outcome="failed"} 0.0',
        "pyflow_activity_answer_retries_total 1.0",
    } <= told
    swf.let_go(1)
    worker.stop()


def test_health_is_ok_until_the_worker_drains_and_then_nobody_answers():
    swf = FakeSWF(holding=True)
    worker = ActivityWorker("shop", "cards", [serve], client=swf, concurrency=1, metrics_port=0)
    worker.start()
    assert swf.polling.acquire(timeout=SOON)
    status, text = get(worker.metrics_port, "/health")
    assert (status, json.loads(text)) == (
        200,
        {"status": "ok", "slots": 1, "busy": 0, "seconds_since_poll": None},
    )
    assert get(worker.metrics_port, "/nothing")[0] == 404
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    assert worker._crew.quiet.wait(SOON)
    status, text = get(worker.metrics_port, "/health")
    assert (status, json.loads(text)["status"]) == (503, "draining")
    swf.let_go(1)
    stopping.join(SOON)
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{worker.metrics_port}/health")


def test_a_worker_whose_polls_fail_for_150_seconds_is_unreachable_unless_it_wants_no_task():
    now = [1000.0]
    statistics = ActivityStatistics(lambda: now[0])

    def health(busy: int = 0) -> tuple[str, float | None]:
        told = health_of(statistics, slots=2, busy=busy, draining=False, now=now[0])
        return told["status"], told["seconds_since_poll"]

    now[0] = 1150.0
    assert health() == ("ok", None)
    now[0] = 1150.1
    assert health() == ("unreachable", None)
    statistics.poll("failed")
    assert health() == ("unreachable", None)
    statistics.poll("empty")
    assert health() == ("ok", 0.0)
    now[0] = 1400.0
    assert health() == ("unreachable", 249.9)
    assert health(busy=2) == ("ok", 249.9)
    statistics.freed()  # all were busy until now: nobody could poll
    assert health(busy=1) == ("ok", 249.9)


def test_a_port_that_is_taken_is_one_sentence():
    swf = FakeSWF(holding=True)
    with ActivityWorker("shop", "cards", [serve], client=swf, graceful_timeout=0, metrics_port=0) as first:
        taken = first.metrics_port
        with pytest.raises(pyflow.PyflowException, match=f"metrics can't be served at 127.0.0.1:{taken}: "):
            ActivityWorker("shop", "cards", [serve], client=FakeSWF(), metrics_port=taken).start()
