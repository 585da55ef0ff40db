"""Recorded histories against the code at hand, in the forms in which people have them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pyflow
from pyflow.errors import PyflowException
from pyflow.testing import WorkflowEnvironment, replay
from pyflow.testing.story import HistoryBuilder


class Order(pyflow.Workflow):
    NAME = "Order"
    charge = pyflow.ActivityDescriptor("charge_card", "1")
    drawn = 0

    def run(self, order: Any) -> Any:
        token = self.swf.invoke_once(self._draw).result()
        receipt = self.charge(order).result()
        self.swf.sleep(60)
        return [token, receipt]

    def _draw(self) -> int:
        Order.drawn += 1
        return 4


class Reordered(Order):
    def run(self, order: Any) -> Any:
        self.swf.sleep(60)
        return self.charge(order).result()


class LastLineChanged(Order):
    def run(self, order: Any) -> Any:
        super().run(order)
        return self.charge(order).result()


@pytest.fixture
def history() -> Iterator[list[dict[str, Any]]]:
    """Of a run that has closed."""
    with WorkflowEnvironment(Order, {Order.charge: lambda order: "receipt"}) as env:
        run = env.start(7)
        run.result()
        yield [dict(event) for event in run.history]


def as_boto3_gives_it(events: list[dict[str, Any]]) -> Any:
    return {"events": events, "nextPageToken": "", "ResponseMetadata": {}}


def newest_first(events: list[dict[str, Any]]) -> Any:
    return events[::-1]


def with_seconds(events: list[dict[str, Any]]) -> Any:
    return [{**event, "eventTimestamp": event["eventTimestamp"].timestamp()} for event in events]


def with_iso_text(events: list[dict[str, Any]]) -> Any:
    return json.loads(json.dumps(events, default=lambda time: time.isoformat()))


def with_zulu(events: list[dict[str, Any]]) -> Any:
    return json.loads(json.dumps(events, default=lambda time: time.strftime("%Y-%m-%dT%H:%M:%SZ")))


@pytest.mark.parametrize(
    "form", [list, iter, as_boto3_gives_it, newest_first, with_seconds, with_iso_text, with_zulu]
)
def test_a_history_in_any_form_replays(history: list[dict[str, Any]], form: Any) -> None:
    assert replay(form(history), Order) == []


@pytest.mark.parametrize("form", [with_iso_text, lambda events: as_boto3_gives_it(with_seconds(events))])
def test_a_history_in_a_file_replays(history: list[dict[str, Any]], form: Any, tmp_path: Path) -> None:
    path = tmp_path / "order.json"
    path.write_text(json.dumps(form(history)))
    assert replay(path, Order) == replay(str(path), Order) == []


def test_code_that_asks_for_something_else_is_told(history: list[dict[str, Any]]) -> None:
    with pytest.raises(pyflow.NonDeterminismException, match="event 5: .*the code now asks for .*sleep1"):
        replay(history, Reordered)


def test_the_last_answer_is_compared_too(history: list[dict[str, Any]]) -> None:
    with pytest.raises(pyflow.NonDeterminismException, match="event 17: .* the code no longer asks for it"):
        replay(history, LastLineChanged)


def beginnings(history: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """What a run's history was at some time: an answer is recorded all at once."""
    return [
        history[:end]
        for end in range(1, len(history) + 1)
        if end == len(history) or "decisionTaskCompletedEventId" not in str(history[end])
    ]


def test_nothing_is_called_again(history: list[dict[str, Any]]) -> None:
    before = Order.drawn
    for beginning in beginnings(history):
        if beginning[-1]["eventType"] != "DecisionTaskStarted":
            assert replay(beginning, Order) == []
    assert Order.drawn == before


def test_every_beginning_of_a_history_replays(history: list[dict[str, Any]]) -> None:
    kinds = [[each["decisionType"] for each in replay(beginning, Order)] for beginning in beginnings(history)]
    assert [kind for kind in kinds if kind] == [
        ["RecordMarker", "ScheduleActivityTask"],
        ["StartTimer"],
        ["CompleteWorkflowExecution"],
    ]


def test_news_that_came_while_the_last_decision_was_made_is_left_for_the_next() -> None:
    story = HistoryBuilder(7).turn()
    story.signaled("late").cancel_requested().decided().marker(
        "invoke_once1", {"succeeded": True, "result": 4}
    )
    story.activity("activity1", "charge_card", "1")
    assert replay(story.events, Order) == []


def test_the_class_is_the_one_that_the_history_names(history: list[dict[str, Any]]) -> None:
    class Other(pyflow.Workflow):
        NAME = "Other"

    assert replay(history, [Other, Order]) == []
    with pytest.raises(PyflowException, match="the history is one of Order 1.0, but was to be replayed by"):
        replay(history, Other)


def test_a_history_without_its_beginning_is_refused(history: list[dict[str, Any]]) -> None:
    with pytest.raises(PyflowException, match="the history begins with event 3: read it whole"):
        replay(history[2:], Order)
    with pytest.raises(PyflowException, match="the history has no events"):
        replay([], Order)
    with pytest.raises(PyflowException, match="the history has another page"):
        replay({"events": history, "nextPageToken": "more"}, Order)


class Parent(pyflow.Workflow):
    NAME = "Parent"
    child = pyflow.ChildWorkflowDescriptor("Child", "1")

    def run(self, value: Any) -> str:
        return f"{self.swf.workflow_id} {self.swf.run_id} {self.child().result()}"


def test_a_run_s_own_ids_are_given_where_they_matter() -> None:
    with WorkflowEnvironment(Parent, {Parent.child: lambda _: "c"}) as env:
        run = env.start()
        cut = [event["eventType"] for event in run.history].index("DecisionTaskStarted") + 1
        [decision] = replay(run.history[:cut], Parent, workflow_id="p1", run_id=run.run_id)
        recorded = copy.deepcopy(run.history[cut + 1])["startChildWorkflowExecutionInitiatedEventAttributes"]
        assert (
            decision["startChildWorkflowExecutionDecisionAttributes"]["workflowId"] == recorded["workflowId"]
        )
