"""The decider's step: what it asks SWF for, what it keeps, and what it does when SWF says no."""

from __future__ import annotations

import copy
import json

import pytest
from decisions.scripted_swf import Fault, ScriptedSwf

import pyflow
from pyflow.testing.story import HistoryBuilder


class Twice(pyflow.Workflow):
    NAME = "Twice"
    VERSION = "2"
    OPTIONS = {"defaultTaskStartToCloseTimeout": 30}
    begun = 0

    def run(self, value):
        type(self).begun += 1
        first = self.swf.invoke_activity("resize", "1").result()
        return self.swf.invoke_activity("resize", "1", first).result()


def tasks():
    """The three decision tasks of one run, as SWF gives them."""
    story, found = HistoryBuilder(), []
    found.append(copy.deepcopy(story.turn().task("Twice", "2")))
    story.decided().activity("activity1").completed("activity1", 1).turn()
    found.append(copy.deepcopy(story.task("Twice", "2")))
    story.decided().activity("activity2").completed("activity2", 2).turn()
    found.append(copy.deepcopy(story.task("Twice", "2")))
    return found


def decider(swf, **options):
    Twice.begun = 0
    return pyflow.Decider([Twice], "shop", "deciders", "me", client=swf, **options)


SCHEDULE, COMPLETE, FAIL = "ScheduleActivityTask", "CompleteWorkflowExecution", "FailWorkflowExecution"


def test_types_are_registered_with_the_deciders_task_list_and_options_as_text():
    swf = ScriptedSwf()
    decider(swf).ensure_workflows_registered()
    assert swf.registered == [
        {
            "domain": "shop",
            "name": "Twice",
            "version": "2",
            "defaultTaskList": {"name": "deciders"},
            "defaultChildPolicy": "TERMINATE",
            "defaultTaskStartToCloseTimeout": "30",
            "defaultExecutionStartToCloseTimeout": "3600",
        }
    ]


def test_a_type_that_exists_is_fine_and_a_domain_that_does_not_is_said():
    decider(ScriptedSwf(registration=Fault("TypeAlreadyExistsFault"))).ensure_workflows_registered()
    with pytest.raises(pyflow.PyflowException, match="SWF knows no domain shop here"):
        decider(ScriptedSwf(registration=Fault("UnknownResourceFault"))).ensure_workflows_registered()


def test_a_class_without_name_is_refused_when_it_is_registered():
    class Nameless(pyflow.Workflow):
        pass

    with pytest.raises(pyflow.PyflowException, match="Nameless has no NAME"):
        pyflow.Decider(
            [Nameless], "shop", "deciders", "me", client=ScriptedSwf()
        ).ensure_workflows_registered()


def test_an_empty_poll_is_no_task():
    assert decider(ScriptedSwf()).step() is False


def test_a_run_stays_resident_and_its_code_begins_once():
    swf = ScriptedSwf(*tasks())
    it = decider(swf)
    assert [it.step(), it.step(), it.step()] == [True, True, True]
    assert swf.answered == [[SCHEDULE], [SCHEDULE], [COMPLETE]]
    assert Twice.begun == 1
    assert swf.histories == []


def test_without_residence_every_task_begins_anew():
    swf = ScriptedSwf(*tasks())
    it = decider(swf, max_resident_runs=0)
    assert [it.step(), it.step(), it.step()] == [True, True, True]
    assert swf.answered == [[SCHEDULE], [SCHEDULE], [COMPLETE]]
    assert Twice.begun == 3


def test_the_least_recently_used_run_leaves_first():
    one, two = tasks(), tasks()
    for task in two:
        task["workflowExecution"] = {"workflowId": "other", "runId": "other"}
    swf = ScriptedSwf(one[0], two[0], one[1], two[1])
    it = decider(swf, max_resident_runs=1)
    for _ in range(4):
        it.step()
    assert swf.answered == [[SCHEDULE]] * 4
    assert Twice.begun == 4


def test_events_that_do_not_reach_back_make_it_read_the_history():
    first, second, _ = tasks()
    swf = ScriptedSwf(first, second)
    it = decider(swf)
    it.step()
    swf.tasks[0]["events"] = second["events"]
    page = swf.poll_for_decision_task

    def newest_three(**request):
        return page(**{**request, "maximumPageSize": 3})

    swf.poll_for_decision_task = newest_three
    it.step()
    assert swf.answered == [[SCHEDULE], [SCHEDULE]]
    assert swf.histories == [0]
    assert Twice.begun == 2


def test_a_history_of_many_pages_is_read_whole():
    class Long(pyflow.Workflow):
        NAME = "Long"

        def run(self, value):
            return [self.swf.invoke_activity("resize", "1", n).result() for n in range(500)][-1]

    story = HistoryBuilder().turn()
    for n in range(1, 501):
        story.decided().activity(f"activity{n}").completed(f"activity{n}", n).turn()
    swf = ScriptedSwf(story.task("Long"))
    pyflow.Decider([Long], "shop", "deciders", "me", client=swf).step()
    assert swf.answered == [[COMPLETE]]
    assert swf.histories == [0, 1000, 2000]


def test_an_answer_that_is_not_surely_accepted_drops_the_run():
    first, second, _ = tasks()
    swf = ScriptedSwf(first, second, answers=[ConnectionError("reset")])
    it = decider(swf)
    it.step()
    it.step()
    assert swf.answered == [[SCHEDULE], [SCHEDULE]]
    assert Twice.begun == 2


