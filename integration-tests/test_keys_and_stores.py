"""Workers with keys and a store: what one language encrypts or stores, the others read, and nobody else."""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bare_run import BareRun, Outcome, Task
from deadline import until
from servers import Server
from worker_processes import LANGUAGES, Worker

import pyflow
from pyflow import codec
from pyflow.stores import Payloads
from pyflow.stores.configuration import configured
from pyflow.testing.processes import Process

PYFLOW = Path(sys.executable).with_name("pyflow")
Launched = Callable[..., Worker]
ORDER = {"id": 9007199254740993, "customer": "Žofie Ørsted 小林", "card": "4111 1111", "file": b"\0\xff"}
BIG = [str(number**7) for number in range(8_000)]  # 200 KB, 55 KB compressed: more than SWF takes


@pytest.fixture
def settings(tmp_path: Path) -> tuple[str, ...]:
    """The options that give a worker of any language the same keys and the same store."""
    keys = {
        name: b64encode(bytes([position] * 32)).decode() for position, name in enumerate(("2025", "2026"))
    }
    (tmp_path / "keys.json").write_text(json.dumps({"encrypt_with": "2026", "keys": keys}))
    return "--key-file", str(tmp_path / "keys.json"), "--store", f"big={tmp_path / 'store'}"


@pytest.fixture
def payloads(settings: tuple[str, ...]) -> Payloads:
    """What the workers have, here."""
    return configured(settings[1], [settings[3]])


@pytest.fixture
def shop(
    local_swf: Server, launched: Launched, settings: tuple[str, ...]
) -> Iterator[Callable[[str, str, str | None], Outcome]]:
    """Gives the outcome of an activity at the worker of a language, by its name and its input's text."""
    domain = local_swf.new_domain("keys")
    workers: dict[str, Worker] = {}
    run = BareRun(local_swf, domain)
    awake = True

    def outcome(language: str, activity: str, text: str | None) -> Outcome:
        nonlocal awake
        if language not in workers:
            workers[language] = launched(language, local_swf, domain=domain, arguments=settings)
        if not awake:
            run.wake()
        awake = False
        [name] = run.schedule(workers[language].task_list, [Task(activity, text)])
        return run.outcome(name)

    yield outcome
    for worker in workers.values():
        worker.process.kill()


