"""A history, for people: steps, and what an open run waits for."""

from __future__ import annotations

from datetime import timedelta

from pyflow.client.timeline import timeline
from pyflow.client.waiting import waits_for
from pyflow.testing.story import START, HistoryBuilder


def test_every_step_says_what_ran_where_and_how_it_ended():
    story = (
        HistoryBuilder().turn().decided().activity("activity1", "charge").lambda_function("lambda1", "price")
    )
    story.timer("sleep1", 5).child("child_workflow1", "Ship").marker("invoke_once1", 1)
    story.add("ActivityTaskStarted", scheduledEventId=5, identity="ruby@shop")
    story.failed("activity1", "CardDeclined").completed("lambda1", 3).fired("sleep1")
    found = [
        (step.kind, step.id, step.name, step.where, step.state, step.failure)
        for step in timeline(story.events)
    ]
    assert found == [
        ("activity", "activity1", "charge 1", "ruby@shop", "failed", "CardDeclined"),
        ("lambda", "lambda1", "price", "lambda", "completed", ""),
        ("timer", "sleep1", "5 s", "swf", "fired", ""),
        ("child workflow", "child_workflow1", "Ship 1.0", "workflow", "open", ""),
        ("marker", "invoke_once1", "", "decider", "recorded", ""),
    ]


def test_signals_and_cancels_are_steps_too():
    story = HistoryBuilder().signaled("approve").turn().decided()
    story.add("SignalExternalWorkflowExecutionInitiated", workflowId="w2", signalName="ready")
    story.add("RequestCancelExternalWorkflowExecutionInitiated", workflowId="w3")
    story.add("ExternalWorkflowExecutionSignaled", initiatedEventId=6)
    story.add("RequestCancelExternalWorkflowExecutionFailed", initiatedEventId=7, cause="UNKNOWN")
    story.cancel_requested(externalWorkflowExecution={"workflowId": "parent", "runId": "r"})
    found = [
        (step.kind, step.id, step.name, step.where, step.state, step.failure)
        for step in timeline(story.events)
    ]
    assert found == [
        ("signal", "approve", "", "client", "received", ""),
        ("signal sent", "ready", "w2", "swf", "delivered", ""),
        ("cancel sent", "w3", "", "swf", "failed", "UNKNOWN"),
        ("cancel request", "cancel request", "", "parent", "received", ""),
    ]


def test_a_decision_task_that_nobody_takes_says_which_task_list_nobody_polls():
    story = HistoryBuilder().add("DecisionTaskScheduled", taskList={"name": "deciders"})
    assert waits_for(story.events, START + timedelta(seconds=40)) == [
        "its decision task has waited 40 s on task list deciders: is a decider polling it?"
        " (pyflow decider MODULE:CLASS --task-list deciders)"
    ]


def test_open_steps_are_named_with_their_age():
    story = HistoryBuilder().turn().decided()
    story.add(
        "ActivityTaskScheduled",
        activityId="activity1",
        activityType={"name": "charge", "version": "1"},
        taskList={"name": "cards"},
    )
    story.timer("sleep1", 3600).child("child_workflow1", "Ship")
    assert waits_for(story.events, START + timedelta(seconds=301)) == [
        "activity activity1 (charge 1) has waited 5 min on task list cards: does a worker that offers it poll there?",
        "timer sleep1 (3600 s) fires in 55 min",
        "child workflow child_workflow1 (Ship 1.0) has run for 5 min",
    ]
