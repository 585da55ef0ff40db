"""The decider's step: what it asks SWF for, what it keeps, and what it does when SWF says no."""

from __future__ import annotations

import copy

import pytest
from worker.scripted_swf import Fault, ScriptedSwf

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


def test_a_history_that_the_code_does_not_fit_is_not_answered_and_logged(caplog):
    story = HistoryBuilder().turn().decided().activity("activity1", "email").completed("activity1").turn()
    swf = ScriptedSwf(story.task("Twice", "2"))
    assert decider(swf).step() is True
    assert swf.answered == []
    assert (
        caplog.records[-1]
        .getMessage()
        .startswith("decision task 8 of workflow (Twice 2) is not answered, SWF offers it again: event 5: ")
    )


def test_a_fault_of_pyflows_own_costs_one_task_and_no_other_run(monkeypatch, caplog):
    def fails(execution, turn):
        raise KeyError("a fault of ours")

    swf = ScriptedSwf(*tasks()[:2])
    it = decider(swf)
    with monkeypatch.context() as broken:
        broken.setattr("pyflow.decider.execution.Execution.take", fails)
        assert it.step() is True
    message = (
        "decision task 3 of workflow (Twice 2) is not answered, SWF offers it again: pyflow itself failed"
    )
    assert caplog.records[-1].getMessage() == message
    assert caplog.records[-1].exc_info[0] is KeyError
    assert it.step() is True
    assert swf.answered == [[SCHEDULE]]


def test_a_resident_run_whose_answer_never_arrived_is_replayed():
    story = HistoryBuilder().turn()
    first = copy.deepcopy(story.task("Twice", "2"))
    swf = ScriptedSwf(first, story.turn_timed_out().turn().task("Twice", "2"))
    it = decider(swf)
    assert [it.step(), it.step()] == [True, True]
    assert swf.answered == [[SCHEDULE], [SCHEDULE]]
    assert Twice.begun == 2


def test_it_polls_until_it_is_told_to_stop():
    swf = ScriptedSwf(*tasks())
    it = decider(swf)
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
