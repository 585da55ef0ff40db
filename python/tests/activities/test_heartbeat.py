"""The rhythm of heartbeats, under a clock that the test tells the time."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue

import pytest
from activities.fake_swf import Fault

from pyflow.worker.activities.beat import interval_for
from pyflow.worker.activities.cancellation import Cancellation
from pyflow.worker.activities.heartbeat import NEVER, Heartbeats
from pyflow.worker.process.senders import Senders


class Wire:
    """Where heartbeats arrive: what was sent when, and what the next ones meet."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sent: list[tuple[float, str | None]] = []
        self.meets: Exception | bool = False
        self.hangs: list[Callable[[], None]] | None = None
        self.heartbeats = Heartbeats(self.send, clock=lambda: self.now, hand=self.hand)

    def send(self, token: str, details: str | None) -> bool:
        self.sent.append((self.now, details))
        if isinstance(self.meets, Exception):
            raise self.meets
        return self.meets

    def hand(self, call: Callable[[], None]) -> None:
        if self.hangs is None:
            call()
        else:
            self.hangs.append(call)

    def at(self, now: float) -> float:
        self.now = now
        return self.heartbeats.tick()


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def cancellation() -> Cancellation:
    return Cancellation()


@pytest.mark.parametrize(
    ("timeout", "interval"),
    [(None, 10.0), (0, 0.2), (0.3, 0.2), (5, 2.0), (60, 24.0), (75, 30.0), (3600, 30.0)],
)
def test_a_task_beats_twice_within_its_timeout_but_no_more_often_than_is_useful(timeout, interval):
    assert interval_for(timeout) == interval


def test_the_first_heartbeat_of_an_activity_goes_at_once_and_later_ones_wait_with_the_newest_details(
    wire, cancellation
):
    beat = wire.heartbeats.begin("t", "task", timeout=10, auto=False, cancellation=cancellation)
    wire.heartbeats.tell(beat, "1")
    assert wire.at(0.0) == NEVER
    for now, details in ((0.1, "2"), (1.0, "3"), (3.9, "4")):
        wire.now = now
        wire.heartbeats.tell(beat, details)
        assert wire.at(now) == 4.0
    assert wire.at(4.0) == NEVER
    assert wire.sent == [(0.0, "1"), (4.0, "4")]


def test_auto_keeps_a_silent_activity_and_repeats_its_newest_details(wire, cancellation):
    beat = wire.heartbeats.begin("t", "task", timeout=10, auto=True, cancellation=cancellation)
    assert [wire.at(now) for now in (0.0, 4.0)] == [4.0, 8.0]
    wire.heartbeats.tell(beat, "5")
    wire.at(8.0)
    wire.at(12.0)
    assert wire.sent == [(4.0, None), (8.0, "5"), (12.0, "5")]


def test_manual_sends_nothing_for_a_silent_activity(wire, cancellation):
    wire.heartbeats.begin("t", "task", timeout=10, auto=False, cancellation=cancellation)
    assert wire.at(1_000.0) == NEVER
    assert wire.sent == []
    assert cancellation.reason is None


def test_a_cancel_request_in_the_answer_is_told_to_the_activity_which_is_kept_while_it_cleans_up(
    wire, cancellation
):
    wire.heartbeats.begin("t", "task", timeout=10, auto=True, cancellation=cancellation)
    wire.meets = True
    assert wire.at(4.0) == 8.0
    assert cancellation.reason == "requested"
    wire.at(8.0)
    assert [now for now, _ in wire.sent] == [4.0, 8.0]


def test_a_task_that_swf_gave_up_is_gone_and_beats_no_more(wire, cancellation):
    wire.heartbeats.begin("t", "task", timeout=10, auto=True, cancellation=cancellation)
    wire.meets = Fault("UnknownResourceFault", "Unknown activity, scheduledEventId = 5")
    assert wire.at(4.0) == NEVER
    assert cancellation.reason == "gone"


