"""What a workflow must not call is flagged by name and line, however it was imported; nothing else is."""

from __future__ import annotations

import contextlib
import datetime
import gc
import inspect
import logging
import os
import pathlib
import random
import secrets
import socket
import subprocess
import sys
import threading
import time
import uuid
import weakref
import zoneinfo
from collections.abc import Callable
from time import sleep as pause
from typing import Any

import boto3
import pytest

import pyflow
from pyflow.testing import GuardViolation, WorkflowEnvironment, guard
from pyflow.testing.story import HistoryBuilder

CLOCK, RANDOM, UUID = "use self.swf.workflow_time()", "use self.swf.random", "use self.swf.uuid4()"
DRAWN, EFFECT, THREAD = (
    "draw it in self.swf.invoke_once",
    "do it in an activity",
    "use self.swf.spawn",
)

SWF = boto3.client("swf", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")

FLAGGED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "time.time": (lambda swf: time.time(), CLOCK),
    "time.monotonic": (lambda swf: time.monotonic(), CLOCK),
    "time.sleep": (lambda swf: pause(60), "use self.swf.sleep"),
    "datetime.now": (lambda swf: datetime.datetime.now(datetime.timezone.utc), CLOCK),
    "datetime.utcnow": (lambda swf: datetime.datetime.utcnow(), CLOCK),
    "date.today": (lambda swf: datetime.date.today(), CLOCK),
    "random.random": (lambda swf: random.random(), RANDOM),
    "random.randint": (lambda swf: random.randint(1, 6), RANDOM),
    "random.shuffle": (lambda swf: random.shuffle([1, 2, 3]), RANDOM),
    "uuid.uuid1": (lambda swf: uuid.uuid1(), UUID),
    "uuid.uuid4": (lambda swf: uuid.uuid4(), UUID),
    "os.urandom": (lambda swf: os.urandom(8), DRAWN),
    "secrets.token_hex": (lambda swf: secrets.token_hex(), DRAWN),
    "threading.start": (lambda swf: threading.Thread(target=print).start(), THREAD),
    "socket.create_connection": (lambda swf: socket.create_connection(("127.0.0.1", 9)), EFFECT),
    "socket.connect": (lambda swf: socket.socket().connect(("127.0.0.1", 9)), EFFECT),
    "socket.getaddrinfo": (lambda swf: socket.getaddrinfo("localhost", 80), EFFECT),
    "open": (lambda swf: open("/nowhere"), EFFECT),  # noqa: SIM115, PTH123
    "pathlib.read_text": (lambda swf: pathlib.Path("/nowhere").read_text(), EFFECT),
    "os.listdir": (lambda swf: os.listdir("/"), EFFECT),  # noqa: PTH208
    "subprocess.run": (lambda swf: subprocess.run(["true"]), EFFECT),
    "os.system": (lambda swf: os.system("true"), EFFECT),
    "boto3": (lambda swf: SWF.list_domains(registrationStatus="REGISTERED"), EFFECT),
}
LEFT_ALONE: dict[str, Callable[[Any], Any]] = {
    "seeded dice": lambda swf: random.Random(7).randint(1, 6),
    "a name-based uuid": lambda swf: str(uuid.uuid5(uuid.NAMESPACE_DNS, "example.org")),
    "logging": lambda swf: logging.getLogger("order").warning("slow"),
    "invoke_once": lambda swf: swf.invoke_once(time.time).result(),
    "what invoke_once calls": lambda swf: swf.invoke_once(lambda: str(uuid.uuid4())).result(),
    "an import": lambda swf: __import__("guard_imports").CLOCK,
    "time zones": lambda swf: str(zoneinfo.ZoneInfo("Europe/Oslo")),
    "the workflow's clock": lambda swf: str(swf.workflow_time()),
    "steps": lambda swf: str([swf.invoke_activity("a", "1", {"blob": b"1"}), swf.start_timer(1)]),
}


def workflow_of(code: Callable[[Any], Any]) -> type[pyflow.Workflow]:
    class Guarded(pyflow.Workflow):
        NAME = "Guarded"

        def run(self, value: Any) -> Any:
            return code(self.swf)

    return Guarded


def decide(code: Callable[[Any], Any]) -> list[dict[str, Any]]:
    decider = pyflow.Decider([workflow_of(code)], "domain", "deciders", None, client=object())
    return decider.process_decision_task(HistoryBuilder().turn().task("Guarded")).decisions


