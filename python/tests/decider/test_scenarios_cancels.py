"""The table of cancels: each kind, not sent yet, sent, and started, waited for or not."""

from __future__ import annotations

import json
from itertools import product

import pytest
from decider.test_steps import cancel_activity, complete

import pyflow
from pyflow.decider.cancel import BY_KIND
from pyflow.history.kinds import ACTIVITY, CHILD, FIBER, LAMBDA, SIGNAL_EXTERNAL, TIMER
from pyflow.testing.story import HistoryBuilder, replay_every_turn

UNSENT, SENT, STARTED = "unsent", "sent", "started"
NOTHING = []
CANCEL_TIMER = [{"decisionType": "CancelTimer", "cancelTimerDecisionAttributes": {"timerId": "sleep1"}}]
CANCEL_ACTIVITY = [cancel_activity("activity1")]
CANCEL_CHILD = [
    {
        "decisionType": "RequestCancelExternalWorkflowExecution",
        "requestCancelExternalWorkflowExecutionDecisionAttributes": {"workflowId": "ship", "runId": "r2"},
    }
]

TABLE = {
    # kind, how far it is, waited for: what SWF is asked, and whether it is settled at once
    (TIMER, UNSENT, True): (NOTHING, True),
    (TIMER, UNSENT, False): (NOTHING, True),
    (TIMER, SENT, True): (CANCEL_TIMER, True),
    (TIMER, SENT, False): (CANCEL_TIMER, True),
    (LAMBDA, UNSENT, True): (NOTHING, True),
    (LAMBDA, UNSENT, False): (NOTHING, True),
    (LAMBDA, SENT, True): (NOTHING, True),
    (LAMBDA, SENT, False): (NOTHING, True),
    (LAMBDA, STARTED, True): (NOTHING, True),
    (LAMBDA, STARTED, False): (NOTHING, True),
    (ACTIVITY, UNSENT, True): (NOTHING, True),
    (ACTIVITY, UNSENT, False): (NOTHING, True),
    (ACTIVITY, SENT, True): (CANCEL_ACTIVITY, False),
    (ACTIVITY, SENT, False): (CANCEL_ACTIVITY, True),
    (ACTIVITY, STARTED, True): (CANCEL_ACTIVITY, False),
    (ACTIVITY, STARTED, False): (CANCEL_ACTIVITY, True),
    (CHILD, UNSENT, True): (NOTHING, True),
    (CHILD, UNSENT, False): (NOTHING, True),
    (CHILD, SENT, True): (NOTHING, False),  # SWF refuses to cancel what is not there yet: see below
    (CHILD, SENT, False): (NOTHING, True),
    (CHILD, STARTED, True): (CANCEL_CHILD, False),
    (CHILD, STARTED, False): (CANCEL_CHILD, True),
    (FIBER, UNSENT, True): (NOTHING, False),  # it is told when it begins
    (FIBER, UNSENT, False): (NOTHING, True),
    (FIBER, STARTED, True): (CANCEL_TIMER, False),
    (FIBER, STARTED, False): (CANCEL_TIMER, True),
    (SIGNAL_EXTERNAL, UNSENT, True): (NOTHING, True),
    (SIGNAL_EXTERNAL, UNSENT, False): (NOTHING, True),
    (SIGNAL_EXTERNAL, SENT, True): (NOTHING, False),
    (SIGNAL_EXTERNAL, SENT, False): (NOTHING, False),
}
HAVE_NO_START = {TIMER}


class Cancels(pyflow.Workflow):
    """Asks for a step, waits for a signal unless it is to be canceled unsent, cancels it, and waits again."""

    NAME = "Cancels"

    def run(self, told):
        word, state, wait = told
        step = getattr(self, word.replace(" ", "_"))()
        if state != UNSENT:
            self.swf.signal("go").result()
        step.cancel(wait=wait)
        at_once = step.done
        self.swf.signal("go").result()
        return [at_once, step.failed]

    def activity(self):
        return self.swf.invoke_activity("resize", "1")

    def lambda_function(self):
        return self.swf.invoke_lambda("price", None)

    def timer(self):
        return self.swf.start_timer(5)

    def child_workflow(self):
        return self.swf.invoke_child_workflow("Ship", "1.0", workflow_id="ship")

    def signal(self):
        return self.swf.signal_workflow("other", "hello")

    def spawned_function(self):
        return self.swf.spawn(self.swf.sleep, 5)


