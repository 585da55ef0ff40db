"""A workflow under test: fakes for its steps, time that skips, signals and cancels, and what the test is told."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any
from unittest.mock import Mock

import pytest

import pyflow
from pyflow.errors import PyflowException
from pyflow.testing import WorkflowEnvironment, after, no_answer
from pyflow.testing.fakes import UnfakedStep

DAY = 24 * 3600


class Order(pyflow.Workflow):
    NAME = "Order"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 90 * DAY}
    price = pyflow.LambdaDescriptor("price_order")
    charge = pyflow.ActivityDescriptor("charge_card", "1", task_list="cards")
    ship = pyflow.ChildWorkflowDescriptor("Shipment", "1.0", task_list="shipping")

    def run(self, order: dict[str, Any]) -> Any:
        total = self.price(order["items"]).result()
        receipt = self.charge(order=order["id"], total=total).result()
        parcel = self.ship(order["address"]).result()
        return [receipt, parcel]


class Shipment(pyflow.Workflow):
    NAME = "Shipment"
    pack = pyflow.ActivityDescriptor("pack", "1")

    def run(self, address: str) -> Any:
        return self.pack(address).result()


class Charge(pyflow.Workflow):
    """One step, and what came of it."""

    NAME = "Charge"
    charge = Order.charge

    def run(self, order: Any) -> Any:
        try:
            return self.charge(order).result()
        except pyflow.InvocationFailedException as error:
            return {
                "type": error.type,
                "message": error.message,
                "data": error.data,
                "final": error.non_retryable,
            }
        except pyflow.InvocationTimedOutException as error:
            return {"timeout": error.timeout, "last_heartbeat": error.last_heartbeat}


class Price(pyflow.Workflow):
    NAME = "Price"
    price = Order.price

    def run(self, order: Any) -> Any:
        try:
            return self.price(order).result()
        except pyflow.InvocationFailedException as error:
            return [error.reason, error.details]
        except pyflow.InvocationTimedOutException as error:
            return error.timeout


class Month(pyflow.Workflow):
    NAME = "Month"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 90 * DAY}

    def run(self, value: Any) -> Any:
        self.swf.sleep(30 * DAY)
        return value


ORDER = {"id": 7, "items": ["tea"], "address": "Oslo"}
FAKES = {
    Order.price: lambda items: len(items) * 4,
    Order.charge: lambda order, total: f"receipt {order}: {total}",
    Order.ship: lambda address: f"parcel to {address}",
}


def test_a_workflow_runs_with_functions_for_its_steps() -> None:
    with WorkflowEnvironment(Order, FAKES) as env:
        assert env.run(ORDER) == ["receipt 7: 4", "parcel to Oslo"]


def test_a_test_sees_what_its_fakes_were_called_with() -> None:
    run = WorkflowEnvironment(Order, FAKES).start(ORDER)
    assert run.calls == [
        ("price_order", ["tea"]),
        ("charge_card", {"order": 7, "total": 4}),
        ("Shipment", "Oslo"),
    ]


def test_a_child_can_run_for_real() -> None:
    fakes = {**FAKES, "pack": lambda address: f"box for {address}"}
    del fakes[Order.ship]
    with WorkflowEnvironment(Order, fakes, workflows=[Shipment]) as env:
        run = env.start(ORDER)
        assert run.result() == ["receipt 7: 4", "box for Oslo"]
        assert [call.step for call in run.calls] == ["price_order", "charge_card"]  # the child's are its own
        assert [call.step for call in env.calls] == ["price_order", "charge_card", "pack"]


def test_the_history_is_swf_s_own() -> None:
    run = WorkflowEnvironment(Charge, {Charge.charge: lambda order: "ok"}).start(7)
    assert [event["eventType"] for event in run.history] == [
        "WorkflowExecutionStarted",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
        "ActivityTaskScheduled",
        "ActivityTaskStarted",
        "ActivityTaskCompleted",
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
        "DecisionTaskCompleted",
        "WorkflowExecutionCompleted",
    ]


@pytest.mark.parametrize("step", [Charge.charge, "charge_card", ("charge_card", "1")], ids=repr)
def test_a_step_is_named_by_its_descriptor_its_name_or_name_and_version(step: Any) -> None:
    assert WorkflowEnvironment(Charge, {step: lambda order: order}).run(7) == 7


def test_a_mock_is_given_the_input() -> None:
    charge = Mock(return_value="ok")
    assert WorkflowEnvironment(Charge, {Charge.charge: charge}).run({"id": 7}) == "ok"
    charge.assert_called_once_with({"id": 7})


def test_an_async_fake_is_awaited() -> None:
    async def charge(order: Any) -> Any:
        return order

    assert WorkflowEnvironment(Charge, {Charge.charge: charge}).run(7) == 7


def test_a_failure_is_written_as_a_worker_writes_it() -> None:
    def declined(order: Any) -> None:
        raise pyflow.ApplicationError(
            "no funds", type="CardDeclined", non_retryable=True, details={"by": "bank"}
        )

    assert WorkflowEnvironment(Charge, {Charge.charge: declined}).run(7) == {
        "type": "CardDeclined",
        "message": "no funds",
        "data": {"by": "bank"},
        "final": True,
    }


def test_an_input_that_the_fake_can_not_take_fails_the_step_as_in_a_worker() -> None:
    failed = WorkflowEnvironment(Charge, {Charge.charge: lambda order, total: None}).run(7)
    assert failed["type"] == "pyflow.ArgumentError"


def test_a_failed_assertion_of_a_fake_is_the_test_s() -> None:
    def charge(order: Any) -> None:
        assert order == 8, "the wrong order"

    with pytest.raises(AssertionError, match="the wrong order"):
        WorkflowEnvironment(Charge, {Charge.charge: charge}).run(7)


def test_a_lambda_that_raises_fails_with_lambda_s_document() -> None:
    def price(order: Any) -> None:
        raise KeyError("sku")

    reason, details = WorkflowEnvironment(Price, {Price.price: price}).run({})
    assert reason == "UnhandledError"
    document = json.loads(details)
    assert (document["errorType"], document["errorMessage"]) == ("KeyError", "'sku'")
    assert "in price" in document["stackTrace"][-1]


def test_a_lambda_fails_as_the_test_says() -> None:
    def price(order: Any) -> None:
        raise pyflow.InvocationFailedException("TooManyRequestsException", "Rate exceeded")

    assert WorkflowEnvironment(Price, {Price.price: price}).run({}) == [
        "TooManyRequestsException",
        "Rate exceeded",
    ]


def test_a_lambda_handler_is_called_as_lambda_calls_it() -> None:
    def handler(event: Any, context: Any) -> Any:
        return event["items"]

    assert WorkflowEnvironment(Price, {Price.price: handler}).run({"items": 3}) == 3


def test_a_lambda_that_does_not_answer_times_out() -> None:
    assert WorkflowEnvironment(Price, {Price.price: no_answer}).run({}) == "START_TO_CLOSE"


# Time


def test_time_skips_to_what_the_workflow_waits_for() -> None:
    env = WorkflowEnvironment(Month)
    assert env.run("done") == "done"
    assert env.now == datetime(2026, 1, 31, tzinfo=timezone.utc)


def test_a_month_passes_in_milliseconds() -> None:
    def once() -> float:
        began = time.perf_counter()
        with WorkflowEnvironment(Month) as env:
            env.run()
        return time.perf_counter() - began

    assert min(once() for _ in range(20)) < 0.030


def test_time_stands_still_until_it_is_moved() -> None:
    env = WorkflowEnvironment(Month)
    run = env.start("done")
    env.advance(30 * DAY - 1)
    assert not run.closed
    env.advance(1)
    assert run.closed and run.result() == "done"
    env.advance(0.5)
    assert env.now == datetime(2026, 1, 31, 0, 0, 0, 500_000, tzinfo=timezone.utc)


def test_a_fake_answers_after_a_while() -> None:
    env = WorkflowEnvironment(Charge, {Charge.charge: after(90, lambda order: order)})
    run = env.start(7)
    env.advance(89)
    assert not run.closed
    assert run.result() == 7
    assert env.now == datetime(2026, 1, 1, 0, 1, 30, tzinfo=timezone.utc)


class Race(pyflow.Workflow):
    NAME = "Race"
    fast = pyflow.ActivityDescriptor("fast", "1")
    slow = pyflow.ActivityDescriptor("slow", "1")

    def run(self, value: Any) -> Any:
        [first] = self.swf.wait_for_any(self.slow(), self.fast())
        return first.result()


def test_fakes_answer_in_the_order_of_the_clock() -> None:
    fakes = {Race.slow: after(20, lambda: "slow"), Race.fast: after(10, lambda: "fast")}
    env = WorkflowEnvironment(Race, fakes)
    assert env.run() == "fast"
    env.advance(20)  # the slow one's run has closed by now: nobody wants its answer


@pyflow.activity(name="charge_card", version="1", start_to_close_timeout=30, heartbeat_timeout=10)
def charge_for_real(order: Any) -> Any:
    return f"charged {order}"


def test_an_activity_can_be_its_own_fake() -> None:
    assert WorkflowEnvironment(Charge, {Charge.charge: charge_for_real}).run(7) == "charged 7"


@pytest.mark.parametrize(
    ("seconds", "timeout"), [((), "HEARTBEAT"), ((9, 9, 9), "START_TO_CLOSE")], ids=["at once", "beating"]
)
def test_a_fake_that_beats_and_then_is_silent_times_out_by_the_type_s_timeouts(
    seconds: tuple[int, ...], timeout: str
) -> None:
    def charge(order: Any) -> Iterator[float]:
        for beat, pause in enumerate((*seconds, 100)):
            pyflow.current_activity().heartbeat({"beat": beat})
            yield pause

    fakes = {charge_for_real: charge}
    assert WorkflowEnvironment(Charge, fakes).run(7) == {
        "timeout": timeout,
        "last_heartbeat": {"beat": len(seconds)},
    }


def test_a_fake_that_beats_and_then_fails() -> None:
    def charge(order: Any) -> Iterator[float]:
        yield 5
        pyflow.current_activity().heartbeat({"page": 3})
        yield 5
        raise pyflow.ApplicationError("lost", type="Lost")

    env = WorkflowEnvironment(Charge, {charge_for_real: charge})
    assert env.run(7)["type"] == "Lost"
    assert env.now == datetime(2026, 1, 1, 0, 0, 10, tzinfo=timezone.utc)


def test_a_faked_child_takes_its_time() -> None:
    fakes = {**FAKES, Order.ship: after(3 * DAY, lambda address: "parcel")}
    env = WorkflowEnvironment(Order, fakes)
    assert env.run(ORDER)[1] == "parcel"
    assert env.now == datetime(2026, 1, 4, tzinfo=timezone.utc)


def test_a_faked_child_fails_as_a_workflow_fails() -> None:
    def ship(address: str) -> None:
        raise pyflow.WorkflowFailedException("NoSuchAddress", address)

    with pytest.raises(pyflow.WorkflowFailedException, match="NoSuchAddress: Oslo"):
        WorkflowEnvironment(Order, {**FAKES, Order.ship: ship}).run(ORDER)


# How runs end


class Ends(pyflow.Workflow):
    NAME = "Ends"

    def run(self, reason: str) -> None:
        raise pyflow.WorkflowFailedException(reason, "details")


def test_a_run_that_fails_raises_its_failure() -> None:
    with pytest.raises(pyflow.WorkflowFailedException) as failed:
        WorkflowEnvironment(Ends).run("Broken")
    assert (failed.value.reason, failed.value.details) == ("Broken", "details")


def test_a_run_that_times_out_says_what_it_waited_for() -> None:
    with pytest.raises(pyflow.WorkflowTimedOutException) as failed:
        WorkflowEnvironment(Charge, {Charge.charge: no_answer}).run(7)
    assert str(failed.value) == (
        "execution Charge-1 timed out: START_TO_CLOSE: activity activity1 (charge_card 1) has run at fakes for 60 min"
    )


def test_a_run_that_is_terminated_says_so() -> None:
    run = WorkflowEnvironment(Month).start()
    run.terminate()
    with pytest.raises(pyflow.WorkflowTerminatedException, match="execution Month-1 was terminated"):
        run.result()


class Careful(pyflow.Workflow):
    NAME = "Careful"
    ON_CANCEL = "raise"
    release = pyflow.ActivityDescriptor("release", "1")

    def run(self, value: Any) -> None:
        try:
            self.swf.sleep(DAY)
        except pyflow.WorkflowCanceled:
            self.release(value).result()
            raise


def test_a_run_is_canceled_and_cleans_up() -> None:
    run = WorkflowEnvironment(Careful, {Careful.release: lambda value: None}).start(7)
    assert run.calls == []
    run.cancel()
    assert run.calls == [("release", 7)]
    with pytest.raises(pyflow.WorkflowCanceledException):
        run.result()


class Approval(pyflow.Workflow):
    NAME = "Approval"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 90 * DAY}
    remind = pyflow.ActivityDescriptor("remind", "1")

    def run(self, document: str) -> Any:
        approvals = self.swf.signal("approved")
        while True:
            try:
                return approvals.result(timeout=7 * DAY)
            except pyflow.WaitTimedOutException:
                self.remind(document).result()


def test_a_signal_reaches_the_run() -> None:
    env = WorkflowEnvironment(Approval, {Approval.remind: lambda document: None})
    run = env.start("report")
    env.advance(15 * DAY)
    assert run.calls == [("remind", "report"), ("remind", "report")]
    run.signal("approved", {"by": "Ada"})
    assert run.closed and run.result() == {"by": "Ada"}


def test_a_run_that_waits_for_a_signal_for_ever_is_asked_about_it() -> None:
    class Patient(pyflow.Workflow):
        NAME = "Patient"

        def run(self, value: Any) -> Any:
            return self.swf.signal("go").result()

    with pytest.raises(pyflow.WorkflowTimedOutException, match="did it wait for a signal that never came?"):
        WorkflowEnvironment(Patient).run()


class Stubborn(pyflow.Workflow):
    NAME = "Stubborn"
    charge = pyflow.ActivityDescriptor("charge_card", "1")

    def run(self, order: Any) -> Any:
        retry = pyflow.RetryPolicy(attempts=3, first=60, jitter=0)
        return self.charge.using(retry=retry)(order).result()


def test_a_step_is_tried_again_on_the_test_s_clock() -> None:
    charge = Mock(side_effect=[KeyError("busy"), KeyError("busy"), "ok"])
    env = WorkflowEnvironment(Stubborn, {Stubborn.charge: charge})
    assert env.run(7) == "ok"
    assert env.now == datetime(2026, 1, 1, 0, 3, tzinfo=timezone.utc)


class Hedge(pyflow.Workflow):
    NAME = "Hedge"
    slow = pyflow.ActivityDescriptor("slow", "1")

    def run(self, value: Any) -> Any:
        slow = self.slow()
        self.swf.sleep(10)
        slow.cancel()
        try:
            return slow.result()
        except pyflow.InvocationCanceledException as error:
            return error.details


def test_a_fake_that_lets_time_pass_hears_that_it_is_canceled() -> None:
    def slow() -> Iterator[float]:
        try:
            yield 60
        except pyflow.ActivityCanceled as error:
            error.details = "cleaned up"
            raise

    env = WorkflowEnvironment(Hedge, {Hedge.slow: slow})
    assert env.run() == '"cleaned up"'
    assert env.now == datetime(2026, 1, 1, 0, 0, 10, tzinfo=timezone.utc)


def test_options_of_an_execution_are_those_of_start_workflow() -> None:
    run = WorkflowEnvironment(Month).start(workflow_id="m7", tag_list=["blue"])
    started = run.history[0]["workflowExecutionStartedEventAttributes"]
    assert (run.workflow_id, started["tagList"]) == ("m7", ["blue"])


# What the test is told


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        (Order.price, "the workflow asks for lambda function price_order, which has no fake"),
        (Order.charge, "the workflow asks for activity charge_card 1, which has no fake"),
        (Order.ship, "the workflow asks for child workflow Shipment 1.0, which has no fake"),
    ],
    ids=["lambda", "activity", "child"],
)
def test_a_step_without_a_fake_is_named(missing: Any, sentence: str) -> None:
    fakes = {step: fake for step, fake in FAKES.items() if step is not missing}
    with pytest.raises(UnfakedStep, match=sentence):
        WorkflowEnvironment(Order, fakes).run(ORDER)


@pytest.mark.parametrize(
    ("fakes", "sentence"),
    [
        ({Order.charge: "ok"}, "the fake of activity charge_card 1 is 'ok': give a function of its input"),
        ({7: lambda: None}, "7 is no step that can be faked"),
    ],
    ids=["no function", "no step"],
)
def test_a_fake_that_is_none_is_refused(fakes: dict[Any, Any], sentence: str) -> None:
    with pytest.raises(PyflowException, match=sentence):
        WorkflowEnvironment(Order, fakes)


class Fickle(pyflow.Workflow):
    NAME = "Fickle"
    turns = 0

    def run(self, value: Any) -> None:
        Fickle.turns += 1
        self.swf.sleep(Fickle.turns)
        if Fickle.turns > 1:
            self.swf.sleep(1)


def test_code_that_decides_otherwise_a_second_time_is_found_when_its_run_has_closed() -> None:
    with pytest.raises(pyflow.NonDeterminismException):
        WorkflowEnvironment(Fickle).run()


def test_that_replay_can_be_left_out() -> None:
    Fickle.turns = 0
    WorkflowEnvironment(Fickle, replay=False).run()


def test_what_swf_would_refuse_is_refused() -> None:
    [cause, message] = WorkflowEnvironment(Price, FAKES, lambda_role=None).run([])
    assert (cause, message) == (
        "ASSUME_ROLE_FAILED",
        "No IAM role is attached to the current workflow execution.",
    )
