"""A worker of threads from its start to its end; nothing sleeps, threads wait for one another."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from activities.fake_swf import FakeSWF, Fault

import pyflow
from pyflow.declare.activity import activity
from pyflow.worker.activities.context import current_activity
from pyflow.worker.activities.worker import ActivityWorker, poll_for_activities

SOON = 30  # seconds; a test that waits as long has failed


class Gate:
    """An activity that says when it runs and waits to be let through, or, if it heeds that, to be canceled."""

    def __init__(self, *, heeds: bool = False) -> None:
        self.entered = threading.Semaphore(0)
        self.open = threading.Event()
        self.left = threading.Event()

        @activity(name="gate", heartbeat="manual")
        def gate(value: Any = None) -> Any:
            self.entered.release()
            try:
                if heeds:
                    current_activity().wait(SOON)
                assert self.open.wait(SOON)
                return value
            finally:
                self.left.set()

        self.activity = gate

    def wait_until_entered(self, times: int = 1) -> None:
        for _ in range(times):
            assert self.entered.acquire(timeout=SOON)


@pytest.fixture
def swf() -> FakeSWF:
    return FakeSWF(holding=True)


def worker_of(swf: FakeSWF, gate: Gate, **options: Any) -> ActivityWorker:
    return ActivityWorker("shop", "cards", [gate.activity], client=swf, **options)


def wait_for_polls(swf: FakeSWF, polls: int) -> None:
    for _ in range(polls):
        assert swf.polling.acquire(timeout=SOON)


def reason(answer: tuple[str, dict[str, Any]]) -> str:
    kind, arguments = answer
    assert kind == "failed"
    assert arguments["reason"] == json.loads(arguments["details"])["failure"]["type"]
    return arguments["reason"]


def test_it_registers_before_it_polls(swf):
    worker = worker_of(swf, Gate(), concurrency=1)
    worker.start()
    wait_for_polls(swf, 1)
    assert [name for name, _ in swf.calls] == ["register_activity_type", "poll_for_activity_task"]
    swf.let_go(1)
    assert worker.stop() == 0


def test_it_may_leave_registering_to_others(swf):
    worker = worker_of(swf, Gate(), concurrency=1, register=False)
    with worker:
        wait_for_polls(swf, 1)
        swf.let_go(2)
    assert swf.named("register_activity_type") == []


def test_it_polls_only_with_a_free_slot_and_only_so_many_at_a_time(swf):
    gate = Gate()
    worker = worker_of(swf, gate, concurrency=3, pollers=2)
    worker.start()
    wait_for_polls(swf, 2)
    assert swf.polling.acquire(blocking=False) is False
    for number in range(3):
        swf.offer("gate", str(number))
    gate.wait_until_entered(3)
    wait_for_polls(swf, 1)
    assert swf.polling.acquire(blocking=False) is False, "three activities run, there is no slot to poll for"
    gate.open.set()
    wait_for_polls(swf, 2)
    swf.let_go(2)
    assert worker.stop() == 0
    assert sorted(arguments["result"] for _, arguments in swf.answers) == ["0", "1", "2"]
    assert swf.most_polls == 2


def test_a_stop_lets_activities_and_polls_end(swf):
    gate = Gate()
    worker = worker_of(swf, gate, concurrency=2)
    worker.start()
    swf.offer("gate", '"kept"')
    gate.wait_until_entered()
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    wait_for_polls(swf, 2)
    swf.offer("gate", '"late"')  # to the poll that was in flight
    gate.wait_until_entered()
    gate.open.set()
    stopping.join(SOON)
    assert worker.exit_code == 0
    assert sorted(arguments["result"] for _, arguments in swf.answers) == ['"kept"', '"late"']
    assert len(swf.named("poll_for_activity_task")) == 2


def test_heartbeats_go_on_in_a_stop(swf):
    entered, leave = threading.Event(), threading.Event()

    @activity(heartbeat="auto")
    def hold() -> None:
        entered.set()
        assert leave.wait(SOON)

    worker = ActivityWorker("shop", "cards", [hold], client=swf, concurrency=1)
    worker.start()
    swf.offer("hold", '{"$pyflow":1,"enc":"json","value":null,"h":{"heartbeat_timeout":0.1}}')
    assert entered.wait(SOON)
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    assert worker._crew.quiet.wait(SOON)
    sent = worker.statistics.heartbeats["sent"]
    while worker.statistics.heartbeats["sent"] < sent + 2:
        assert not leave.wait(0.01)
    leave.set()
    stopping.join(SOON)
    assert worker.exit_code == 0


def test_after_the_graceful_timeout_activities_are_told_and_failed_with_worker_shutdown(swf):
    gate = Gate(heeds=True)
    worker = worker_of(swf, gate, concurrency=1, graceful_timeout=0)
    worker.start()
    swf.offer("gate")
    gate.wait_until_entered()
    assert worker.stop() == 1
    assert gate.left.is_set()
    assert [reason(answer) for answer in swf.answers] == ["pyflow.WorkerShutdown"]


def test_an_activity_that_finishes_once_told_is_no_loss(swf):
    told = threading.Event()

    @activity(heartbeat="manual")
    def thorough() -> str:
        told.set()
        try:
            current_activity().wait(SOON)
        except pyflow.ActivityCanceled as canceled:
            return canceled.reason
        return "not told"

    worker = ActivityWorker("shop", "cards", [thorough], client=swf, concurrency=1, graceful_timeout=0)
    worker.start()
    swf.offer("thorough")
    assert told.wait(SOON)
    assert worker.stop() == 0
    assert swf.answers == [("completed", {"taskToken": "token1", "result": '"worker_shutdown"'})]


def test_an_activity_that_does_not_stop_is_answered_for_once_and_left_behind(swf):
    gate = Gate()
    worker = worker_of(swf, gate, concurrency=1, graceful_timeout=0, cancel_timeout=0)
    worker.start()
    swf.offer("gate")
    gate.wait_until_entered()
    assert worker.stop() == 1
    assert [reason(answer) for answer in swf.answers] == ["pyflow.WorkerShutdown"]
    gate.open.set()
    worker._crew.wait(SOON)
    assert len(swf.answers) == 1, "its own answer comes too late"


def test_a_task_that_comes_when_no_time_is_left_is_failed_without_a_run(swf):
    gate = Gate()
    worker = worker_of(swf, gate, concurrency=1, graceful_timeout=0)
    worker.start()
    wait_for_polls(swf, 1)
    assert worker.stop() == 0
    swf.offer("gate")
    assert reason(swf.answered.get(timeout=SOON)) == "pyflow.WorkerShutdown"
    assert gate.entered.acquire(blocking=False) is False


def test_a_hurried_stop_does_not_wait_for_the_graceful_timeout(swf):
    gate = Gate(heeds=True)
    worker = worker_of(swf, gate, concurrency=1, graceful_timeout=3600)
    worker.start()
    swf.offer("gate")
    gate.wait_until_entered()
    worker.hurry()
    assert worker.stop() == 1


def test_run_ends_after_max_time(swf):
    swf = FakeSWF()
    ready: list[bool] = []
    worker = worker_of(swf, Gate(), concurrency=1)
    assert worker.run(max_time=0, on_ready=lambda: ready.append(True)) == 0
    assert ready == [True]


def test_the_function_runs_a_worker_too(monkeypatch):
    swf = FakeSWF()
    monkeypatch.setattr("pyflow.swf.boto.client", lambda **options: swf)
    swf.close = lambda: None
    assert poll_for_activities([Gate().activity], "shop", "cards", identity="me", max_time=0) == 0
    assert swf.types.keys() == {("gate", "1.0")}


def test_errors_of_polls_are_survived(swf, monkeypatch):
    monkeypatch.setattr("pyflow.worker.process.backoff.FIRST", 0.0)
    swf.faults["poll_for_activity_task"] = [
        Fault("ThrottlingException", "Rate exceeded"),
        ConnectionError("reset"),
        Fault("InternalFailure", status=500),
    ] * 4
    gate = Gate()
    worker = worker_of(swf, gate, concurrency=1)
    worker.start()
    swf.offer("gate", "7")
    gate.open.set()
    assert swf.answered.get(timeout=SOON)[1]["result"] == "7"
    wait_for_polls(swf, 2)
    swf.let_go(1)
    assert worker.stop() == 0


def test_polls_that_are_refused_again_and_again_end_the_worker_with_one_sentence(swf, monkeypatch):
    monkeypatch.setattr("pyflow.worker.process.backoff.FIRST", 0.0)
    swf.faults["poll_for_activity_task"] = [Fault("AccessDeniedException", "not authorized")] * 10
    with pytest.raises(pyflow.PyflowException) as refused:
        worker_of(swf, Gate(), concurrency=1).run()
    assert str(refused.value) == (
        "SWF refused to be polled for task list cards: AccessDeniedException: not authorized"
    )
    assert len(swf.faults["poll_for_activity_task"]) == 5


def test_a_domain_that_went_away_ends_the_worker(swf, monkeypatch):
    monkeypatch.setattr("pyflow.worker.process.backoff.FIRST", 0.0)
    swf.faults["poll_for_activity_task"] = [Fault("UnknownResourceFault", "Unknown domain: shop")] * 10
    with pytest.raises(pyflow.PyflowException, match="SWF knows no domain shop here"):
        worker_of(swf, Gate()).run()


def test_a_worker_starts_once(swf):
    worker = worker_of(swf, Gate(), concurrency=1, graceful_timeout=0)
    worker.start()
    with pytest.raises(pyflow.PyflowException, match="this worker was started before"):
        worker.start()
    worker.stop()


@pytest.mark.parametrize("options", [{"concurrency": 0}, {"pollers": 0}])
def test_a_worker_without_threads_is_refused(swf, options):
    with pytest.raises(pyflow.PyflowException, match="must both be at least 1"):
        worker_of(swf, Gate(), **options)