@pytest.mark.parametrize("name", FLAGGED)
def test_a_workflow_that_calls_it_is_flagged_by_name_and_line(name: str) -> None:
    code, advice = FLAGGED[name]
    with pytest.raises(GuardViolation) as violation, guard():
        decide(code)
    where = f"test_guard.py:{inspect.getsourcelines(code)[1]}"
    assert str(violation.value).endswith(f"{where} calls {name} in a workflow: {advice}")


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_a_workflow_may_do_that(name: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "guard_imports.py").write_text(f"import time\n\nCLOCK = time.time() > 0 and {name!r}\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "guard_imports", raising=False)
    with guard():
        [*_, last] = decide(LEFT_ALONE[name])
    assert last["decisionType"] == "CompleteWorkflowExecution"


@pytest.mark.parametrize(
    "code",
    [
        lambda swf: swf.spawn(lambda: time.time()).result(),
        lambda swf: swf.map(lambda item: time.time(), [1, 2]),
        lambda swf: swf.wait_until(lambda: time.time() > 0),
    ],
    ids=["spawn", "map", "wait_until"],
)
def test_every_line_of_a_workflow_is_watched(code: Callable[[Any], Any]) -> None:
    with pytest.raises(GuardViolation, match="calls time.time"), guard():
        decide(code)


def test_what_is_flagged_is_not_done() -> None:
    began = time.monotonic()
    with pytest.raises(GuardViolation), guard():
        decide(lambda swf: pause(60))
    assert time.monotonic() - began < 30


def test_a_workflow_can_not_swallow_it() -> None:
    def swallowing(swf: Any) -> None:
        with contextlib.suppress(BaseException):
            time.time()

    with pytest.raises(GuardViolation, match="calls time.time"), guard():
        decide(swallowing)


def test_it_is_told_even_if_another_error_follows() -> None:
    with pytest.raises(GuardViolation, match="calls time.time"), guard():
        try:
            decide(lambda swf: time.time())
        except GuardViolation:
            raise KeyError("another") from None


def test_a_library_that_may_is_named() -> None:
    with guard(allow=["uuid"]):
        decide(lambda swf: str(uuid.uuid4()))


def test_what_is_no_workflow_s_is_left_alone() -> None:
    with guard():
        assert time.time() > random.random()


def test_what_the_garbage_collector_calls_is_left_alone() -> None:
    def called(phase: str, info: dict[str, int]) -> None:
        time.perf_counter()

    class Finalized:
        def __del__(self) -> None:
            time.time()

    def collects(swf: Any) -> str:
        Finalized()
        gc.collect()
        return "collected"

    gc.callbacks.append(called)
    try:
        with guard():
            [decision] = decide(collects)
        assert decision["decisionType"] == "CompleteWorkflowExecution"
    finally:
        gc.callbacks.remove(called)


def test_a_finalizer_that_the_garbage_collector_calls_is_no_workflow_s() -> None:
    class Cycle:
        def __init__(self) -> None:
            self.itself = self

    seen: list[float] = []
    weakref.finalize(Cycle(), lambda: seen.append(time.time()))
    with guard():
        decide(lambda swf: gc.collect())
    assert seen


def test_a_profiler_that_was_there_is_there_again() -> None:
    def profiler(*_: object) -> None: ...

    before = sys.getprofile()
    sys.setprofile(profiler)
    try:
        with guard():
            decide(lambda swf: None)
        found = sys.getprofile()
    finally:
        sys.setprofile(before)
    assert found is profiler


def test_a_workflow_in_an_environment_is_guarded() -> None:
    with pytest.raises(GuardViolation, match="calls time.time"):
        WorkflowEnvironment(workflow_of(lambda swf: time.time())).run()


def test_an_environment_can_do_without() -> None:
    assert WorkflowEnvironment(workflow_of(lambda swf: time.time()), guard=False, replay=False).run() > 0


def test_fakes_may_do_what_they_like() -> None:
    def anything(value: Any) -> Any:
        return [time.time() > 0, len(str(uuid.uuid4())), pathlib.Path(__file__).exists()]

    def all_steps(swf: Any) -> Any:
        steps = swf.invoke_activity("a", "1"), swf.invoke_lambda("f", 1), swf.invoke_child_workflow("c", "1")
        return [step.result() for step in steps]

    fakes = {"a": anything, "f": anything, "c": anything}
    assert WorkflowEnvironment(workflow_of(all_steps), fakes).run() == [[True, 36, True]] * 3