def test_a_heartbeat_that_failed_is_due_again_after_an_interval(wire, cancellation):
    wire.heartbeats.begin("t", "task", timeout=10, auto=True, cancellation=cancellation)
    wire.meets = Fault("ThrottlingException", "Rate exceeded")
    assert wire.at(4.0) == 8.0
    wire.meets = False
    assert wire.at(8.0) == 12.0
    assert cancellation.reason is None


def test_without_an_arrived_heartbeat_for_the_timeout_the_task_is_lost(wire, cancellation):
    wire.heartbeats.begin("t", "task", timeout=10, auto=True, cancellation=cancellation)
    wire.meets = ConnectionError("no route")
    assert [wire.at(now) for now in (4.0, 8.0, 9.9)] == [8.0, 10.0, 10.0]
    assert cancellation.reason is None
    assert wire.at(10.0) == NEVER
    assert cancellation.reason == "heartbeat_lost"


def test_the_deadline_counts_from_the_sending_of_the_last_heartbeat_that_arrived(wire, cancellation):
    wire.heartbeats.begin("t", "task", timeout=10, auto=True, cancellation=cancellation)
    wire.at(4.0)
    wire.meets = ConnectionError("no route")
    assert [wire.at(now) for now in (8.0, 12.0, 13.9)] == [12.0, 14.0, 14.0]
    wire.at(14.0)
    assert cancellation.reason == "heartbeat_lost"


def test_a_call_that_hangs_does_not_hide_the_deadline(wire, cancellation):
    wire.hangs = []
    wire.heartbeats.begin("t", "task", timeout=10, auto=True, cancellation=cancellation)
    assert wire.at(4.0) == 10.0
    assert wire.at(10.0) == NEVER
    assert cancellation.reason == "heartbeat_lost"


def test_a_first_heartbeat_later_than_the_known_timeout_leaves_the_verdict_to_swf(wire, cancellation):
    """The decider may have scheduled the task with a longer timeout than the type's default."""
    wire.hangs = []
    beat = wire.heartbeats.begin("t", "task", timeout=10, auto=False, cancellation=cancellation)
    wire.now = 25.0
    wire.heartbeats.tell(beat, "1")
    assert wire.at(25.0) == 35.0
    wire.hangs.pop()()
    assert wire.at(40.0) == NEVER
    assert cancellation.reason is None


def test_a_task_of_unknown_timeout_is_never_lost(wire, cancellation):
    wire.heartbeats.begin("t", "task", timeout=None, auto=True, cancellation=cancellation)
    wire.meets = ConnectionError("no route")
    assert [wire.at(now) for now in (10.0, 20.0, 1_000.0)] == [20.0, 30.0, 1_010.0]
    assert cancellation.reason is None


def test_what_a_heartbeat_finds_after_the_answer_is_no_news(wire, cancellation):
    wire.hangs = []
    beat = wire.heartbeats.begin("t", "task", timeout=10, auto=True, cancellation=cancellation)
    wire.at(4.0)
    wire.heartbeats.end(beat)
    wire.meets = Fault("UnknownResourceFault")
    wire.hangs.pop()()
    assert cancellation.reason is None


def test_the_first_reason_to_stop_stays(cancellation):
    assert cancellation.cancel("requested") is True
    assert cancellation.cancel("worker_shutdown") is False
    assert cancellation.reason == "requested"


def test_the_deciding_thread_sends_what_is_told_without_being_ticked(cancellation):
    arrived: SimpleQueue[tuple[str, str | None]] = SimpleQueue()
    heartbeats = Heartbeats(lambda token, details: bool(arrived.put((token, details))), hand=Senders(1).put)
    heartbeats.start()
    beat = heartbeats.begin("t", "task", timeout=10, auto=False, cancellation=cancellation)
    heartbeats.tell(beat, "7")
    assert arrived.get(timeout=10) == ("t", "7")
    heartbeats.stop()
