"""Where history and code disagree: never a wrong result, always both sides named."""

from __future__ import annotations

import re

import pytest

import pyflow
from pyflow.testing.story import HistoryBuilder, replay_every_turn


class TwoSteps(pyflow.Workflow):
    NAME = "TwoSteps"

    def run(self, value):
        try:
            self.swf.invoke_activity("resize", "2.0").result()
            self.swf.sleep(5)
        except Exception:
            return "swallowed"


def divergence(story, workflow=TwoSteps):
    with pytest.raises(pyflow.NonDeterminismException) as caught:
        replay_every_turn(workflow, story)
    return said(caught.value)


def said(error):
    """The message without its advice; line numbers of this file are N."""
    return re.sub(r"test_determinism.py:\d+", "test_determinism.py:N", str(error).split(": deploy")[0])


def test_another_activity_type_is_named():
    story = (
        HistoryBuilder().turn().decided().activity("activity1", "email", "1").completed("activity1").turn()
    )
    decider = pyflow.Decider([TwoSteps], "domain", "deciders", None, client=object())
    with pytest.raises(pyflow.NonDeterminismException) as caught:
        decider.process_decision_task(story.task("TwoSteps"))
    assert said(caught.value) == (
        "event 5: ScheduleActivityTask email 1 (activity1);"
        " the code now asks for ScheduleActivityTask resize 2.0 (activity1) at decider/test_determinism.py:N"
    )
    assert str(caught.value).endswith(
        ": deploy the code that wrote this history, or start new runs under a new version"
    )


def test_another_version_is_another_type():
    story = HistoryBuilder().turn().decided().activity("activity1", "resize", "1.0").turn()
    assert divergence(story) == (
        "event 5: ScheduleActivityTask resize 1.0 (activity1);"
        " the code now asks for ScheduleActivityTask resize 2.0 (activity1) at decider/test_determinism.py:N"
    )


def test_another_kind_of_step_is_named():
    story = (
        HistoryBuilder().turn().decided().activity("activity1", "resize", "2.0").completed("activity1").turn()
    )
    story.decided().lambda_function("lambda1", "price").turn()
    assert divergence(story) == (
        "event 10: ScheduleLambdaFunction price (lambda1);"
        " the code now asks for StartTimer sleep1 at decider/test_determinism.py:N"
    )


def test_a_step_that_the_history_has_and_the_code_no_longer_asks_for():
    story = HistoryBuilder().turn().decided().activity("activity1", "resize", "2.0").timer("sleep1").turn()
    assert divergence(story) == ("event 6: StartTimer sleep1; the code no longer asks for it at this point")


def test_a_step_that_the_code_asks_for_and_the_history_does_not_have():
    story = HistoryBuilder().turn().decided().signaled("wake").turn()
    assert divergence(story) == (
        "the code now asks for ScheduleActivityTask resize 2.0 (activity1) at decider/test_determinism.py:N,"
        " but the answer of that turn has nothing more"
    )


def test_the_workflows_own_except_does_not_see_it():
    story = HistoryBuilder().turn().decided().timer("sleep1").turn()
    assert divergence(story) == (
        "event 5: StartTimer sleep1;"
        " the code now asks for ScheduleActivityTask resize 2.0 (activity1) at decider/test_determinism.py:N"
    )


def test_an_unknown_workflow_type_is_not_decided():
    decider = pyflow.Decider([TwoSteps], "domain", "deciders", None, client=object())
    with pytest.raises(pyflow.DeciderException) as caught:
        decider.process_decision_task(HistoryBuilder().turn().task("Other", "3"))
    assert str(caught.value) == "unknown workflow type Other 3: this decider knows TwoSteps 1.0"


@pytest.mark.parametrize(
    "text", ['{"$pyflow": 2, "value": 1}', '{"$pyflow": 1, "enc": "proto", "data": "AAAA"}']
)
def test_a_payload_of_a_newer_contract_is_left_to_a_decider_that_can_read_it(text):
    story = HistoryBuilder().turn().decided().activity("activity1", "resize", "2.0")
    story.completed("activity1", raw=text).turn()
    with pytest.raises(pyflow.DeciderException) as caught:
        replay_every_turn(TwoSteps, story)
    assert str(caught.value).startswith("the result of activity1 can't be read here: ")


def test_a_failure_in_a_codec_that_is_not_here_is_left_to_a_decider_that_has_it():
    story = HistoryBuilder().turn().decided().activity("activity1", "resize", "2.0")
    details = '{"$pyflow":1,"enc":"failure","codecs":["acme-kms"],"data":"AAAA"}'
    story.failed("activity1", "CardDeclined", details).turn()
    with pytest.raises(pyflow.DeciderException) as caught:
        replay_every_turn(TwoSteps, story)
    assert "acme-kms" in str(caught.value)
    assert str(caught.value).startswith("the result of activity1 can't be read here: ")
