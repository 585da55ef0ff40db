"""`on_error`: durable work before a run fails."""

from __future__ import annotations

from decider.test_steps import activity_decision
from flow.stamps import replayed, types

import pyflow
from pyflow.testing.story import HistoryBuilder


class Refunds(pyflow.Workflow):
    NAME = "Refunds"

    def run(self, order):
        self.swf.invoke_activity("charge", "1").result()
        raise pyflow.WorkflowFailedException("NoStock", "none left")

    def on_error(self, exception):
        self.swf.invoke_activity("refund", "1", exception.reason).result()


def failing(context):
    story = HistoryBuilder().turn().decided(context).activity("activity1", "charge")
    return story.completed("activity1").turn().decided().activity("activity2", "refund")


def failure_of(turns):
    [decision] = turns[-1]
    return decision["failWorkflowExecutionDecisionAttributes"]


def test_a_run_does_what_its_class_says_and_then_fails_as_it_would_have():
    turns = replayed(Refunds, lambda context: failing(context).completed("activity2").turn())
    assert turns[1] == [activity_decision("activity2", "refund", input='"NoStock"')]
    assert failure_of(turns) == {"reason": "NoStock", "details": "none left"}


def test_what_it_raises_itself_is_logged_and_the_first_failure_wins(caplog):
    turns = replayed(Refunds, lambda context: failing(context).failed("activity2", "Broke").turn())
    assert failure_of(turns) == {"reason": "NoStock", "details": "none left"}
    assert "on_error of workflow Refunds 1.0 raised too" in caplog.text
    assert "InvocationFailedException: Broke" in caplog.text


def test_any_exception_is_told_and_its_traceback_is_the_runs():
    class Breaks(Refunds):
        def run(self, order):
            raise ValueError("broken")

        def on_error(self, exception):
            self.swf.invoke_activity("tell", "1", str(exception)).result()

    def story_of(context):
        story = HistoryBuilder().turn().decided(context).activity("activity1", "tell")
        return story.completed("activity1").turn()

    failure = failure_of(replayed(Breaks, story_of))
    assert failure["reason"] == "Caught exception while executing workflow ('Refunds', '1.0')"
    assert failure["details"].endswith("ValueError: broken\n")


class Canceled(Refunds):
    NAME = "Refunds"
    ON_CANCEL = "raise"


def test_a_cancel_during_it_ends_the_run_as_canceled():
    turns = replayed(Canceled, lambda context: failing(context).cancel_requested().turn())
    assert types(turns)[-1] == ["RequestCancelActivityTask", "CancelWorkflowExecution"]


def test_a_cancel_of_the_run_is_no_error():
    def story_of(context):
        return (
            HistoryBuilder().turn().decided(context).activity("activity1", "charge").cancel_requested().turn()
        )

    turns = replayed(Canceled, story_of)
    assert types(turns)[-1] == ["RequestCancelActivityTask", "CancelWorkflowExecution"]


def test_it_may_continue_as_new_instead_of_failing():
    class Again(Refunds):
        def on_error(self, exception):
            self.swf.continue_as_new(exception.reason)

    def story_of(context):
        story = HistoryBuilder().turn().decided(context).activity("activity1", "charge")
        return story.completed("activity1").turn()

    assert types(replayed(Again, story_of))[-1] == ["ContinueAsNewWorkflowExecution"]
