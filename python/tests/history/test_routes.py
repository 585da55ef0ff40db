"""The table of events is complete, and what AWS adds later is skipped."""

from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path

import pyflow
from pyflow.history.kinds import KINDS
from pyflow.history.routes import ROUTES
from pyflow.testing.story import HistoryBuilder, replay_every_turn


def swf_model():
    botocore = importlib.util.find_spec("botocore")
    path = Path(botocore.origin).parent / "data/swf/2012-01-25/service-2.json.gz"
    return json.loads(gzip.decompress(path.read_bytes()))["shapes"]


def test_every_event_type_of_swf_has_a_route_and_no_other_has():
    assert sorted(ROUTES) == sorted(swf_model()["EventType"]["enum"])
    assert len(ROUTES) == 54


def test_every_decision_type_of_swf_has_a_kind():
    assert sorted(kind.decision for kind in KINDS) == sorted(swf_model()["DecisionType"]["enum"])


def test_ids_and_targets_are_members_of_decision_and_answer_alike():
    shapes = swf_model()
    for kind in KINDS:
        decision = shapes[kind.decision + "DecisionAttributes"]["members"]
        opened = shapes[kind.opened + "EventAttributes"]["members"]
        refused = shapes[kind.refused + "EventAttributes"]["members"]
        for attribute in filter(None, (kind.id, kind.target)):
            assert attribute in decision and attribute in opened, (kind.word, attribute)
        assert not kind.target or kind.target in refused, kind.word


def test_an_event_type_that_aws_adds_later_is_logged_once_and_skipped(caplog):
    class Echo(pyflow.Workflow):
        NAME = "Echo"

        def run(self, value):
            return value

    story = HistoryBuilder(1).add("WorkflowExecutionPraised").add("WorkflowExecutionPraised").turn()
    [[decision]] = replay_every_turn(Echo, story)
    assert decision["decisionType"] == "CompleteWorkflowExecution"
    assert [record.getMessage() for record in caplog.records] == [
        "event type WorkflowExecutionPraised is unknown to this pyflow and is skipped"
    ]
