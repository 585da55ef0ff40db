"""The snippets of docs/ run: every workflow of workflows.md makes its first decision, every test of testing.md passes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pyflow
from pyflow.testing.story import HistoryBuilder, replay_every_turn

DOCUMENTS = Path(__file__).resolve().parents[3] / "docs"
INPUTS = {
    "OrderWorkflow": {"id": 7, "address": {"city": "Oslo"}},
    "ChargeWorkflow": {"id": 7},
    "Patient": ["https://example.org/a", "https://example.org/b"],
    "Careful": "item",
}
FIRST_DECISIONS = {
    "OrderWorkflow": ["ScheduleLambdaFunction"],
    "ChargeWorkflow": ["ScheduleActivityTask"],
    "Patient": ["RecordMarker", "ScheduleActivityTask", "ScheduleActivityTask", "StartTimer"],
    "Careful": ["ScheduleActivityTask"],
}


def names_of(document: str) -> dict[str, object]:
    """What the Python snippets of a document define, run one after another."""
    path, names = DOCUMENTS / document, {"__name__": document}
    for snippet in re.findall(r"^```python\n(.*?)^```$", path.read_text(), re.MULTILINE | re.DOTALL):
        exec(compile(snippet, str(path), "exec"), names)
    return names


WORKFLOWS = {
    name: each
    for name, each in names_of("workflows.md").items()
    if isinstance(each, type) and issubclass(each, pyflow.Workflow)
}
TESTS = {name: each for name, each in names_of("testing.md").items() if name.startswith("test_")}


def test_every_test_of_the_document_is_tried():
    assert len(TESTS) == (DOCUMENTS / "testing.md").read_text().count("def test_") == 4


@pytest.mark.parametrize("name", TESTS)
def test_a_test_of_the_document_passes(name):
    TESTS[name]()


def test_every_workflow_of_the_document_is_tried():
    assert sorted(WORKFLOWS) == sorted(FIRST_DECISIONS)


@pytest.mark.parametrize("name", FIRST_DECISIONS)
def test_a_workflow_of_the_document_makes_its_first_decision(name):
    [decisions] = replay_every_turn(WORKFLOWS[name], HistoryBuilder(INPUTS[name]).turn())
    assert [each["decisionType"] for each in decisions] == FIRST_DECISIONS[name]


def test_the_order_of_the_document_ends_with_both_results():
    story = HistoryBuilder(INPUTS["OrderWorkflow"]).turn().decided().lambda_function("lambda1", "price_order")
    story.completed("lambda1", "9.90").turn().decided().activity("activity1", "charge_card")
    story.child("child_workflow1", "ShipmentWorkflow").completed("child_workflow1", "parcel 1")
    story.completed("activity1", "receipt 1").turn()
    [decision] = replay_every_turn(WORKFLOWS["OrderWorkflow"], story)[-1]
    assert decision["completeWorkflowExecutionDecisionAttributes"] == {
        "result": '{"receipt": "receipt 1", "parcel": "parcel 1"}'
    }