@pytest.mark.parametrize("value", [ORDER, BIG], ids=["encrypted", "stored"])
def test_an_order_goes_encrypted_through_three_languages(
    value: Any, shop: Callable[[str, str, str | None], Outcome], payloads: Payloads, tmp_path: Path
) -> None:
    text = payloads.write(value)
    stored = value is BIG
    for number, language in enumerate(LANGUAGES):
        outcome = shop(language, "echo", text)
        assert outcome.event == "ActivityTaskCompleted", outcome
        text = outcome.attributes["result"]
        envelope = json.loads(text)
        assert envelope["codecs"][-1] == "aes-256-gcm"
        assert ("ref" in envelope) == stored
        assert payloads.read(text).value == value
        files = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
        assert len(files) == (number + 2 if stored else 0)  # a new nonce each time, so a new object


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failure_is_encrypted_and_its_reason_is_not(
    language: str, shop: Callable[[str, str, str | None], Outcome], payloads: Payloads
) -> None:
    asked = {
        "type": "CardDeclined",
        "message": "4111 declined",
        "non_retryable": True,
        "details": {"code": 7},
    }
    outcome = shop(language, "fail", payloads.write(asked))
    assert (outcome.event, outcome.attributes["reason"]) == ("ActivityTaskFailed", "CardDeclined")
    assert json.loads(outcome.attributes["details"])["enc"] == "failure"
    failure = codec.decode_failure("", outcome.attributes["details"], codecs=payloads.codecs)
    assert (failure.type, failure.message, failure.details) == ("CardDeclined", "4111 declined", {"code": 7})
    assert failure.non_retryable


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_worker_can_not_read_is_said_in_the_same_sentence(
    language: str, shop: Callable[[str, str, str | None], Outcome], payloads: Payloads, tmp_path: Path
) -> None:
    envelope = json.loads(payloads.write(BIG))
    ref = envelope["ref"]
    lost = {**ref, "key": "sha256/00/00"}
    elsewhere = {**ref, "store": "archive"}
    huge = {**ref, "size": 16_777_217}
    broken = {"$pyflow": 1, "enc": "json", "codecs": ["aes-256-gcm"], "data": b64encode(bytes(40)).decode()}
    unknown = b64encode(b"\1\4none" + bytes(30)).decode()
    wanted = [
        (
            {**envelope, "ref": lost},
            "pyflow.PayloadUnavailable",
            'the store "big" has no sha256/00/00: it was deleted, or another store is meant',
        ),
        (
            {**envelope, "ref": elsewhere},
            "pyflow.PayloadUnavailable",
            'a payload lies in the store "archive", configured here: big',
        ),
        (
            {**envelope, "ref": huge},
            "pyflow.PayloadDecodeError",
            "a claim check is for 16777217 bytes, and at most 16777216 are fetched",
        ),
        (
            broken,
            "pyflow.PayloadDecodeError",
            'the codec "aes-256-gcm" can\'t undo the bytes of a payload: their version is 0, read here is 1',
        ),
        (
            {**broken, "data": unknown},
            "pyflow.UnknownCodec",
            'a payload needs the key "none" of aes-256-gcm, configured here: 2025, 2026',
        ),
    ]
    for tree, kind, message in wanted:
        outcome = shop(language, "echo", json.dumps(tree))
        failure = codec.decode_failure(
            outcome.attributes["reason"], outcome.attributes["details"], codecs=payloads.codecs
        )
        assert (failure.type, failure.message) == (kind, message)
        assert failure.non_retryable == (kind == "pyflow.PayloadDecodeError")


WORKFLOW = """
import pyflow

class Order(pyflow.Workflow):
    NAME = "Order"
    VERSION = "1"

    def run(self, given):
        value = given["value"]
        for task_list in given["through"]:
            value = self.swf.invoke_activity("echo", "1", value, task_list=task_list).result()
        return {"value": value, "through": len(given["through"])}
"""


@pytest.mark.parametrize("value", [ORDER, BIG], ids=["encrypted", "stored"])
def test_a_decider_with_the_same_options_takes_an_order_through_three_languages(
    value: Any,
    local_swf: Server,
    launched: Launched,
    start: Callable[..., Process],
    settings: tuple[str, ...],
    payloads: Payloads,
    tmp_path: Path,
) -> None:
    (tmp_path / "order.py").write_text(WORKFLOW)
    domain = local_swf.new_domain("keys")
    workers = [launched(each, local_swf, domain=domain, arguments=settings) for each in LANGUAGES]
    where = ("--domain", domain, "--endpoint-url", local_swf.endpoint, "--task-list", "deciders")
    decider = start("decider", [PYFLOW, "decider", "order:Order", *where, *settings], cwd=tmp_path)
    text = payloads.write({"value": value, "through": [worker.task_list for worker in workers]})
    execution = pyflow.start_workflow(domain, "Order", "1", "deciders", None, text, local_swf.client)

    def closing() -> Any:
        found = local_swf.client.get_workflow_execution_history(
            domain=domain, execution=execution, reverseOrder=True
        )
        last = found["events"][0]
        return last if last["eventType"].startswith("WorkflowExecution") else None

    last = until(closing, "the order is closed")
    assert last["eventType"] == "WorkflowExecutionCompleted", last
    result = last["workflowExecutionCompletedEventAttributes"]["result"]
    assert json.loads(result)["codecs"][-1] == "aes-256-gcm"
    assert payloads.read(result).value == {"value": value, "through": 3}
    events = local_swf.client.get_workflow_execution_history(domain=domain, execution=execution)["events"]
    assert "4111" not in json.dumps(events, default=str)
    for process in (decider, *(worker.process for worker in workers)):
        process.kill()
