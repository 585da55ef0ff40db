"""What a decider wrote into a history, every later one decides again: protocol/history.md."""

from __future__ import annotations

import gzip
import hashlib
import importlib
import json
from dataclasses import dataclass
from typing import Any

import pytest
from histories.record import HISTORIES

import pyflow
from pyflow.decider.resident import Resident
from pyflow.history.context import read_context
from pyflow.history.event import Event, Run, attributes_key
from pyflow.history.kinds import KINDS

FILES = sorted([*HISTORIES.glob("*.json"), *HISTORIES.glob("*.json.gz")])
OLD = [path for path in FILES if path.name.startswith("old-")]
OURS = [path for path in FILES if path not in OLD]
OF_DECISION = {kind.decision: kind for kind in KINDS}
OFTEN = 60  # decisions of a history up to which each is made from the whole history; of longer ones some are
FREE = {"control"}
"""What a decision says for people alone: a later version may say it in another way."""


@dataclass
class History:
    """decided_before: how many of its decisions were made by code that is gone."""

    decider: pyflow.Decider
    run: Run
    polled: bool
    events: list[Event]
    decided_before: int

    def resident(self) -> Resident:
        return Resident(self.decider.execution(self.run, polled=self.polled))


@dataclass(frozen=True)
class Answered:
    """One decision task that was answered, not void. upto: how much of the history it was shown."""

    upto: int
    recorded: list[Event]
    context: str | None


def read(path: Any) -> History:
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    found = json.loads(text)
    execution, kind = found["workflowExecution"], found["workflowType"]
    module = importlib.import_module(found["workflows"])
    key = getattr(module, "OPERATOR_KEY", None)
    decider = pyflow.Decider(module.CLASSES, "domain", "deciders", None, client=object(), operator_key=key)
    run = Run(execution["workflowId"], execution["runId"], kind["name"], kind["version"])
    return History(decider, run, found["polled"], found["events"], getattr(module, "DECIDED_BEFORE", 0))


def answered(history: History) -> list[Answered]:
    events = history.events
    found: dict[int, Answered] = {}
    for event in events:
        if event["eventType"] == "DecisionTaskCompleted":
            attributes = event["decisionTaskCompletedEventAttributes"]
            context = attributes.get("executionContext")
            found[event["eventId"]] = Answered(attributes["startedEventId"], [], context)
        elif (completed := _completed(event)) is not None:
            found[completed].recorded.append(event)
    return [each for each in found.values() if not read_context(each.context).void][history.decided_before :]


def _completed(event: Event) -> int | None:
    """The DecisionTaskCompleted of whose answer an event is."""
    attributes = event.get(attributes_key(event["eventType"])) or {}
    if attributes.get("initiatedEventId"):
        return None  # what was initiated and then could not be done
    completed: int | None = attributes.get("decisionTaskCompletedEventId")
    return completed


def agrees(decision: dict[str, Any], event: Event) -> bool:
    """Whether an event is what SWF recorded of a decision: each attribute that both have is the same."""
    kind = OF_DECISION[decision["decisionType"]]
    if event["eventType"] not in (kind.opened, kind.refused):
        return False
    asked, recorded = decision[kind.attributes], event[attributes_key(event["eventType"])]
    return all(told(asked[key]) == told(recorded[key]) for key in asked.keys() & recorded.keys() - FREE)


def told(value: Any) -> Any:
    """An attribute; of a traceback its last line, since files and lines are those of whoever recorded it."""
    return value.splitlines()[-1] if isinstance(value, str) and value.startswith("Traceback ") else value


def test_files_are_kept_as_they_were_recorded():
    lines = (HISTORIES / "SHA256SUMS").read_text("utf-8").splitlines()
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FILES}
    assert dict(reversed(line.split("  ")) for line in lines) == sums


@pytest.fixture(params=OURS, ids=lambda path: path.name.partition(".")[0])
def history(request):
    return read(request.param)


def check(answer, expected):
    assert len(answer.decisions) == len(expected.recorded), (answer.decisions, expected.recorded)
    for decision, event in zip(answer.decisions, expected.recorded, strict=False):
        assert agrees(decision, event), (decision, event)
    theirs = expected.context is not None and "$pyflow" not in expected.context
    assert theirs or answer.context == expected.context


def test_each_decision_is_made_again_from_the_whole_history(history):
    found = answered(history)
    chosen = found if len(found) <= OFTEN else [*found[:20], *found[20 :: len(found) // 10], *found[-3:]]
    for expected in chosen:
        resident = history.resident()
        check(resident.decide(history.events[: expected.upto]), expected)
        resident.execution.close()


def test_each_decision_is_made_again_by_a_run_that_stays(history):
    resident, taken = history.resident(), 0
    for expected in answered(history):
        check(resident.decide(history.events[taken : expected.upto]), expected)
        taken = expected.upto
    resident.execution.close()


def test_each_decision_is_made_again_by_runs_that_begin_at_any_of_them(history):
    found = answered(history)
    every = 1 + len(found) // 15
    residents = []
    for number, expected in enumerate(found):
        if number % every == 0:
            residents.append(history.resident())
        for resident in residents:
            known = resident.reader.last_event_id
            check(resident.decide(history.events[known : expected.upto]), expected)
    for resident in residents:
        resident.execution.close()


@pytest.fixture(params=OLD, ids=lambda path: path.stem)
def old(request):
    return read(request.param)


def test_what_2_0_0_decided_is_decided_again_but_for_what_it_did_beside(old):
    """It signaled itself after `invoke_once`, went on in the turn after, and never canceled a timer."""
    found = answered(old)
    for expected in found:
        resident = old.resident()
        made = [asked(each) for each in resident.decide(old.events[: expected.upto]).decisions]
        made = [each for each in made if each[0] != "CancelTimer"]
        recorded = [
            name for name in map(target, expected.recorded) if name[0] != "SignalExternalWorkflowExecution"
        ]
        assert made[: len(recorded)] == recorded
        resident.execution.close()
    [close] = found[-1].recorded
    assert made[-1][0] == target(close)[0] == "CompleteWorkflowExecution"


def asked(decision):
    """Kind and target of a decision."""
    kind = OF_DECISION[decision["decisionType"]]
    return kind.decision, json.dumps(decision[kind.attributes].get(kind.target))


def target(event):
    """The same of what was recorded of one."""
    [kind] = [each for each in KINDS if event["eventType"] in (each.opened, each.refused)]
    return kind.decision, json.dumps(event[attributes_key(event["eventType"])].get(kind.target))
