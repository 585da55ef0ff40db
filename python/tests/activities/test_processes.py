"""Activities in processes of their own."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from activities import process_activities as these
from activities.fake_swf import FakeSWF, Fault

import pyflow
from pyflow.codec import KeyRing
from pyflow.declare.activity import Activity
from pyflow.stores.payloads import Payloads
from pyflow.worker.activities.worker import ActivityWorker

SOON = 60  # seconds that no test should need
ACTIVITIES = [each for each in vars(these).values() if isinstance(each, Activity)]


@pytest.fixture
def swf() -> FakeSWF:
    return FakeSWF()


@pytest.fixture
def make(swf: FakeSWF) -> Iterator[Callable[..., ActivityWorker]]:
    """Makes workers with processes, whose processes end with the test."""
    made: list[ActivityWorker] = []

    def worker(**options: Any) -> ActivityWorker:
        made.append(ActivityWorker("shop", "cards", ACTIVITIES, client=swf, executor="processes", **options))
        return made[-1]

    yield worker
    for each in made:
        each._calls.close()


def input_of(value: Any) -> str:
    return json.dumps(value)


def answers(
    swf: FakeSWF, worker: ActivityWorker, *tasks: tuple[str, Any]
) -> list[tuple[str, dict[str, Any]]]:
    """The answers to tasks, each an activity's name and its input, one after the other."""
    for name, value in tasks:
        swf.offer(name, input_of(value))
        assert worker.step()
    return swf.answers


def running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < end, "it has not come about"
        time.sleep(0.01)


def test_one_process_does_the_tasks_of_a_slot_one_after_the_other(swf, make):
    found = [json.loads(each["result"]) for _, each in answers(swf, make(), ("where", None), ("where", None))]
    assert found[0] == found[1]
    assert found[0]["parent"] == os.getpid()
    assert found[0]["process"] != os.getpid()


def test_it_answers_as_threads_do(swf, make):
    tasks = [
        ("later", [1, "é"]),
        ("fail", "no"),
        ("odd", None),
        ("quit", None),
        ("later", None),
        ("long", "x"),
    ]
    (done, failed, odd, quit, null, _) = answers(swf, make(), *tasks)
    assert done == ("completed", {"taskToken": "token1", "result": '[1, "\\u00e9"]'})
    document = json.loads(failed[1]["details"])["failure"]
    assert (failed[1]["reason"], document["details"], document["cause"]["type"]) == (
        "Refused",
        {"code": 7},
        "KeyError",
    )
    assert [line.rpartition(" in ")[2] for line in document["stack"]] == ["fail"]
    assert (odd[1]["reason"], quit[1]["reason"]) == ("pyflow.ResultEncodeError", "SystemExit")
    assert null == ("completed", {"taskToken": "token5"})


def test_a_long_result_is_compressed_by_the_parent_and_one_too_long_is_failed(swf, make):
    (fits, too_long) = answers(swf, make(), ("long", 40_000), ("long", 20_000_000))
    assert Payloads().read(fits[1]["result"]).value == "x" * 40_000
    assert too_long[1]["reason"] == "pyflow.ResultTooLarge"


def test_keys_stay_with_the_parent(swf, make):
    pytest.importorskip("cryptography")
    payloads = Payloads(keys=KeyRing({"k": b"k" * 32}, "k"))
    swf.cancel_requested = True
    swf.offer("later", payloads.write("secret"))
    swf.offer("fail", payloads.write("secret"))
    swf.offer("hold", payloads.write("secret"))
    worker = make(payloads=payloads)
    for _ in range(3):
        assert worker.step()
    assert "secret" not in json.dumps(swf.calls)
    (completed, failed, canceled) = swf.answers
    assert payloads.read(completed[1]["result"]).value == "secret"
    assert (failed[1]["reason"], "codecs" in failed[1]["details"]) == ("Refused", True)
    assert payloads.read(canceled[1]["details"]).value == {"reason": "requested"}


