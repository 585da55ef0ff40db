"""Timers and markers."""

from __future__ import annotations

from local.direct import Direct, attributes, decision, timer


def test_a_timer_fires_at_its_millisecond_and_asks_the_decider(swf: Direct) -> None:
    swf.start()
    swf.advance(0.25)
    swf.decide(timer("t1", "5", control="c"))
    assert swf.last("TimerStarted") == {
        "timerId": "t1",
        "control": "c",
        "startToFireTimeout": "5",
        "decisionTaskCompletedEventId": 4,
    }
    assert swf.advance_to_next() == 5000
    fired, scheduled = swf.history()[-2:]
    assert fired["eventTimestamp"] == scheduled["eventTimestamp"] == 1767225605.25
    assert attributes(fired) == {"timerId": "t1", "startedEventId": 5}


def test_a_timer_of_no_time_fires_at_once(swf: Direct) -> None:
    swf.start()
    swf.decide(timer(seconds="0"))
    assert swf.types(start=5) == ["TimerStarted", "TimerFired", "DecisionTaskScheduled"]


def test_a_canceled_timer_is_silent(swf: Direct) -> None:
    swf.start()
    swf.decide(timer())
    swf.signal()
    swf.decide(decision("CancelTimer", timerId="t1"))
    assert swf.last("TimerCanceled") == {
        "timerId": "t1",
        "startedEventId": 5,
        "decisionTaskCompletedEventId": 9,
    }
    swf.advance(60)
    assert swf.types()[-1] == "TimerCanceled"


def test_decisions_of_a_batch_see_one_another(swf: Direct) -> None:
    swf.start()
    cancel = decision("CancelTimer", timerId="t1")
    swf.decide(timer(), cancel, timer(seconds="7"), timer())
    assert swf.types(start=5) == [
        "TimerStarted",
        "TimerCanceled",
        "TimerStarted",
        "StartTimerFailed",
        "DecisionTaskScheduled",
    ]
    assert swf.describe()["openCounts"]["openTimers"] == 1


def test_timers_vanish_when_their_run_closes(swf: Direct) -> None:
    swf.start()
    swf.decide(timer())
    swf("TerminateWorkflowExecution", workflowId="o1")
    swf.advance(60)
    assert swf.types()[-1] == "WorkflowExecutionTerminated"
    assert swf.advance_to_next() is None


def test_timers_that_are_due_together_fire_in_the_order_of_their_starts(swf: Direct) -> None:
    swf.start()
    swf.decide(timer("late", "3"), timer("b", "2"), timer("a", "2"))
    swf.advance(3)
    fired = [attributes(e)["timerId"] for e in swf.history() if e["eventType"] == "TimerFired"]
    assert fired == ["b", "a", "late"]


def test_a_marker_is_recorded_and_asks_for_nothing(swf: Direct) -> None:
    swf.start()
    swf.decide(
        decision("RecordMarker", markerName="m", details="d"), decision("RecordMarker", markerName="m")
    )
    assert swf.types(start=5) == ["MarkerRecorded", "MarkerRecorded"]
    assert swf.history()[4]["markerRecordedEventAttributes"] == {
        "markerName": "m",
        "details": "d",
        "decisionTaskCompletedEventId": 4,
    }
