"""How runs end: closes that SWF refuses, cancel requests, and work asked for in the last breath."""

from __future__ import annotations

import contextlib
from typing import ClassVar

from decider.test_steps import activity_decision, cancel_activity, complete, timer_decision

import pyflow
from pyflow.testing.story import HistoryBuilder, replay_every_turn


class Echo(pyflow.Workflow):
    NAME = "Echo"

    def run(self, value):
        return value


def test_a_close_refused_for_unseen_news_is_asked_for_again():
    story = HistoryBuilder(1).turn().signaled("late").decided()
    story.refused("CompleteWorkflowExecutionFailed", "UNHANDLED_DECISION").turn()
    assert replay_every_turn(Echo, story) == [[complete("1")], [complete("1")]]


def test_a_close_refused_for_any_other_cause_fails_the_run_and_then_gives_up():
    story = HistoryBuilder(1).turn().decided()
    story.refused("CompleteWorkflowExecutionFailed", "OPERATION_NOT_PERMITTED").turn().decided()
    story.refused("FailWorkflowExecutionFailed", "OPERATION_NOT_PERMITTED").turn()
    failure = {
        "decisionType": "FailWorkflowExecution",
        "failWorkflowExecutionDecisionAttributes": {
            "reason": "CompleteWorkflowExecution was refused by SWF: OPERATION_NOT_PERMITTED"
        },
    }
    assert replay_every_turn(Echo, story) == [[complete("1")], [failure], []]


class FireAndForget(pyflow.Workflow):
    NAME = "FireAndForget"

    def run(self, value):
        self.swf.invoke_activity("mail", "1")
        self.swf.start_timer(9)
        self.swf.invoke_child_workflow("Ship", "1.0", child_policy="ABANDON")
        return "bye"


def test_work_that_swf_would_not_start_beside_a_close_is_dropped_and_a_child_is_not():
    [decisions] = replay_every_turn(FireAndForget, HistoryBuilder().turn())
    assert [each["decisionType"] for each in decisions] == [
        "StartChildWorkflowExecution",
        "CompleteWorkflowExecution",
    ]


def test_what_was_dropped_is_not_missed_when_the_close_was_refused():
    story = HistoryBuilder().turn().signaled("late").decided().child("child_workflow1", "Ship")
    story.refused("CompleteWorkflowExecutionFailed", "UNHANDLED_DECISION").turn()
    assert replay_every_turn(FireAndForget, story)[-1] == [complete('"bye"')]


class Stops(pyflow.Workflow):
    NAME = "Stops"
    unwound: ClassVar[list[str]] = []

    def run(self, value):
        try:
            self.swf.invoke_activity("resize", "1").result()
        finally:
            self.unwound.append("yes")
            self.swf.invoke_activity("undo", "1")


def canceled_while_resizing():
    return HistoryBuilder().turn().decided().activity("activity1").cancel_requested().turn()


def test_a_cancel_request_stops_there_by_default_and_a_finally_can_ask_for_nothing():
    Stops.unwound.clear()
    answers = replay_every_turn(Stops, canceled_while_resizing())
    assert answers == [
        [activity_decision("activity1")],
        [{"decisionType": "CancelWorkflowExecution", "cancelWorkflowExecutionDecisionAttributes": {}}],
    ]
    assert Stops.unwound


class CleansUp(pyflow.Workflow):
    NAME = "CleansUp"
    ON_CANCEL = "raise"

    def run(self, value):
        try:
            try:
                self.swf.invoke_activity("resize", "1").result()
            except Exception:
                return "swallowed"
        except pyflow.WorkflowCanceled:
            self.swf.sleep(1)
            raise


def test_a_workflow_that_says_so_is_told_at_its_next_wait_and_cleans_up():
    story = canceled_while_resizing().decided().cancel_asked("activity1").timer("sleep1", 1)
    story.fired("sleep1").turn()
    assert replay_every_turn(CleansUp, story)[1:] == [
        [cancel_activity("activity1"), timer_decision("sleep1", "1")],
        [{"decisionType": "CancelWorkflowExecution", "cancelWorkflowExecutionDecisionAttributes": {}}],
    ]


def test_a_workflow_that_is_cut_off_unwinds_without_asking():
    Stops.unwound.clear()
    story = HistoryBuilder().turn()
    decider = pyflow.Decider([Stops], "domain", "deciders", None, client=object())
    assert decider.process_decision_task(story.task("Stops")).decisions == [activity_decision("activity1")]
    assert Stops.unwound == ["yes"]


def test_a_workflow_that_swallows_its_end_again_and_again_is_left_behind(caplog):
    class Clings(pyflow.Workflow):
        NAME = "Clings"

        def run(self, value):
            while True:
                with contextlib.suppress(BaseException):
                    self.swf.sleep(10)

    decider = pyflow.Decider([Clings], "domain", "deciders", None, client=object())
    [decision] = decider.process_decision_task(HistoryBuilder().turn().task("Clings")).decisions
    assert decision == timer_decision("sleep1", "10")
    assert "keeps catching the exception that ends it" in caplog.text


def test_sys_exit_in_a_workflow_fails_its_run_and_not_the_process():
    class Exits(pyflow.Workflow):
        NAME = "Exits"

        def run(self, value):
            raise SystemExit(3)

    [[decision]] = replay_every_turn(Exits, HistoryBuilder().turn())
    assert decision["decisionType"] == "FailWorkflowExecution"


def test_a_long_failure_is_cut_to_what_swf_takes():
    class Long(pyflow.Workflow):
        NAME = "Long"

        def run(self, value):
            raise pyflow.WorkflowFailedException("R" * 300, "😀" * 20_000)

    [[decision]] = replay_every_turn(Long, HistoryBuilder().turn())
    attributes = decision["failWorkflowExecutionDecisionAttributes"]
    assert attributes["reason"] == "R" * 255 + "…"
    assert attributes["details"] == "😀" * 16_383 + "…"
