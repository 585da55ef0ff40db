"""Old code and new code under one run: patches and versions, told by what a run recorded."""

from __future__ import annotations

import pytest
from decider.test_steps import activity_decision, complete, fail, timer_decision
from flow.house import house
from flow.stamps import STAMP, replayed

import pyflow
from pyflow.testing.story import HistoryBuilder, replay_every_turn


def marker(name, details=None):
    attributes = {"markerName": name} if details is None else {"markerName": name, "details": details}
    return {"decisionType": "RecordMarker", "recordMarkerDecisionAttributes": attributes}


class Old(pyflow.Workflow):
    NAME = "Reminding"

    def run(self, value):
        self.swf.invoke_activity("mail", "1").result()
        self.swf.sleep(5)
        return "mailed"


class New(pyflow.Workflow):
    NAME = "Reminding"

    def run(self, value):
        if self.swf.patched("texts"):
            self.swf.invoke_activity("text", "1").result()
        else:
            self.swf.invoke_activity("mail", "1").result()
        self.swf.sleep(5)
        return "texted" if self.swf.patched("texts") else "mailed"


class OnlyNew(pyflow.Workflow):
    """The same when no run is open that went the old way."""

    NAME = "Reminding"

    def run(self, value):
        self.swf.invoke_activity("text", "1").result()
        self.swf.sleep(5)
        return "texted"


def began_with_new(context):
    story = (
        HistoryBuilder()
        .turn()
        .decided(context)
        .add("MarkerRecorded", markerName="pyflow.patched.texts", decisionTaskCompletedEventId=4)
    )
    story.activity("activity1", "text").completed("activity1").turn().decided().timer("sleep1", 5)
    return story.fired("sleep1").turn()


def began_with_old(context):
    story = HistoryBuilder().turn().decided(context).activity("activity1", "mail")
    return story.completed("activity1").turn().decided().timer("sleep1", 5).fired("sleep1").turn()


def test_a_run_that_gets_there_first_with_the_new_code_says_yes_and_marks_it():
    assert replayed(New, began_with_new) == [
        [marker("pyflow.patched.texts"), activity_decision("activity1", "text")],
        [timer_decision("sleep1", "5")],
        [complete('"texted"')],
    ]


def test_a_run_that_was_there_with_the_old_code_says_no_for_good():
    for context in (None, STAMP):
        last = replay_every_turn(Old, began_with_old(context), polled=context is not None)[-1]
        assert last == [complete('"mailed"')]
        story = began_with_old(context)
        task = story.task("Reminding")
        decider = pyflow.Decider([New], "domain", "deciders", None, client=object())
        assert decider.process_decision_task(task).decisions == [complete('"mailed"')]


def test_a_patch_that_was_taken_away_is_passed_over_in_the_runs_that_marked_it():
    assert replayed_last(OnlyNew, began_with_new) == [complete('"texted"')]


def test_what_else_is_reordered_is_not_hidden_by_that():
    class Reordered(pyflow.Workflow):
        NAME = "Reminding"

        def run(self, value):
            self.swf.sleep(5)
            self.swf.invoke_activity("text", "1").result()

    with pytest.raises(pyflow.NonDeterminismException, match="event 6: ScheduleActivityTask text 1"):
        replayed_last(Reordered, began_with_new)


def replayed_last(workflow, story_of):
    """The last answer by code that did not write the story."""
    decider = pyflow.Decider([workflow], "domain", "deciders", None, client=object())
    last = [
        decider.process_decision_task(story_of(each).task("Reminding")).decisions for each in (None, STAMP)
    ]
    assert last[0] == last[1]
    return last[0]


class Moved(pyflow.Workflow):
    """The patch is asked for a turn later than it was recorded."""

    NAME = "Reminding"

    def run(self, value):
        self.swf.invoke_activity("text", "1").result()
        self.swf.sleep(5)
        return "texted" if self.swf.patched("texts") else "mailed"


def test_a_patch_that_is_asked_for_later_than_it_was_marked_is_remembered_and_not_marked_again():
    assert replayed_last(Moved, began_with_new) == [complete('"texted"')]