def test_heartbeats_go_out_and_a_cancel_comes_in(swf, make):
    swf.cancel_requested = True
    (canceled,) = answers(swf, make(), ("hold", {"page": 1}))
    assert canceled == ("canceled", {"taskToken": "token1", "details": '{"reason": "requested"}'})
    assert swf.named("record_activity_task_heartbeat") == [{"taskToken": "token1", "details": '{"page": 1}'}]


@pytest.mark.parametrize(
    ("task", "how"),
    [
        (("die", int(signal.SIGKILL)), "SIGKILL"),
        (("die", int(signal.SIGSEGV)), "SIGSEGV"),
        (("leave", None), "exit status 7"),
    ],
    ids=["killed", "crashed", "exit"],
)
def test_a_process_that_dies_fails_its_task_and_is_replaced(swf, make, task, how):
    (failed, completed) = answers(swf, make(), task, ("later", 1))
    document = json.loads(failed[1]["details"])["failure"]
    assert failed[1]["reason"] == "pyflow.WorkerCrashed"
    assert document["message"] == f"the process that ran activity {task[0]} 1.0 died: {how}"
    assert not document.get("non_retryable")
    assert completed[0] == "completed"


def test_an_answer_may_be_left_to_somebody_else(swf, make):
    assert answers(swf, make(), ("defer", None)) == []


def test_a_process_is_there_before_a_poll_is_sent_and_idle_ones_are_used_again():
    swf = FakeSWF(holding=True)
    worker = ActivityWorker(
        "shop", "cards", ACTIVITIES, client=swf, executor="processes", concurrency=3, pollers=1
    )
    worker.start()
    assert swf.polling.acquire(timeout=SOON)
    (first,) = worker._calls._all
    for polls in range(3):
        swf.let_go(1)
        assert swf.polling.acquire(timeout=SOON)
        assert worker._calls._all == {first}, f"after {polls} empty polls"
    swf.offer("where")
    assert json.loads(swf.answered.get(timeout=SOON)[1]["result"])["process"] == first._process.pid
    swf.let_go(3)
    assert worker.stop() == 0
    assert first._process.exitcode == 0


def test_a_process_that_can_not_start_ends_the_worker_with_one_sentence(monkeypatch):
    monkeypatch.setattr("pyflow.worker.process.backoff.FIRST", 0.0)
    worker = ActivityWorker("shop", "cards", ACTIVITIES, client=FakeSWF(), executor="processes", pollers=1)
    worker._calls._modules = ["no_such_module_at_all"]
    with pytest.raises(
        pyflow.PyflowException, match="a process for activities ended before it was ready: exit status 1"
    ):
        worker.run()


def test_a_failure_says_what_is_left_out_of_it(swf, make):
    ((_, arguments),) = answers(swf, make(), ("fail_oddly", None))
    document = json.loads(arguments["details"])["failure"]
    assert (document["type"], document["details_omitted"]) == ("Odd", True)
    causes = 0
    while "cause" in document:
        document, causes = document["cause"], causes + 1
    assert (causes, document["cause_omitted"]) == (10, True)


def test_interceptors_run_where_the_activity_does(swf, make):
    ((_, arguments),) = answers(swf, make(interceptors=[these.doubling]), ("later", 1))
    name, process, result = json.loads(arguments["result"])
    assert (name, result) == ("later", 1)
    assert process != os.getpid()


def test_what_it_logs_is_logged_by_the_parent(swf, make, caplog):
    with caplog.at_level(logging.INFO):
        answers(swf, make(), ("chat", None))
    (own, failed) = [each for each in caplog.records if each.process != os.getpid()]
    assert (own.name, own.getMessage(), own.about["activity"]) == ("shop", "3 left", "chat")
    assert failed.getMessage() == "activity1 (chat 1.0) of order-7: failed: ValueError: no"
    assert failed.exc_text.endswith("ValueError: no")


