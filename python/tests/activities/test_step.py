"""One step of an activity worker: what SWF is answered for what an activity does."""

from __future__ import annotations

import dataclasses
import json
import logging
import random
import threading
from typing import Any

import pytest
from activities.fake_swf import FakeSWF, Fault

import pyflow
from pyflow.declare.activity import Activity, activity
from pyflow.worker.activities.context import current_activity
from pyflow.worker.activities.worker import ActivityWorker


@pytest.fixture
def swf() -> FakeSWF:
    return FakeSWF()


def answer(swf: FakeSWF, *activities: Activity[..., Any]) -> tuple[str, dict[str, Any]]:
    """The one answer to the one task offered."""
    assert ActivityWorker("shop", "cards", activities, client=swf, identity="test").step() is True
    (given,) = swf.answers
    return given


def failure(swf: FakeSWF, *activities: Activity[..., Any]) -> dict[str, Any]:
    """The failure document answered to the one task offered; its type is the reason too."""
    kind, arguments = answer(swf, *activities)
    assert kind == "failed"
    document = json.loads(arguments["details"])
    assert document["$pyflow"] == 1
    assert document["failure"]["type"] == arguments["reason"]
    return document["failure"]


@activity
def double(value: Any) -> Any:
    return value * 2


def test_an_empty_poll_is_no_task(swf):
    assert ActivityWorker("shop", "cards", [double], client=swf, identity="test").step() is False
    assert swf.calls == [
        ("poll_for_activity_task", {"domain": "shop", "taskList": {"name": "cards"}, "identity": "test"})
    ]


def test_a_task_without_a_token_is_none_also_when_the_token_is_empty(swf):
    swf._offered.put({"taskToken": "", "startedEventId": 0})
    assert ActivityWorker("shop", "cards", [double], client=swf).step() is False


def test_a_result_completes_the_task(swf):
    swf.offer("double", '"ab"')
    assert answer(swf, double) == ("completed", {"taskToken": "token1", "result": '"abab"'})


def test_null_is_no_result_at_all(swf):
    swf.offer("nothing")

    @activity
    def nothing() -> None: ...

    assert answer(swf, nothing) == ("completed", {"taskToken": "token1"})


def test_an_async_function_is_run_to_its_end(swf):
    swf.offer("later", "20")

    @activity
    async def later(value: int) -> int:
        return value + 1

    assert answer(swf, later) == ("completed", {"taskToken": "token1", "result": "21"})


def test_an_application_error_keeps_its_type_and_details(swf):
    swf.offer("charge")

    @activity
    def charge() -> None:
        raise pyflow.ApplicationError(
            "card declined", type="CardDeclined", non_retryable=True, details={"code": 7}
        )

    told = failure(swf, charge)
    assert told["type"] == "CardDeclined"
    assert told["message"] == "card declined"
    assert told["details"] == {"code": 7}
    assert told["non_retryable"] is True
    assert told["language"] == "python"


def test_an_ordinary_error_is_failed_by_its_class_with_its_cause(swf):
    swf.offer("crash", '"no such file"')

    @activity
    def crash(message: str) -> None:
        try:
            raise KeyError("cause")
        except KeyError as cause:
            raise ValueError(message) from cause

    told = failure(swf, crash)
    assert (told["type"], told["message"], told["cause"]["type"]) == (
        "ValueError",
        "no such file",
        "KeyError",
    )
    assert not told.get("non_retryable")
    (frame,) = told["stack"]
    assert frame.startswith(f"{__file__}:")
    assert frame.endswith(" in crash")


@pytest.mark.parametrize(
    "error", [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), RecursionError("deep"), MemoryError()]
)
def test_what_is_no_exception_is_answered_too_and_the_worker_goes_on(swf, error):
    swf.offer("leave")
    swf.offer("double", "2")

    @activity
    def leave() -> None:
        raise error

    worker = ActivityWorker("shop", "cards", [leave, double], client=swf)
    assert [worker.step(), worker.step(), worker.step()] == [True, True, False]
    (first, failed), second = swf.answers
    assert (first, failed["reason"]) == ("failed", type(error).__name__)
    assert second == ("completed", {"taskToken": "token2", "result": "4"})


