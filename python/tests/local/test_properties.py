"""Random deciders, workers, signals and time against what must hold of every history."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from local.conformity import MODEL, SHAPES, faults
from local.direct import Direct, attributes, child, complete, decision, function, schedule, timer
from local.test_store import state

from pyflow.local.engine.accept.waking import WAKING
from pyflow.local.engine.apply import apply
from pyflow.local.engine.due import due, soonest
from pyflow.local.engine.fault import Fault
from pyflow.local.engine.run import Run
from pyflow.local.engine.tasks import waiting

names = st.sampled_from(["x", "y"])
seconds = st.sampled_from(["0", "1", "3"])

decisions = st.one_of(
    st.builds(
        schedule,
        names,
        startToCloseTimeout=seconds,
        scheduleToStartTimeout=seconds,
        heartbeatTimeout=seconds,
        taskPriority=st.sampled_from(["0", "5"]),
    ),
    st.builds(lambda n: decision("RequestCancelActivityTask", activityId=n), names),
    st.builds(timer, names, seconds),
    st.builds(lambda n: decision("CancelTimer", timerId=n), names),
    st.builds(lambda n: decision("RecordMarker", markerName=n), names),
    st.builds(child, st.sampled_from(["c1", "o1"]), taskList=st.just({"name": "deciders"})),
    st.builds(
        lambda w: decision("SignalExternalWorkflowExecution", workflowId=w, signalName="s"),
        st.sampled_from(["o1", "c1"]),
    ),
    st.builds(lambda: decision("RequestCancelExternalWorkflowExecution", workflowId="c1")),
    st.builds(function, names),
    st.builds(lambda: decision("FailWorkflowExecution")),
    st.builds(lambda: decision("ContinueAsNewWorkflowExecution")),
    st.builds(complete),
)

steps = st.one_of(
    st.tuples(st.just("start"), st.sampled_from(["o1", "o2"])),
    st.tuples(st.just("poll"), st.none()),
    st.tuples(st.just("decide"), st.lists(decisions, max_size=4)),
    st.tuples(st.just("work"), st.none()),
    st.tuples(st.just("answer"), st.sampled_from(["Completed", "Failed", "Canceled"])),
    st.tuples(st.just("beat"), st.none()),
    st.tuples(st.just("signal"), st.sampled_from(["o1", "c1"])),
    st.tuples(st.just("cancel"), st.sampled_from(["o1", "c1"])),
    st.tuples(st.just("terminate"), st.sampled_from(["o1", "c1"])),
    st.tuples(st.just("advance"), st.sampled_from([0.5, 1, 2, 11])),
)


class Story:
    """Takes steps; what SWF refuses it passes over, after a look that nothing changed."""

    def __init__(self) -> None:
        self.swf = Direct()
        self.deciding: list[dict[str, Any]] = []
        self.working: list[dict[str, Any]] = []

    def take(self, step: str, value: Any) -> None:
        before = self.histories()
        try:
            getattr(self, step)(value)
        except Fault:
            assert self.histories() == before, "a refused request changed something"

    def histories(self) -> dict[tuple[str, str], list[dict[str, Any]]]:
        return {execution: self.swf.history(*execution) for execution in self.swf.executions()}

    def start(self, workflow_id: str) -> None:
        self.swf.start(workflow_id, executionStartToCloseTimeout="20")

    def poll(self, _: None) -> None:
        task = self.swf.poll()
        if "taskToken" in task:
            self.deciding.append(task)

    def decide(self, batch: list[dict[str, Any]]) -> None:
        if self.deciding:
            self.swf.respond(self.deciding.pop(0), *batch)

    def work(self, _: None) -> None:
        task = self.swf.work()
        if "taskToken" in task:
            self.working.append(task)

    def answer(self, how: str) -> None:
        if self.working:
            self.swf(f"RespondActivityTask{how}", taskToken=self.working.pop(0)["taskToken"])

    def beat(self, _: None) -> None:
        if self.working:
            self.swf("RecordActivityTaskHeartbeat", taskToken=self.working[0]["taskToken"], details="d")

    def signal(self, workflow_id: str) -> None:
        self.swf.signal(workflow_id)

    def cancel(self, workflow_id: str) -> None:
        self.swf("RequestCancelWorkflowExecution", workflowId=workflow_id)

    def terminate(self, workflow_id: str) -> None:
        self.swf("TerminateWorkflowExecution", workflowId=workflow_id)

    def advance(self, amount: float) -> None:
        self.swf.advance(amount)


CLOSED_BY = {
    "ActivityTaskScheduled": (
        "scheduledEventId",
        ("Completed", "Failed", "TimedOut", "Canceled"),
        "ActivityTask",
    ),
    "TimerStarted": ("startedEventId", ("Fired", "Canceled"), "Timer"),
}


def check(history: list[dict[str, Any]]) -> None:
    """What must hold of a history (that its ids have no gaps and its times never fall, `history` checks)."""
    scheduled, started, closed = 0, 0, False
    ends: set[tuple[str, int]] = set()
    awaited: float | None = None
    for event in history:
        type_, members = event["eventType"], attributes(event)
        assert not closed, f"{type_} behind the close"
        if awaited is not None and type_ != "DecisionTaskScheduled":
            assert event["eventTimestamp"] == awaited, "a decision task was due before this"
        if type_ == "DecisionTaskScheduled":
            scheduled, awaited = scheduled + 1, None
        elif type_ == "DecisionTaskStarted":
            scheduled, started = scheduled - 1, started + 1
        elif type_ == "DecisionTaskCompleted" or (
            type_ == "DecisionTaskTimedOut" and members["startedEventId"]
        ):
            started -= 1
        assert scheduled in (0, 1)
        assert started in (0, 1)
        if type_ in WAKING and not scheduled:
            awaited = event["eventTimestamp"]
        for key, endings, subject in CLOSED_BY.values():
            if type_.startswith(subject) and type_.removeprefix(subject) in endings:
                assert (subject, members[key]) not in ends, "closed twice"
                ends.add((subject, members[key]))
        closed = type_.startswith("WorkflowExecution") and not type_.endswith(
            ("Started", "Signaled", "CancelRequested")
        )
    assert awaited is None or closed, "nobody asked the decider"


@settings(max_examples=150, deadline=None)
@given(st.lists(steps, max_size=30))
def test_every_history_keeps_the_rules_whatever_is_asked(story: list[tuple[str, Any]]) -> None:
    taken = Story()
    taken.start("o1")
    for step, value in story:
        taken.take(step, value)
    service = taken.swf.service
    offered: set[tuple[int, int]] = set()
    for workflow_id, run_id in taken.swf.executions():
        check(taken.swf.history(workflow_id, run_id))
        key = service.store.find("shop", (workflow_id, run_id))
        run = service.runs.get(key)
        live = sorted(due(run))
        assert soonest(run) == (live[0] if live else None), "the heap and the state disagree"
        offered |= {(key, offer.scheduled_id) for offer in waiting(run)}
        folded = Run(key, "shop", workflow_id, run_id)
        for record in [*service.store.history(key), *service.store.heartbeats(key)]:
            apply(folded, record)
        assert state(folded) == state(run), "the stored records and the run disagree"
    stored = {
        (row.run, row.scheduled_id)
        for kind, name in [("decision", "deciders"), ("activity", "workers"), ("lambda", "")]
        for row in service.store.tasks(kind, "shop", name)
    }
    assert stored == offered, "the task lists and the runs disagree"


TEXTS = {
    "TaskPriority": ["0", "-7"],
    "DurationInDays": ["0", "NONE", "7"],
    "DurationInSeconds": ["0", "1"],
    "DurationInSecondsOptional": ["", "0", "1", "NONE"],
    "Arn": ["arn:aws:swf:us-east-1:123456789012:/domain/shop", "arn:"],
    "PageToken": ["", "AAAA"],
}
KNOWN = ["shop", "order", "charge", "1", "o1", "a1", "deciders", "workers"]


UNLISTED = {"ValidationException", "DomainDeprecatedFault"}


ODD = st.text(st.characters(categories=["Cs", "Cc", "Zs", "Lu"]), max_size=3)


@cache
def anything(name: str) -> st.SearchStrategy[Any]:
    """Values of a shape, most of them fine."""
    shape = SHAPES[name]
    if shape["type"] == "structure":
        needed = shape.get("required", ())
        members = {member: anything(reference["shape"]) for member, reference in shape["members"].items()}
        return st.fixed_dictionaries(
            {member: members[member] for member in needed},
            optional={member: value for member, value in members.items() if member not in needed},
        )
    if shape["type"] == "list":
        return st.lists(anything(shape["member"]["shape"]), max_size=3)
    if "enum" in shape:
        return st.sampled_from(shape["enum"])
    if shape["type"] == "string":
        return st.sampled_from(TEXTS.get(name, KNOWN)) | ODD
    numbers = {"integer": st.integers(0, 2), "boolean": st.booleans()}
    return numbers.get(shape["type"], st.floats(-1e11, 1e11))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_is_asked_is_done_or_refused(data: st.DataObject) -> None:
    swf = Direct()
    swf.start()
    swf.decide(schedule())
    activity = swf.work()["taskToken"]
    swf.signal()
    decision = swf.poll()["taskToken"]
    for _ in range(3):
        operation = data.draw(st.sampled_from(sorted(MODEL["operations"])))
        request = data.draw(anything(MODEL["operations"][operation]["input"]["shape"]))
        if "taskToken" in request:
            request["taskToken"] = decision if operation == "RespondDecisionTaskCompleted" else activity
        try:
            swf(operation, **request)
        except Fault as fault:
            assert fault.type in faults(operation) | UNLISTED