def test_a_stop_cancels_and_what_does_not_heed_is_killed_with_all_it_started(make, tmp_path):
    swf = FakeSWF(holding=True)
    worker = ActivityWorker(
        "shop",
        "cards",
        ACTIVITIES,
        client=swf,
        executor="processes",
        concurrency=2,
        graceful_timeout=0,
        cancel_timeout=0,
    )
    worker.start()
    swf.offer("stuck", input_of(str(tmp_path)))
    wait_until((tmp_path / "child").exists)
    began = threading.Thread(target=worker.stop)
    began.start()
    began.join(SOON)
    assert worker.exit_code == 1
    assert swf.answers[0][1]["reason"] == "pyflow.WorkerShutdown"
    wait_until(lambda: not running(int((tmp_path / "child").read_text())))
    wait_until(lambda: not running(int((tmp_path / "grandchild").read_text())))


def test_whose_task_is_gone_is_told_and_then_killed_so_that_the_slot_is_free(tmp_path):
    swf = FakeSWF()
    swf.faults["record_activity_task_heartbeat"] = [Fault("UnknownResourceFault", "Unknown execution")]
    worker = ActivityWorker("shop", "cards", ACTIVITIES, client=swf, executor="processes", cancel_timeout=0)
    swf.offer("stuck", '{"$pyflow":1,"enc":"json","value":"%s","h":{"heartbeat_timeout":0.1}}' % tmp_path)
    stepping = threading.Thread(target=worker.step)
    stepping.start()
    wait_until((tmp_path / "child").exists)
    (assignment,) = worker._desk._held
    assignment.cancellation.cancel("gone")
    stepping.join(SOON)
    assert not stepping.is_alive()
    assert swf.answers == []
    assert worker.statistics.tasks == {("stuck", "dropped"): 1}
    worker._calls.close()


PARENT = """
import sys
from activities import process_activities as these
from activities.fake_swf import FakeSWF
from pyflow.worker.activities.worker import ActivityWorker
swf = FakeSWF()
swf.offer("stuck", sys.argv[1])
ActivityWorker("shop", "cards", [these.stuck], client=swf, executor="processes").step()
"""


def test_processes_end_when_their_parent_is_killed(tmp_path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen([sys.executable, "-c", PARENT, input_of(str(tmp_path))], env=environment)
    wait_until((tmp_path / "child").exists)
    parent.kill()
    parent.wait()
    wait_until(lambda: not running(int((tmp_path / "child").read_text())))
    wait_until(lambda: not running(int((tmp_path / "grandchild").read_text())))


def test_an_activity_that_has_no_name_in_a_module_is_refused(swf):
    with pytest.raises(
        pyflow.PyflowException, match="has no name in a module, by which executor processes could find it"
    ):
        ActivityWorker("shop", "cards", [these.Hidden.activity], client=swf, executor="processes")


def test_an_interceptor_that_has_none_is_refused(swf):
    with pytest.raises(pyflow.PyflowException, match="an interceptor can't be found by import"):
        ActivityWorker(
            "shop",
            "cards",
            ACTIVITIES,
            client=swf,
            executor="processes",
            interceptors=[lambda it, proceed: proceed()],
        )


def test_an_executor_of_the_authors_will_do(swf):
    names = []

    @pyflow.activity
    def named() -> str:
        names.append(threading.current_thread().name)
        return pyflow.current_activity().info.name

    with ThreadPoolExecutor(1, thread_name_prefix="mine") as executor:
        swf.offer("named")
        assert ActivityWorker("shop", "cards", [named], client=swf, executor=executor).step()
    assert swf.answers == [("completed", {"taskToken": "token1", "result": '"named"'})]
    assert names == ["mine_0"]


@pytest.mark.parametrize(
    ("executor", "sentence"),
    [
        (
            "fibers",
            "executor is 'fibers': it must be 'threads', 'processes' or a concurrent.futures.Executor",
        ),
        (ProcessPoolExecutor, "a ProcessPoolExecutor can't run activities: say executor='processes'"),
    ],
    ids=["no executor", "a pool of processes"],
)
def test_another_executor_is_refused(swf, executor, sentence):
    given = executor if isinstance(executor, str) else executor(1)
    with pytest.raises(pyflow.PyflowException) as refused:
        ActivityWorker("shop", "cards", ACTIVITIES, client=swf, executor=given)
    assert str(refused.value) == sentence
