"""A workflow of N activities one after the other, its whole history, and where each decision was asked for.

Runs with pyflow 3 and with pyflow-swf 2.0.0, so that both can be measured by the same lines.
"""

import json

from played import RUN, activities

import pyflow


class Sequential(pyflow.Workflow):
    NAME = "Sequential"

    def run(self, count):
        value = 0
        for _ in range(count):
            value = self.swf.invoke_activity("add_one", "1", value).result()
        return value


def history(count):
    """The events of the run up to its last decision task, and the ids of its DecisionTaskStarted events."""
    play = activities(count, json.dumps(count), schedule)
    return play.events, play.starts


def schedule(number, result):
    """The decision for an activity."""
    return {
        "activityId": f"activity{number}",
        "activityType": {"name": "add_one", "version": "1"},
        "input": result,
    }


def task(events, started, previous):
    """The decision task that PollForDecisionTask gives at that event, with its whole history."""
    return {
        "taskToken": "token",
        "workflowExecution": RUN,
        "workflowType": {"name": "Sequential", "version": "1.0"},
        "startedEventId": started,
        "previousStartedEventId": previous,
        "events": events[:started],
    }


def decider():
    return pyflow.Decider([Sequential], "domain", "t", "bench", client=object())


def check(decisions, number, count):
    """Every measured decision is checked: the next activity with its input, or the result."""
    [decision] = decisions
    if number < count:
        attributes = decision["scheduleActivityTaskDecisionAttributes"]
        assert (attributes["activityId"], attributes["input"]) == (
            f"activity{number + 1}",
            str(number),
        )
    else:
        assert decision["completeWorkflowExecutionDecisionAttributes"]["result"] == str(count)
