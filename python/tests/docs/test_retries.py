"""What docs/retries.md shows: its workflows decide, and SWF records what it says."""

from __future__ import annotations

from docs.pages import names_of, recorded, shown

import pyflow
from pyflow.testing import local_service
from pyflow.testing.story import HistoryBuilder, replay_every_turn

NAMES = names_of("retries.md")


def result_of(decision):
    return decision["completeWorkflowExecutionDecisionAttributes"]["result"]


def test_the_checkout_of_the_document_says_how_often_it_tried():
    story = HistoryBuilder({"id": 7}).turn().decided().activity("activity1", "charge_card")
    story.failed("activity1", "Busy").turn().decided().timer("activity1.backoff2").fired("activity1.backoff2")
    story.turn().decided().activity("activity1.attempt2", "charge_card")
    story.failed("activity1.attempt2", "shop.FraudSuspected").turn()
    *_, [close] = replay_every_turn(NAMES["Checkout"], story)
    assert result_of(close) == '"not charged after 2 attempts: shop.FraudSuspected"'


def test_the_parcels_of_the_document_are_shipped_with_options_of_the_call():
    story = HistoryBuilder({"id": 7, "parcels": ["a", "b"]}).turn().decided()
    story.activity("map1.1.activity1", "ship").activity("map1.2.activity1", "ship")
    story.completed("map1.1.activity1", 1).completed("map1.2.activity1", 2).turn()
    [first, _], [track] = replay_every_turn(NAMES["Parcel"], story)
    shipped = first["scheduleActivityTaskDecisionAttributes"]
    assert (shipped["taskPriority"], shipped["scheduleToStartTimeout"]) == ("10", "30")
    tracked = track["startChildWorkflowExecutionDecisionAttributes"]
    assert (tracked["workflowId"], tracked["tagList"], tracked["input"]) == (
        "track-7",
        ["parcels"],
        '{"parcels": [1, 2]}',
    )


def test_swf_records_what_the_document_says():
    with local_service() as swf:
        client = swf.client()
        decider = pyflow.Decider([NAMES["Import"]], swf.domain, "deciders", None, client=client)
        worker = pyflow.ActivityWorker(swf.domain, "rows", [NAMES["import_rows"]], client=client)
        decider.ensure_workflows_registered()
        worker.ensure_activities_registered()
        run = pyflow.start_workflow(swf.domain, "Import", "1.0", "deciders", None, "100", client=client)
        decider.step()
        lost = client.poll_for_activity_task(domain=swf.domain, taskList={"name": "rows"})
        client.record_activity_task_heartbeat(taskToken=lost["taskToken"], details="40")
        swf.advance(10)
        decider.step()
        swf.advance(30)
        decider.step()
        worker.step()
        history = client.get_workflow_execution_history(domain=swf.domain, execution=run)["events"]
    assert recorded(history, "retries.md") == shown("retries.md")
