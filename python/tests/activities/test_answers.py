"""How an answer finds its way to SWF, under a clock that the test tells the time."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from activities.fake_swf import FakeSWF, Fault

from pyflow.swf.activity_client import ActivityClient, ActivityTask
from pyflow.worker.activities.answer import Answers
from pyflow.worker.activities.outcome import Canceled, Completed, Failed
from pyflow.worker.process.backoff import Backoff

TASK = ActivityTask("token1", "activity1", "charge", "1.0", "order-7", "run-1", 6, None)
THROTTLED = Fault("ThrottlingException", "Rate exceeded")


class Office:
    """Answers over a fake SWF; pauses pass on the clock alone."""

    def __init__(self) -> None:
        self.swf = FakeSWF()
        self.now = 0.0
        self.closing = threading.Event()
        self.answers = Answers(
            ActivityClient("shop", polls=self.swf, answers=self.swf),
            self.closing,
            clock=lambda: self.now,
            pause=self.pause,
            backoff=lambda: Backoff(jitter=lambda low, high: high),
        )

    def pause(self, seconds: float) -> None:
        self.now += seconds

    def meets(self, kind: str, *faults: Exception) -> None:
        self.swf.faults[f"respond_activity_task_{kind}"] = list(faults)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.mark.parametrize(
    ("outcome", "given"),
    [
        (Completed("1"), ("completed", {"taskToken": "token1", "result": "1"})),
        (Completed(None), ("completed", {"taskToken": "token1"})),
        (Canceled('"why"'), ("canceled", {"taskToken": "token1", "details": '"why"'})),
        (Canceled(None), ("canceled", {"taskToken": "token1"})),
        (
            Failed("Declined", "{}"),
            ("failed", {"taskToken": "token1", "reason": "Declined", "details": "{}"}),
        ),
    ],
)
def test_each_outcome_has_its_answer(office: Office, outcome: Any, given: Any):
    assert office.answers.give(TASK, outcome) is True
    assert office.swf.answers == [given]


def test_throttling_swfs_own_troubles_and_a_lost_connection_are_survived(office):
    office.meets(
        "completed", THROTTLED, Fault("InternalFailure", status=500), ConnectionError("reset by peer")
    )
    assert office.answers.give(TASK, Completed("1")) is True
    assert office.swf.answers == [("completed", {"taskToken": "token1", "result": "1"})]
    assert office.now == pytest.approx(0.1 + 0.2 + 0.4)


def test_tries_end_when_the_task_must_have_timed_out(office):
    office.meets("completed", *[THROTTLED] * 50)
    assert office.answers.give(TASK, Completed("1"), patience=30) is False
    assert office.now == pytest.approx(0.1 + 0.2 + 0.4 + 0.8 + 1.6 + 3.2 + 6.4 + 12.8)


def test_tries_end_after_ten_minutes_where_the_timeout_is_not_known(office):
    office.meets("completed", *[THROTTLED] * 50)
    assert office.answers.give(TASK, Completed("1")) is False
    assert 570 < office.now <= 600


def test_a_closing_worker_tries_once_more_and_no_longer(office):
    office.closing.set()
    office.meets("failed", THROTTLED)
    assert office.answers.give(TASK, Failed("Declined", None)) is False
    assert office.now == 0


def test_an_answer_that_a_lost_reply_made_twice_is_dropped_quietly(office):
    office.meets("completed", ConnectionError("reset"), Fault("UnknownResourceFault", "Unknown activity"))
    assert office.answers.give(TASK, Completed("1")) is False
    assert office.swf.answers == []


def test_a_result_that_swf_refuses_becomes_a_failure_for_good(office):
    office.meets("completed", Fault("ValidationException", "Value at 'result' is not wanted"))
    assert office.answers.give(TASK, Completed("1")) is True
    ((kind, arguments),) = office.swf.answers
    assert (kind, arguments["reason"]) == ("failed", "pyflow.ResultEncodeError")
    assert "Value at 'result' is not wanted" in arguments["details"]


def test_a_failure_that_swf_refuses_ends_there(office):
    office.meets("failed", Fault("ValidationException", "Invalid token"))
    assert office.answers.give(TASK, Failed("Declined", None)) is False


def test_delays_double_up_to_thirty_seconds_and_start_again_after_a_success():
    backoff = Backoff(jitter=lambda low, high: high)
    assert [backoff.failed() for _ in range(11)] == [
        0.1,
        0.2,
        0.4,
        0.8,
        1.6,
        3.2,
        6.4,
        12.8,
        25.6,
        30.0,
        30.0,
    ]
    backoff.succeeded()
    assert backoff.failed() == 0.1


def test_a_delay_is_drawn_between_nothing_and_its_bound():
    drawn: list[tuple[float, float]] = []
    backoff = Backoff(jitter=lambda low, high: drawn.append((low, high)) or 0.05)
    assert [backoff.failed(), backoff.failed()] == [0.05, 0.05]
    assert drawn == [(0.0, 0.1), (0.0, 0.2)]
