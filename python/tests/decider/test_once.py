"""`invoke_once`: run at least once, recorded, and the same ever after."""

from __future__ import annotations

import json

from decider.test_steps import activity_decision, complete

import pyflow
from pyflow.testing.story import HistoryBuilder, replay_every_turn

calls = []


class Once(pyflow.Workflow):
    NAME = "Once"

    def run(self, value):
        number = self.swf.invoke_once(self.draw, value).result()
        return [number, self.swf.invoke_activity("resize", "1", number).result()]

    @staticmethod
    def draw(value):
        calls.append(value)
        return (value, "drawn")


MARKED = {"succeeded": True, "result": [7, "drawn"]}


def test_it_resolves_at_once_and_is_recorded_in_a_marker():
    calls.clear()
    story = HistoryBuilder(7).turn()
    assert replay_every_turn(Once, story, vary=False) == [
        [
            {
                "decisionType": "RecordMarker",
                "recordMarkerDecisionAttributes": {
                    "markerName": "invoke_once1",
                    "details": json.dumps(MARKED),
                },
            },
            activity_decision("activity1", input='[7, "drawn"]'),
        ]
    ]
    assert calls == [7]


def test_a_recorded_marker_is_read_and_the_callable_not_called():
    story = HistoryBuilder(7).turn().decided().marker("invoke_once1", {"succeeded": True, "result": 99})
    story.activity("activity1").completed("activity1", "ok").turn()
    decider = pyflow.Decider([Once], "domain", "deciders", None, client=object())
    calls.clear()
    assert decider.process_decision_task(story.task("Once")).decisions == [complete('[99, "ok"]')]
    assert calls == []


def test_a_history_of_2_0_0_holds_a_signal_to_itself_and_went_on_a_turn_later():
    story = HistoryBuilder(7).turn().decided().marker("invoke_once1", MARKED)
    story.add(
        "SignalExternalWorkflowExecutionInitiated",
        workflowId="workflow",
        runId="run",
        signalName="invoke_once_signal1",
        decisionTaskCompletedEventId=4,
    )
    story.signaled("invoke_once_signal1")
    decider = pyflow.Decider([Once], "domain", "deciders", None, client=object())
    story.turn()
    expected = [activity_decision("activity1", input='[7, "drawn"]')]
    assert decider.process_decision_task(story.task("Once")).decisions == expected
    story.decided().activity("activity1").add("ExternalWorkflowExecutionSignaled", initiatedEventId=6)
    story.completed("activity1", "ok").turn()
    assert decider.process_decision_task(story.task("Once")).decisions == [complete('[[7, "drawn"], "ok"]')]


def test_an_exception_is_recorded_and_raised_where_the_result_is_asked_for():
    class Broken(pyflow.Workflow):
        NAME = "Broken"

        def run(self, value):
            future = self.swf.invoke_once(lambda: 1 / 0)
            try:
                future.result()
            except pyflow.InvocationFailedException as error:
                return [error.reason, error.details.splitlines()[-1]]

    [[marker, done]] = replay_every_turn(Broken, HistoryBuilder().turn())
    details = json.loads(marker["recordMarkerDecisionAttributes"]["details"])
    assert details["succeeded"] is False
    assert done == complete(
        '["Exception raised while invoking callable", "ZeroDivisionError: division by zero"]'
    )