def test_an_error_that_can_not_be_shown_is_failed_by_its_class(swf):
    swf.offer("odd")

    class Odd(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no text")

    @activity
    def odd() -> None:
        raise Odd

    assert failure(swf, odd)["type"].endswith("Odd")


def test_an_unknown_type_is_failed_so_that_another_worker_may_take_it(swf):
    swf.offer("triple", version="2")
    told = failure(swf, double)
    assert told["type"] == "pyflow.UnknownActivityType"
    assert told["message"] == "this worker has no activity triple 2: it has double 1.0"
    assert not told.get("non_retryable")


@pytest.mark.parametrize(
    ("input", "type", "final"),
    [
        ("{", "pyflow.PayloadDecodeError", True),
        ('{"$pyflow":2,"value":1}', "pyflow.UnsupportedPayloadVersion", True),
        ('{"$pyflow":1,"enc":"json","codecs":["acme-kms"],"data":"e30="}', "pyflow.UnknownCodec", False),
    ],
)
def test_input_that_can_not_be_read_is_failed_without_a_call(swf, input, type, final):
    swf.offer("double", input)
    told = failure(swf, double)
    assert (told["type"], told.get("non_retryable", False)) == (type, final)


def test_input_in_a_store_that_is_not_here_may_be_tried_elsewhere(swf):
    key = "sha256/" + "ab/" + "ab" * 32
    reference = {"store": "default", "key": key, "size": 5, "sha256": "ab" * 32}
    swf.offer("double", json.dumps({"$pyflow": 1, "enc": "json", "ref": reference}))
    told = failure(swf, double)
    assert (told["type"], told.get("non_retryable", False)) == ("pyflow.PayloadUnavailable", False)


def test_arguments_that_do_not_fit_are_failed_for_good(swf):
    swf.offer("move", '{"source": "a"}')

    @activity
    def move(source: str, target: str) -> None: ...

    told = failure(swf, move)
    assert (told["type"], told["non_retryable"]) == ("pyflow.ArgumentError", True)
    assert told["message"] == (
        "activity move 1.0 takes an object with the keys source, target: missing a required argument: 'target'"
    )


def test_a_type_error_of_the_activity_itself_is_its_own(swf):
    swf.offer("double", "{}")
    assert failure(swf, double)["type"] == "TypeError"


def test_a_result_that_no_coding_makes_small_enough_is_failed(swf):
    swf.offer("bulk")

    @activity
    def bulk() -> bytes:
        return random.Random(7).randbytes(30_000)

    told = failure(swf, bulk)
    assert (told["type"], told["non_retryable"]) == ("pyflow.ResultTooLarge", True)
    assert told["message"].startswith("result of activity bulk 1.0 is ")


def test_a_result_outside_the_contract_is_failed(swf):
    swf.offer("odd")

    @activity
    def odd() -> Any:
        return {"tags": {1, 2}}

    told = failure(swf, odd)
    assert (told["type"], told["non_retryable"]) == ("pyflow.ResultEncodeError", True)
    assert told["message"].startswith("result of activity odd 1.0")


@dataclasses.dataclass
class Order:
    cents: int
    paid: bool = False


def test_a_dataclass_comes_and_goes_as_a_map(swf):
    swf.offer("pay", '{"cents": 7}')

    @activity
    def pay(order: Order) -> Order:
        assert order == Order(7)
        return Order(order.cents, paid=True)

    assert answer(swf, pay) == ("completed", {"taskToken": "token1", "result": '{"cents": 7, "paid": true}'})


def test_what_is_none_is_an_argument_error_that_says_where(swf):
    swf.offer("pay", '{"cents": "7"}')

    @activity
    def pay(order: Order) -> None: ...

    told = failure(swf, pay)
    assert (told["type"], told["non_retryable"]) == ("pyflow.ArgumentError", True)
    assert told["message"] == "input of activity pay 1.0: $.cents is a text, should be an integer"


def test_a_stack_without_end_is_answered(swf):
    swf.offer("dive")

    @activity
    def dive() -> None:
        dive.function()

    assert failure(swf, dive)["type"] == "RecursionError"


def test_the_context_says_which_task_it_is(swf):
    swf.offer("who", '{"$pyflow":1,"enc":"json","value":null,"h":{"attempt":3,"last_heartbeat":{"page":9}}}')
    seen = []

    @activity
    def who() -> None:
        seen.append(current_activity().info)

    answer(swf, who)
    (info,) = seen
    assert (info.task_token, info.activity_id, info.name, info.version) == (
        "token1",
        "activity1",
        "who",
        "1.0",
    )
    assert (info.workflow_id, info.run_id, info.domain, info.task_list) == (
        "order-7",
        "run-1",
        "shop",
        "cards",
    )
    assert (info.attempt, info.last_heartbeat) == (3, {"page": 9})


def test_outside_an_activity_there_is_no_context():
    with pytest.raises(pyflow.PyflowException, match="no activity is running here"):
        current_activity()


def test_a_line_of_its_logger_says_which_activity_wrote_it(swf, caplog):
    swf.offer("chatty")

    @activity
    def chatty() -> None:
        current_activity().logger.info("half of it, 50% done")
        current_activity().logger.warning("%d of %d", 1, 2)

    with caplog.at_level(logging.INFO, "pyflow.activity"):
        answer(swf, chatty)
    assert [record.getMessage() for record in caplog.records] == [
        "activity1 (chatty 1.0) of order-7: half of it, 50% done",
        "activity1 (chatty 1.0) of order-7: 1 of 2",
    ]
    assert {record.funcName for record in caplog.records} == {"chatty"}


def test_heartbeats_carry_the_details_and_a_cancel_request_ends_a_wait(swf):
    swf.offer("hold")
    swf.cancel_requested = True

    @activity(heartbeat="manual")
    def hold() -> None:
        try:
            current_activity().heartbeat({"page": 1})
            current_activity().wait(600)
        except pyflow.ActivityCanceled as canceled:
            assert canceled.reason == current_activity().reason == "requested"
            assert current_activity().canceled
            canceled.details = {"page": 1}
            raise

    assert answer(swf, hold) == ("canceled", {"taskToken": "token1", "details": '{"page": 1}'})
    assert swf.named("record_activity_task_heartbeat") == [{"taskToken": "token1", "details": '{"page": 1}'}]


def canceled_while_waiting(then: Any) -> Activity[..., Any]:
    @activity(heartbeat="manual")
    def hold() -> Any:
        try:
            current_activity().heartbeat()
            current_activity().wait(600)
        except pyflow.ActivityCanceled as canceled:
            return then(canceled)

    return hold


def test_an_activity_may_finish_although_it_was_canceled(swf):
    swf.offer("hold")
    swf.cancel_requested = True
    assert answer(swf, canceled_while_waiting(lambda canceled: "done")) == (
        "completed",
        {"taskToken": "token1", "result": '"done"'},
    )


def test_cancel_details_outside_the_contract_are_left_out(swf):
    def again(canceled: pyflow.ActivityCanceled) -> None:
        canceled.details = {1, 2}
        raise canceled

    swf.offer("hold")
    swf.cancel_requested = True
    assert answer(swf, canceled_while_waiting(again)) == ("canceled", {"taskToken": "token1"})


def test_a_cancel_that_nobody_asked_for_is_a_failure(swf):
    swf.offer("quit")

    @activity
    def quit() -> None:
        raise pyflow.ActivityCanceled()

    kind, _ = answer(swf, quit)
    assert kind == "failed"


@pytest.mark.parametrize("then", ["returns", "raises", "lets the cancel pass"])
def test_a_task_that_swf_gave_up_is_not_answered(swf, then):
    def after(canceled: pyflow.ActivityCanceled) -> Any:
        assert canceled.reason == "gone"
        if then == "returns":
            return 1
        raise ValueError if then == "raises" else canceled

    swf.offer("hold")
    swf.faults["record_activity_task_heartbeat"] = [Fault("UnknownResourceFault")]
    assert ActivityWorker("shop", "cards", [canceled_while_waiting(after)], client=swf).step() is True
    assert swf.answers == []


def test_a_task_whose_heartbeats_do_not_arrive_is_given_up_and_not_answered(swf):
    reasons = []

    def after(canceled: pyflow.ActivityCanceled) -> None:
        reasons.append(canceled.reason)
        raise canceled

    swf.offer("hold", '{"$pyflow":1,"enc":"json","value":null,"h":{"heartbeat_timeout":0.2}}')
    swf.faults["record_activity_task_heartbeat"] = [ConnectionError("reset")] * 100
    worker = ActivityWorker("shop", "cards", [canceled_while_waiting(after)], client=swf)
    assert worker.step() is True
    assert reasons == ["heartbeat_lost"]
    assert swf.answers == []
    assert worker.statistics.tasks == {("hold", "dropped"): 1}


def test_heartbeat_details_that_are_too_long_are_dropped_and_the_activity_goes_on(swf):
    swf.offer("hold")
    swf.cancel_requested = True

    @activity(heartbeat="manual")
    def hold() -> str:
        current_activity().heartbeat(random.Random(7).randbytes(3000).hex())
        with pytest.raises(pyflow.ActivityCanceled):
            current_activity().wait(600)  # the heartbeat has arrived
        return "done"

    assert answer(swf, hold) == ("completed", {"taskToken": "token1", "result": '"done"'})
    assert swf.named("record_activity_task_heartbeat") == [
        {"taskToken": "token1", "details": '{"$pyflow":1,"enc":"json","value":null,"dropped":6002}'}
    ]


def test_heartbeat_details_outside_the_contract_are_told_where_they_are_written(swf):
    swf.offer("hold")

    @activity
    def hold() -> None:
        with pytest.raises(pyflow.PayloadEncodeError):
            current_activity().heartbeat({1, 2})

    assert answer(swf, hold)[0] == "completed"


def test_activities_beside_each_other_have_their_own_context(swf):
    both = threading.Barrier(2, timeout=10)

    @activity
    def who(value: int) -> Any:
        both.wait()
        return [value, current_activity().info.task_token]

    swf.offer("who", "1")
    swf.offer("who", "2")
    worker = ActivityWorker("shop", "cards", [who], client=swf)
    steps = [threading.Thread(target=worker.step) for _ in range(2)]
    for step in steps:
        step.start()
    for step in steps:
        step.join(10)
    assert sorted(arguments["result"] for _, arguments in swf.answers) == ['[1, "token1"]', '[2, "token2"]']


def test_trouble_of_the_worker_itself_is_answered_too(swf, monkeypatch):
    def broken(*given: Any) -> Any:
        raise MemoryError("no room")

    monkeypatch.setattr("pyflow.worker.activities.desk.read_input", broken)
    swf.offer("double", "2")
    assert failure(swf, double)["type"] == "MemoryError"