def opened(story, kind):
    if kind is ACTIVITY:
        return story.activity("activity1")
    if kind is LAMBDA:
        return story.lambda_function("lambda1", "price")
    if kind is CHILD:
        return story.child("ship", "Ship")
    if kind is SIGNAL_EXTERNAL:
        return story.add(kind.opened, workflowId="other", signalName="hello", decisionTaskCompletedEventId=4)
    return story.timer("spawn1.sleep1" if kind is FIBER else "sleep1")


def started(story, kind):
    if kind is CHILD:
        run = {"workflowId": "ship", "runId": "r2"}
        return story.add("ChildWorkflowExecutionStarted", initiatedEventId=5, workflowExecution=run)
    names = {ACTIVITY: "ActivityTaskStarted", LAMBDA: "LambdaFunctionStarted"}
    return story.add(names[kind], scheduledEventId=5) if kind in names else story


@pytest.mark.parametrize(
    ("row", "expected"),
    TABLE.items(),
    ids=lambda each: None if isinstance(each[0], list | bool) else f"{each[0].word}-{each[1]}-{each[2]}",
)
def test_a_cancel_asks_and_settles(row, expected):
    kind, state, wait = row
    asked, at_once = expected
    if kind is FIBER:
        asked = json.loads(json.dumps(asked).replace("sleep1", "spawn1.sleep1"))
    story = HistoryBuilder([kind.word, state, wait]).turn()
    if state == UNSENT:
        [decisions] = replay_every_turn(Cancels, story)
        assert decisions == asked
        story.decided().signaled("go").turn()
    else:
        opened(story.decided(), kind)
        if state == STARTED:
            started(story, kind)
        story.signaled("go").turn()
        _, decisions = replay_every_turn(Cancels, story)
        assert decisions == asked
        story.decided()
        if asked:
            answered(story, kind)
        story.signaled("go").turn()
    settled = at_once or kind is FIBER
    assert replay_every_turn(Cancels, story)[-1] == [complete(json.dumps([at_once, settled]))]


def answered(story, kind):
    """What SWF records of the cancel."""
    if kind is ACTIVITY:
        story.cancel_asked("activity1")
    elif kind is CHILD:
        story.add("RequestCancelExternalWorkflowExecutionInitiated", workflowId="ship", runId="r2",
                  decisionTaskCompletedEventId=story._completed)  # fmt: skip
    else:
        story.timer_canceled("spawn1.sleep1" if kind is FIBER else "sleep1")


@pytest.mark.parametrize("wait", [True, False])
def test_a_child_that_was_canceled_before_it_was_started_is_canceled_then(wait):
    story = HistoryBuilder(["child workflow", SENT, wait]).turn().decided().child("ship", "Ship")
    story.signaled("go").turn().decided()
    run = {"workflowId": "ship", "runId": "r2"}
    story.add("ChildWorkflowExecutionStarted", initiatedEventId=5, workflowExecution=run).turn()
    assert replay_every_turn(Cancels, story)[1:] == [[], CANCEL_CHILD]


def test_the_table_has_every_kind_that_can_be_canceled_in_every_state():
    states = {kind: {UNSENT, SENT, STARTED} for kind in BY_KIND if kind not in HAVE_NO_START}
    states |= {kind: {UNSENT, SENT} for kind in (*HAVE_NO_START, SIGNAL_EXTERNAL)} | {
        FIBER: {UNSENT, STARTED}
    }
    rows = {(kind, *row) for kind, known in states.items() for row in product(known, (True, False))}
    assert TABLE.keys() == rows