def test_a_patch_that_swf_refused_to_record_was_answered_yes_all_the_same():
    def story_of(context):
        story = (
            HistoryBuilder()
            .turn()
            .decided(context)
            .refused("RecordMarkerFailed", "OPERATION_NOT_PERMITTED", markerName="pyflow.patched.texts")
        )
        story.activity("activity1", "text").completed("activity1").turn().decided().timer("sleep1", 5)
        return story.fired("sleep1").turn()

    assert replayed(New, story_of)[-1] == [complete('"texted"')]


class Wide(pyflow.Workflow):
    """Marks more than one answer holds, before a patch and a version."""

    NAME = "Wide"

    def run(self, count):
        for number in range(count):
            self.swf.invoke_once(lambda number=number: number)
        patched, version = self.swf.patched("wide"), self.swf.version("wide", 1, 2)
        self.swf.invoke_activity("resize", "1").result()
        return [patched, version]


def first_part(count):
    """The first of several answers to the first turn; then its decider died."""
    story = HistoryBuilder(150).turn().decided(STAMP)
    for number in range(1, count + 1):
        story.marker(f"invoke_once{number}", {"succeeded": True, "result": number - 1})
    return story.timer("pyflow.split1", 0).fired("pyflow.split1").turn()


def test_what_was_not_sent_yet_of_a_split_answer_is_answered_as_by_the_decider_that_died():
    *_, second = replay_every_turn(Wide, first_part(99), polled=True)
    names = [each["recordMarkerDecisionAttributes"]["markerName"] for each in second[:-1]]
    assert names[-2:] == ["pyflow.patched.wide", "pyflow.version.wide"]
    assert [each["decisionType"] for each in second[-1:]] == ["ScheduleActivityTask"]


def test_a_part_of_an_answer_that_holds_more_than_markers_held_all_of_them():
    class Fan(pyflow.Workflow):
        NAME = "Fan"

        def run(self, count):
            futures = [self.swf.invoke_activity("resize", "1") for _ in range(count)]
            answer = [self.swf.patched("fan"), self.swf.version("fan", 0, 2)]
            self.swf.wait_for_all(futures)
            return answer

    story = HistoryBuilder(120).turn().decided(STAMP)
    for number in range(1, 100):
        story.activity(f"activity{number}")
    story.timer("pyflow.split1", 0).fired("pyflow.split1").turn()
    decider = pyflow.Decider([Fan], "domain", "deciders", None, client=object())
    rest = decider.process_decision_task(story.task("Fan")).decisions
    assert {each["decisionType"] for each in rest} == {"ScheduleActivityTask"}
    assert len(rest) == 21


class Shipping(pyflow.Workflow):
    NAME = "Shipping"
    LATEST, CHOOSE = 2, None

    def run(self, value):
        version = self.swf.version("ship", 0, self.LATEST, choose=self.CHOOSE)
        self.swf.invoke_activity("ship", str(version)).result()
        return self.swf.version("ship", 0, self.LATEST)


class FirstPhase(Shipping):
    CHOOSE = 1


def shipping(version, details):
    def story_of(context):
        story = HistoryBuilder().turn().decided(context)
        if details is not None:
            story.add(
                "MarkerRecorded",
                markerName="pyflow.version.ship",
                details=details,
                decisionTaskCompletedEventId=4,
            )
        return story.activity("activity1", "ship", version).completed("activity1").turn()

    return story_of


def test_a_new_run_takes_the_highest_version_and_marks_it():
    assert replayed(Shipping, shipping("2", "2")) == [
        [marker("pyflow.version.ship", "2"), activity_decision("activity1", "ship", "2")],
        [complete("2")],
    ]


def test_in_the_first_phase_of_a_deploy_new_runs_take_the_version_that_all_deciders_know():
    assert replayed(FirstPhase, shipping("1", "1")) == [
        [marker("pyflow.version.ship", "1"), activity_decision("activity1", "ship", "1")],
        [complete("1")],
    ]


