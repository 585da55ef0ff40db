"""A workflow of N activities one after the other, its whole history, and where each decision was asked for.

Runs with pyflow 3 and with pyflow-swf 2.0.0, so that both can be measured by the same lines.
"""

import json
from datetime import UTC, datetime

import pyflow

TIME = datetime(2026, 1, 1, tzinfo=UTC)


class Sequential(pyflow.Workflow):
    NAME = "Sequential"

    def run(self, count):
        value = 0
        for _ in range(count):
            value = self.swf.invoke_activity("add_one", "1", value).result()
        return value


def history(count):
    """The events of the run, and the ids of its DecisionTaskStarted events."""
    events, starts = [], []

    def add(event_type, **attributes):
        key = event_type[0].lower() + event_type[1:] + "EventAttributes"
        events.append(
            {
                "eventId": len(events) + 1,
                "eventType": event_type,
                "eventTimestamp": TIME,
                key: attributes,
            }
        )
        return len(events)

    add("WorkflowExecutionStarted", input=json.dumps(count))
    for number in range(count + 1):
        scheduled = add("DecisionTaskScheduled", taskList={"name": "t"})
        started = add("DecisionTaskStarted", scheduledEventId=scheduled)
        starts.append(started)
        if number < count:
            add_activity(add, number + 1, scheduled, started)
    return events, starts


def add_activity(add, number, scheduled, started):
    """The answer that schedules an activity, and the activity's own events."""
    completed = add("DecisionTaskCompleted", scheduledEventId=scheduled, startedEventId=started)
    activity = add(
        "ActivityTaskScheduled",
        activityId=f"activity{number}",
        activityType={"name": "add_one", "version": "1"},
        decisionTaskCompletedEventId=completed,
    )
    begun = add("ActivityTaskStarted", scheduledEventId=activity)
    add("ActivityTaskCompleted", scheduledEventId=activity, startedEventId=begun, result=str(number))


def task(events, started, previous):
    """The decision task that PollForDecisionTask gives at that event, with its whole history."""
    return {
        "taskToken": "token",
        "workflowExecution": {"workflowId": "w", "runId": "r"},
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