def test_a_task_that_is_gone_is_let_go():
    swf = ScriptedSwf(tasks()[0], answers=[Fault("UnknownResourceFault")])
    assert decider(swf).step() is True
    assert swf.answered == [[SCHEDULE]]


def test_decisions_that_swf_finds_invalid_fail_the_run():
    swf = ScriptedSwf(tasks()[0], answers=[Fault("ValidationException", "Value 'x' at 'decisions.1.member'")])
    assert decider(swf).step() is True
    assert swf.answered == [[SCHEDULE], [FAIL]]


def test_a_history_that_the_code_does_not_fit_parks_the_run_and_says_why(caplog):
    story = HistoryBuilder().turn().decided().activity("activity1", "email").completed("activity1").turn()
    swf = ScriptedSwf(story.task("Twice", "2"))
    it = decider(swf)
    assert it.step() is True
    assert swf.answered == [["StartTimer"]]
    assert swf.requests[0]["taskList"] == {"name": "deciders"}
    context = json.loads(swf.requests[0]["executionContext"])
    assert context["void"] is True
    assert context["reason"].startswith(
        "event 5: ScheduleActivityTask email 1 (activity1); the code now asks for"
    )
    assert context["since"] == "2026-01-01T00:00:02Z"
    assert (
        caplog.records[-1]
        .getMessage()
        .startswith(
            "decision task 8 of workflow (Twice 2): the run is parked, it goes on with a decider that fits: event"
        )
    )
    assert (it.statistics.void_answers, it.statistics.resident_runs) == (1, 0)


def test_a_history_that_the_code_does_not_fit_fails_the_run_where_that_is_wished():
    story = HistoryBuilder().turn().decided().activity("activity1", "email").completed("activity1").turn()
    swf = ScriptedSwf(story.task("Twice", "2"))
    assert decider(swf, on_divergence="fail").step() is True
    assert swf.answered == [[FAIL]]
    attributes = swf.requests[0]["decisions"][0]["failWorkflowExecutionDecisionAttributes"]
    assert attributes["reason"] == "pyflow.NonDeterminism"
    assert attributes["details"].startswith("event 5: ScheduleActivityTask email 1 (activity1); the code")


def test_a_class_that_is_not_known_parks_the_run_even_where_divergence_fails_it():
    swf = ScriptedSwf(HistoryBuilder().turn().task("Thrice", "1"))
    assert decider(swf, on_divergence="fail").step() is True
    assert swf.answered == [["StartTimer"]]
    reason = json.loads(swf.requests[0]["executionContext"])["reason"]
    assert reason == "unknown workflow type Thrice 1: this decider knows Twice 2"


def test_a_long_history_of_a_class_that_is_not_known_is_read_once_to_count_its_timers():
    story = HistoryBuilder()
    for _ in range(60):
        story.turn().decided()
    swf = ScriptedSwf(story.turn().task("Thrice", "1"))
    assert decider(swf).step() is True
    assert swf.answered == [["StartTimer"]]
    assert swf.histories == [0]


def test_an_input_whose_codec_is_missing_parks_the_run():
    story = HistoryBuilder(raw_input='{"$pyflow": 1, "codecs": ["acme-kms"], "data": "aGk="}').turn()
    swf = ScriptedSwf(story.task("Twice", "2"))
    assert decider(swf).step() is True
    assert swf.answered == [["StartTimer"]]
    assert "acme-kms" in json.loads(swf.requests[0]["executionContext"])["reason"]


def test_a_fault_of_pyflows_own_parks_one_run_and_no_other(monkeypatch, caplog):
    def fails(execution, turn, **more):
        raise KeyError("a fault of ours")

    first = tasks()[0]
    other = {**tasks()[0], "workflowExecution": {"workflowId": "other", "runId": "other"}}
    swf = ScriptedSwf(first, other)
    it = decider(swf)
    with monkeypatch.context() as broken:
        broken.setattr("pyflow.decider.execution.Execution.take", fails)
        assert it.step() is True
    failed = next(record for record in caplog.records if record.exc_info)
    assert failed.getMessage() == "decision task 3 of workflow (Twice 2): pyflow itself failed"
    assert failed.exc_info[0] is KeyError
    reason = json.loads(swf.requests[0]["executionContext"])["reason"]
    assert reason == "pyflow itself failed: KeyError: 'a fault of ours'"
    assert it.step() is True
    assert swf.answered == [["StartTimer"], [SCHEDULE]]


def test_a_resident_run_whose_answer_never_arrived_is_replayed():
    story = HistoryBuilder().turn()
    first = copy.deepcopy(story.task("Twice", "2"))
    swf = ScriptedSwf(first, story.turn_timed_out().turn().task("Twice", "2"))
    it = decider(swf)
    assert [it.step(), it.step()] == [True, True]
    assert swf.answered == [[SCHEDULE], [SCHEDULE]]
    assert Twice.begun == 2


def test_it_polls_until_it_is_told_to_stop():
    swf = ScriptedSwf(*tasks()[:2])
    it = decider(swf, pollers=1, sticky_timeout=0)
    respond = swf.respond_decision_task_completed

    def respond_and_stop(**request):
        respond(**request)
        if len(swf.answered) == 2:
            it.stop()

    swf.respond_decision_task_completed = respond_and_stop
    it.poll_for_decision_tasks()
    assert swf.answered == [[SCHEDULE], [SCHEDULE]]


def test_no_time_at_all_registers_and_returns():
    swf = ScriptedSwf(*tasks())
    decider(swf).poll_for_decision_tasks(max_time=0)
    assert len(swf.registered) == 1
    assert swf.answered == []