def test_the_second_phase_goes_on_with_what_the_first_one_chose():
    decider = pyflow.Decider([Shipping], "domain", "deciders", None, client=object())
    task = shipping("1", "1")(STAMP).task("Shipping")
    assert decider.process_decision_task(task).decisions == [complete("1")]


def test_a_run_that_was_there_before_any_version_has_version_zero():
    decider = pyflow.Decider([Shipping], "domain", "deciders", None, client=object())
    for context in (None, STAMP):
        task = shipping("0", None)(context).task("Shipping")
        assert decider.process_decision_task(task).decisions == [complete("0")]


class Fresh(pyflow.Workflow):
    """Has dropped what it had before version 2."""

    NAME = "Shipping"

    def run(self, value):
        version = self.swf.version("ship", 2, 3)
        self.swf.invoke_activity("ship", str(version)).result()


@pytest.mark.parametrize(
    ("version", "details", "said"),
    [
        ("1", "1", "the run has version 1 of 'ship'"),
        ("0", None, r"the run has version 0 \(it got there before any\) of 'ship'"),
        ("7", "seven", "the run has version seven of 'ship'"),
    ],
)
def test_a_run_of_a_version_that_the_code_no_longer_has_is_not_decided(version, details, said):
    decider = pyflow.Decider([Fresh], "domain", "deciders", None, client=object())
    with pytest.raises(pyflow.NonDeterminismException, match=said) as caught:
        decider.process_decision_task(shipping(version, details)(STAMP).task("Shipping"))
    assert "test_versions.py:" in str(caught.value)
    assert "has 2 to 3: deploy code that has both" in str(caught.value)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda swf: swf.patched(""), "the id of a version has 1 to 241 characters, not ''"),
        (lambda swf: swf.version("x" * 242, 0, 1), "the id of a version has 1 to 241 characters"),
        (lambda swf: swf.version("x", 2, 1), "write 0 <= minimum <= choose <= maximum"),
        (lambda swf: swf.version("x", 0, 2, choose=3), "takes 0 to 2 with 3 chosen"),
    ],
)
def test_what_no_marker_can_say_is_refused_where_it_is_asked_for(call, said):
    class Wrong(pyflow.Workflow):
        NAME = "Wrong"

        def run(self, value):
            try:
                call(self.swf)
            except pyflow.InvocationException as error:
                raise pyflow.WorkflowFailedException("refused", str(error)) from None

    [[decision]] = replay_every_turn(Wrong, HistoryBuilder().turn())
    assert said in decision["failWorkflowExecutionDecisionAttributes"]["details"]
    assert decision["decisionType"] == fail("", "")["decisionType"]


def test_versions_of_a_workflow_type_stand_side_by_side_in_one_decider():
    class First(pyflow.Workflow):
        NAME = "Type"

        def run(self, value):
            return "first"

    class Second(pyflow.Workflow):
        NAME = "Type"
        VERSION = "2.0"

        def run(self, value):
            return "second"

    with house(First, Second) as it:
        assert [it.result(First), it.result(Second)] == ["first", "second"]


def test_two_classes_of_one_type_are_refused():
    said = "workflow classes Old and New are both Reminding 1.0: give one of them another VERSION"
    with pytest.raises(pyflow.PyflowException, match=said):
        pyflow.Decider([Old, Old, New], "domain", "deciders", None, client=object())


def test_runs_of_old_and_of_new_code_go_on_side_by_side_on_a_whole_swf():
    activities = {"mail": lambda value: None, "text": lambda value: None}
    with house(Old, activities=activities, max_resident_runs=0) as it:
        before = it.start(Old)
        it.decider.step()
        it.decider = pyflow.Decider([New], it.swf.domain, "deciders", "me", client=it.client)
        after = it.start(New)
        assert it.finish(after).result == '"texted"'
        assert it.finish(before).result == '"mailed"'
        it.decider = pyflow.Decider([OnlyNew], it.swf.domain, "deciders", "me", client=it.client)
        assert it.result(OnlyNew) == "texted"
