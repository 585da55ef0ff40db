"""Steps that are tried again: one story a test, replayed in every way."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest

import pyflow
from pyflow import codec
from pyflow.errors import Failure
from pyflow.testing.story import HistoryBuilder, replay_every_turn

THREE = pyflow.RetryPolicy(3, first=4, jitter=0)


def activity(own_id, **attributes):
    return {
        "decisionType": "ScheduleActivityTask",
        "scheduleActivityTaskDecisionAttributes": {
            "activityId": own_id,
            "activityType": {"name": "resize", "version": "1"},
            **attributes,
        },
    }


def timer(own_id, seconds):
    return {
        "decisionType": "StartTimer",
        "startTimerDecisionAttributes": {"startToFireTimeout": seconds, "timerId": own_id},
    }


def cancel_timer(own_id):
    return {"decisionType": "CancelTimer", "cancelTimerDecisionAttributes": {"timerId": own_id}}


def cancel_activity(own_id):
    return {
        "decisionType": "RequestCancelActivityTask",
        "requestCancelActivityTaskDecisionAttributes": {"activityId": own_id},
    }


def complete(value):
    return {
        "decisionType": "CompleteWorkflowExecution",
        "completeWorkflowExecutionDecisionAttributes": {"result": json.dumps(value)},
    }


def told(outcome):
    """What a workflow can tell of how a step ended."""
    try:
        return outcome()
    except pyflow.InvocationException as error:
        return [type(error).__name__, str(error), error.attempts]


def workflow(policy, **options):
    class Resize(pyflow.Workflow):
        NAME = "Resize"
        resize = pyflow.ActivityDescriptor("resize", "1", retry=policy, **options)

        def run(self, value):
            return told(self.resize(value).result)

    return Resize


def asked():
    return HistoryBuilder(7).turn().decided().activity("activity1")


def fail(story, own_id, failure):
    reason, details = codec.encode_failure(failure)
    return story.failed(own_id, reason, details)


def backed_off(story, number, then=True):
    """The timer before that attempt, and the attempt."""
    timer_id = f"activity1.backoff{number}"
    story.turn().decided().timer(timer_id).fired(timer_id).turn().decided()
    return story.activity(f"activity1.attempt{number}")


def test_a_failure_is_tried_again_after_a_timer():
    story = asked().failed("activity1", "Busy")
    story = backed_off(story, 2).completed("activity1.attempt2", "small").turn()
    assert replay_every_turn(workflow(THREE), story) == [
        [activity("activity1", input="7")],
        [timer("activity1.backoff2", "4")],
        [activity("activity1.attempt2", input="7")],
        [complete("small")],
    ]


def test_the_last_attempts_failure_is_the_steps_and_says_how_many_there_were():
    story = asked().failed("activity1", "Busy", "one")
    story = backed_off(story, 2).failed("activity1.attempt2", "Busy", "two")
    story = backed_off(story, 3).failed("activity1.attempt3", "Busy", "three").turn()
    decided = replay_every_turn(workflow(THREE), story)
    assert decided[1:] == [
        [timer("activity1.backoff2", "4")],
        [activity("activity1.attempt2", input="7")],
        [timer("activity1.backoff3", "8")],
        [activity("activity1.attempt3", input="7")],
        [complete(["InvocationFailedException", "Busy: three", 3])],
    ]


@pytest.mark.parametrize("timeout", ["START_TO_CLOSE", "HEARTBEAT"])
def test_an_attempt_that_stopped_is_tried_again(timeout):
    story = backed_off(asked().timed_out("activity1", timeout), 2)
    story = story.timed_out("activity1.attempt2", timeout)
    story = backed_off(story, 3).timed_out("activity1.attempt3", timeout).turn()
    assert replay_every_turn(workflow(THREE), story)[-1] == [
        complete(["InvocationTimedOutException", f"activity1.attempt3 timed out ({timeout})", 3])
    ]


@pytest.mark.parametrize("timeout", ["SCHEDULE_TO_START", "SCHEDULE_TO_CLOSE"])
def test_a_limit_of_the_whole_step_is_not_tried_again(timeout):
    story = asked().timed_out("activity1", timeout).turn()
    assert replay_every_turn(workflow(THREE), story)[-1] == [
        complete(["InvocationTimedOutException", f"activity1 timed out ({timeout})", 1])
    ]


def test_a_failure_that_is_no_use_to_try_again_is_the_last():
    story = fail(asked(), "activity1", Failure("CardDeclined", "no", non_retryable=True)).turn()
    [decision] = replay_every_turn(workflow(THREE), story)[-1]
    assert '"InvocationFailedException", "CardDeclined' in json.dumps(decision).replace('\\"', '"')


def test_the_next_attempt_waits_as_long_as_the_failure_says():
    story = fail(asked(), "activity1", Failure("Busy", retry_after=29.5)).turn()
    assert replay_every_turn(workflow(THREE), story)[-1] == [timer("activity1.backoff2", "30")]


def test_a_failure_can_be_told_by_its_type():
    policy = pyflow.RetryPolicy(3, on=["shop.*"], never_on=["shop.Declined"], jitter=0)
    again = replay_every_turn(workflow(policy), fail(asked(), "activity1", Failure("shop.Busy")).turn())
    last = replay_every_turn(workflow(policy), fail(asked(), "activity1", Failure("shop.Declined")).turn())
    assert again[-1] == [timer("activity1.backoff2", "1")]
    assert last[-1][0]["decisionType"] == "CompleteWorkflowExecution"


def test_no_wait_is_no_timer():
    story = asked().failed("activity1", "Busy").turn().decided().activity("activity1.attempt2")
    story.completed("activity1.attempt2", "small").turn()
    policy = pyflow.RetryPolicy(3, first=0)
    assert replay_every_turn(workflow(policy), story)[1:] == [
        [activity("activity1.attempt2", input="7")],
        [complete("small")],
    ]


def test_a_task_that_a_worker_hands_back_is_no_attempt():
    story = asked()
    for number in range(2, 12):
        before = "activity1" if number == 2 else f"activity1.attempt{number - 1}"
        fail(story, before, Failure("pyflow.WorkerShutdown")).turn().decided()
        story.activity(f"activity1.attempt{number}")
    fail(story, "activity1.attempt11", Failure("pyflow.WorkerShutdown", "bye")).turn()
    decided = replay_every_turn(workflow(pyflow.RetryPolicy(2, jitter=0, first=5)), story)
    assert decided[1:11] == [[activity(f"activity1.attempt{number}", input="7")] for number in range(2, 12)]
    assert decided[11] == [timer("activity1.backoff12", "5")]  # the eleventh counts as an attempt


def test_what_is_handed_back_is_not_asked_for_again_where_the_policy_does_not_want_it():
    policy = pyflow.RetryPolicy(3, never_on=["pyflow.WorkerShutdown"])
    story = fail(asked(), "activity1", Failure("pyflow.WorkerShutdown")).turn()
    assert replay_every_turn(workflow(policy), story)[-1][0]["decisionType"] == "CompleteWorkflowExecution"


def test_a_canceled_step_is_not_tried_again():
    story = asked().canceled("activity1").turn()
    assert replay_every_turn(workflow(THREE), story)[-1] == [complete(["InvocationCanceledException", "", 1])]


def test_what_swf_refuses_is_not_tried_again_unless_it_is_named():
    story = HistoryBuilder(7).turn().decided()
    cause = "ACTIVITY_TYPE_DOES_NOT_EXIST"
    story.refused(
        "ScheduleActivityTaskFailed",
        cause,
        activityId="activity1",
        activityType={"name": "resize", "version": "1"},
    )
    story.turn()
    assert replay_every_turn(workflow(THREE), story)[-1] == [
        complete(["InvocationFailedException", cause, 1])
    ]
    named = pyflow.RetryPolicy(3, on=[cause], jitter=0)
    assert replay_every_turn(workflow(named), story)[-1] == [timer("activity1.backoff2", "1")]


def test_a_result_that_cant_be_read_is_not_asked_for_again():
    story = asked().completed("activity1", raw="{").turn()
    assert replay_every_turn(workflow(THREE), story)[-1][0]["decisionType"] == "CompleteWorkflowExecution"


def test_no_attempt_begins_after_the_policy_has_expired():
    policy = pyflow.RetryPolicy(None, first=2, backoff=1, jitter=0, expires=5)
    story = asked().failed("activity1", "Busy")
    story = backed_off(story, 2).failed("activity1.attempt2", "Busy").turn()
    decided = replay_every_turn(workflow(policy), story)
    assert decided[1] == [timer("activity1.backoff2", "2")]  # asked for at 1 s, now 2 s, and so at 4 s
    assert decided[3] == [timer("activity1.backoff3", "2")]  # now 4 s, and so at 6 s: five after the first
    story = backed_off(asked().failed("activity1", "Busy"), 2)
    story._time += timedelta(seconds=1)
    story.failed("activity1.attempt2", "Busy").turn()
    assert replay_every_turn(workflow(policy), story)[3] == [
        complete(["InvocationFailedException", "Busy", 2])
    ]


def test_the_dice_are_the_runs_own():
    policy = pyflow.RetryPolicy(3, first=1000)

    def waits(run_id):
        [[_], [decision]] = replay_every_turn(
            workflow(policy), asked().failed("activity1", "Busy").turn(), run_id=run_id
        )
        return int(decision["startTimerDecisionAttributes"]["startToFireTimeout"])

    assert (waits("run"), waits("run"), waits("other")) == (976, 976, 1100)


# Cancels


class Impatient(pyflow.Workflow):
    """Cancels a step that has failed once, after a signal."""

    NAME = "Impatient"
    ON_CANCEL = "raise"
    resize = pyflow.ActivityDescriptor("resize", "1", retry=THREE)

    def run(self, value):
        step = self.resize(value)
        self.swf.signal("stop").result()
        step.cancel()
        assert step.done
        return told(step.result)


def backing_off():
    return asked().failed("activity1", "Busy").turn().decided().timer("activity1.backoff2")


def test_a_step_that_is_canceled_while_it_waits_is_done_at_once():
    story = backing_off().signaled("stop").turn()
    assert replay_every_turn(Impatient, story)[-1] == [
        cancel_timer("activity1.backoff2"),
        complete(["InvocationCanceledException", "", 1]),
    ]


def test_a_step_is_canceled_with_the_timer_that_was_not_sent():
    story = asked().failed("activity1", "Busy").signaled("stop").turn()
    assert replay_every_turn(Impatient, story)[-1] == [complete(["InvocationCanceledException", "", 1])]


def test_an_attempt_that_is_canceled_is_not_followed_by_another():
    story = backing_off().fired("activity1.backoff2").turn().decided().activity("activity1.attempt2")
    story.signaled("stop").turn().decided().cancel_asked("activity1.attempt2")

    class Patient(Impatient):
        def run(self, value):
            step = self.resize(value)
            self.swf.signal("stop").result()
            step.cancel()
            return told(step.result)

    story.failed("activity1.attempt2", "Busy").turn()
    decided = replay_every_turn(Patient, story)
    assert decided[-2] == [cancel_activity("activity1.attempt2")]
    assert decided[-1] == [complete(["InvocationFailedException", "Busy", 2])]


def test_a_cancel_of_the_run_reaches_a_step_that_waits():
    story = backing_off().cancel_requested().turn()

    class Told(Impatient):
        def run(self, value):
            step = self.resize(value)
            try:
                step.result()
            except pyflow.WorkflowCanceled:
                return told(step.result)

    assert replay_every_turn(Told, story)[-1] == [
        cancel_timer("activity1.backoff2"),
        complete(["InvocationCanceledException", "", 1]),
    ]


def test_a_limit_of_time_reaches_a_step_that_waits():
    class Limited(Impatient):
        def run(self, value):
            try:
                with self.swf.timeout(60):
                    return self.resize(value).result()
            except pyflow.WaitTimedOutException:
                return "late"

    story = HistoryBuilder(7).turn().decided().timer("timeout1").activity("activity1")
    story.failed("activity1", "Busy").turn().decided().timer("activity1.backoff2").fired("timeout1").turn()
    assert replay_every_turn(Limited, story)[-1] == [cancel_timer("activity1.backoff2"), complete("late")]


def test_a_shielded_step_goes_on_through_a_cancel():
    class Shielded(Impatient):
        def run(self, value):
            with self.swf.shielded():
                return told(self.resize(value).result)

    story = backing_off().cancel_requested().turn().decided().fired("activity1.backoff2").turn()
    assert replay_every_turn(Shielded, story)[-2:] == [[], [activity("activity1.attempt2", input="7")]]


def test_a_run_that_ends_tries_nothing_again():
    class Quick(Impatient):
        def run(self, value):
            self.resize(value)
            self.swf.signal("stop").result()

    story = asked().signaled("stop").turn().decided()
    story.refused("CompleteWorkflowExecutionFailed", "UNHANDLED_DECISION").failed("activity1", "Busy").turn()
    assert replay_every_turn(Quick, story)[-1] == [complete(None)]
    story = backing_off().signaled("stop").turn().decided()
    story.refused("CompleteWorkflowExecutionFailed", "UNHANDLED_DECISION").fired("activity1.backoff2").turn()
    assert replay_every_turn(Quick, story)[-1] == [complete(None)]


def test_a_timer_that_swf_refuses_leaves_the_failure_that_it_followed():
    story = asked().failed("activity1", "Busy").turn().decided()
    story.refused("StartTimerFailed", "TIMER_ID_ALREADY_IN_USE", timerId="activity1.backoff2").turn()
    assert replay_every_turn(workflow(THREE), story)[-1] == [
        complete(["InvocationFailedException", "Busy", 1])
    ]


def test_two_steps_wait_each_for_itself():
    class Two(pyflow.Workflow):
        NAME = "Two"
        resize = pyflow.ActivityDescriptor("resize", "1", retry=THREE)

        def run(self, value):
            return self.swf.map(self.resize, [1, 2])

    story = HistoryBuilder().turn().decided()
    story.activity("map1.1.activity1").activity("map1.2.activity1")
    story.failed("map1.2.activity1", "Busy").completed("map1.1.activity1", "a").turn().decided()
    story.timer("map1.2.activity1.backoff2").fired("map1.2.activity1.backoff2").turn().decided()
    story.activity("map1.2.activity1.attempt2").completed("map1.2.activity1.attempt2", "b").turn()
    assert replay_every_turn(Two, story) == [
        [activity("map1.1.activity1", input="1"), activity("map1.2.activity1", input="2")],
        [timer("map1.2.activity1.backoff2", "4")],
        [activity("map1.2.activity1.attempt2", input="2")],
        [complete(["a", "b"])],
    ]


# Headers


def headers(decision):
    payload = codec.read(decision["scheduleActivityTaskDecisionAttributes"]["input"])
    return payload.value, payload.headers


def test_a_worker_that_speaks_the_contract_is_told_of_its_attempt_and_the_last_heartbeat():
    story = asked().timed_out("activity1", "HEARTBEAT", details='{"row": 40}')
    story = backed_off(story, 2).failed("activity1.attempt2", "Busy")
    story = backed_off(story, 3).completed("activity1.attempt3", "small").turn()
    policy = pyflow.RetryPolicy(3, jitter=0)
    enveloped = workflow(policy, envelope=True, heartbeat_timeout=10, timeout=60)
    decided = replay_every_turn(enveloped, story)
    timeouts = {"heartbeat_timeout": 10, "start_to_close_timeout": 60}
    assert headers(decided[0][0]) == (7, {"attempt": 1, **timeouts})
    assert headers(decided[2][0]) == (7, {"attempt": 2, **timeouts, "last_heartbeat": {"row": 40}})
    assert headers(decided[4][0]) == (7, {"attempt": 3, **timeouts, "last_heartbeat": {"row": 40}})


def test_a_heartbeat_that_is_no_payload_is_told_as_its_text():
    story = backed_off(asked().timed_out("activity1", "HEARTBEAT", details="row 40"), 2)
    story.completed("activity1.attempt2", "small").turn()
    decided = replay_every_turn(workflow(THREE, envelope=True, timeout="NONE"), story)
    assert headers(decided[2][0]) == (7, {"attempt": 2, "last_heartbeat": "row 40"})


def test_a_heartbeat_that_does_not_fit_is_left_out(caplog):
    details = codec.encode({"rows": "x" * 5_000})
    story = backed_off(asked().timed_out("activity1", "HEARTBEAT", details=details), 2)
    story.completed("activity1.attempt2", "small").turn()
    decided = replay_every_turn(workflow(THREE, envelope=True), story)
    assert headers(decided[2][0]) == (7, {"attempt": 2})
    assert "attempt 2 is not told of the last heartbeat: headers of input of activity1" in caplog.text


# Lambda functions and children


def test_a_function_with_a_policy_is_tried_again_by_it_alone():
    class Price(pyflow.Workflow):
        NAME = "Price"
        price = pyflow.LambdaDescriptor("price", retry=pyflow.RetryPolicy(2, jitter=0))

        def run(self, value):
            return told(self.price(value).result)

    def function(own_id):
        return {
            "decisionType": "ScheduleLambdaFunction",
            "scheduleLambdaFunctionDecisionAttributes": {"id": own_id, "name": "price", "input": "7"},
        }

    story = HistoryBuilder(7).turn().decided().lambda_function("lambda1", "price")
    story.failed("lambda1", "ServiceException").turn().decided().timer("lambda1.backoff2")
    story.fired("lambda1.backoff2").turn().decided().lambda_function("lambda1.attempt2", "price")
    story.failed("lambda1.attempt2", "UnhandledError").turn()
    assert replay_every_turn(Price, story) == [
        [function("lambda1")],
        [timer("lambda1.backoff2", "1")],
        [function("lambda1.attempt2")],
        [complete(["InvocationFailedException", "UnhandledError", 2])],
    ]


class Parent(pyflow.Workflow):
    NAME = "Parent"
    ship = pyflow.ChildWorkflowDescriptor("Ship", "1.0", workflow_id="parcel", retry=THREE)

    def run(self, value):
        child = self.ship(value)
        child.started.result()
        first = child.workflow_id
        return [first, told(child.result), child.workflow_id, child.invocation_id]


def child(own_id):
    return {
        "decisionType": "StartChildWorkflowExecution",
        "startChildWorkflowExecutionDecisionAttributes": {
            "workflowId": own_id,
            "workflowType": {"name": "Ship", "version": "1.0"},
            "input": "7",
            "lambdaRole": "role",
        },
    }


def child_started(story, own_id):
    return story.add(
        "ChildWorkflowExecutionStarted",
        workflowExecution={"workflowId": own_id, "runId": f"run of {own_id}"},
        initiatedEventId=story._origins[own_id][1],
    )


def test_each_attempt_at_a_child_has_a_workflow_id_of_its_own():
    story = HistoryBuilder(7).turn().decided().child("parcel", "Ship")
    child_started(story, "parcel").failed("parcel", "Busy").turn().decided().timer("parcel.backoff2")
    story.fired("parcel.backoff2").turn().decided().child("parcel.attempt2", "Ship")
    child_started(story, "parcel.attempt2").completed("parcel.attempt2", "sent").turn()
    assert replay_every_turn(Parent, story) == [
        [child("parcel")],
        [timer("parcel.backoff2", "4")],
        [child("parcel.attempt2")],
        [complete(["parcel", "sent", "parcel.attempt2", "parcel"])],
    ]


def test_a_child_that_could_not_be_started_is_started_by_a_later_attempt():
    class Again(Parent):
        ship = Parent.ship.using(retry=pyflow.RetryPolicy(2, on=["WORKFLOW_ALREADY_RUNNING"], jitter=0))

    story = HistoryBuilder(7).turn().decided()
    story.refused(
        "StartChildWorkflowExecutionFailed",
        "WORKFLOW_ALREADY_RUNNING",
        workflowId="parcel",
        workflowType={"name": "Ship", "version": "1.0"},
    )
    story.turn().decided().timer("parcel.backoff2").fired("parcel.backoff2").turn().decided()
    child_started(story.child("parcel.attempt2", "Ship"), "parcel.attempt2")
    story.completed("parcel.attempt2", "sent").turn()
    assert replay_every_turn(Again, story)[-1] == [
        complete(["parcel.attempt2", "sent", "parcel.attempt2", "parcel"])
    ]


def test_a_child_that_is_canceled_before_it_starts_again_is_known_not_to_have_started():
    class Impatient(Parent):
        ship = Parent.ship.using(retry=pyflow.RetryPolicy(2, on=["WORKFLOW_ALREADY_RUNNING"], jitter=0))

        def run(self, value):
            child = self.ship(value)
            self.swf.signal("stop").result()
            child.cancel()
            return [told(child.started.result), told(child.result)]

    story = HistoryBuilder(7).turn().decided()
    story.refused(
        "StartChildWorkflowExecutionFailed",
        "WORKFLOW_ALREADY_RUNNING",
        workflowId="parcel",
        workflowType={"name": "Ship", "version": "1.0"},
    )
    story.turn().decided().timer("parcel.backoff2").signaled("stop").turn()
    canceled = ["InvocationCanceledException", "", 1]
    assert replay_every_turn(Impatient, story)[-1] == [
        cancel_timer("parcel.backoff2"),
        complete([canceled, canceled]),
    ]


def test_a_child_that_somebody_terminated_is_not_started_again():
    story = HistoryBuilder(7).turn().decided().child("parcel", "Ship")
    child_started(story, "parcel")
    story._closed("parcel", "Terminated")
    assert replay_every_turn(Parent, story.turn())[-1] == [
        complete(
            ["parcel", ["InvocationFailedException", "Child workflow was terminated", 1], "parcel", "parcel"]
        )
    ]


def test_the_ids_that_the_old_library_gave_its_children_are_taken_over_by_attempts_too():
    class Two(Parent):
        ship = pyflow.ChildWorkflowDescriptor("Ship", "1.0", retry=pyflow.RetryPolicy(2, first=0))

        def run(self, value):
            first = self.ship(value)
            first_told = told(first.result)
            return [first_told, self.ship(value).result()]

    story = HistoryBuilder(7).turn().decided().child("child_workflow1", "Ship")
    story.failed("child_workflow1", "Busy").turn().decided().child("child_workflow1.attempt2", "Ship")
    story.failed("child_workflow1.attempt2", "Busy").turn().decided().child("child_workflow2", "Ship")
    story.completed("child_workflow2", "sent").turn()
    decided = replay_every_turn(Two, story)
    assert decided[1] == [child("child_workflow1.attempt2")]
    assert decided[-1] == [complete([["InvocationFailedException", "Busy", 2], "sent"])]


def test_what_is_tried_again_is_logged_once(caplog):
    decider = pyflow.Decider([workflow(THREE)], "domain", "deciders", None, client=object())
    story = asked().failed("activity1", "Busy", "later").turn()
    with caplog.at_level(logging.INFO, "pyflow"):
        decider.process_decision_task(story.task("Resize"))
        story.decided().timer("activity1.backoff2").fired("activity1.backoff2").turn()
        decider.process_decision_task(story.task("Resize"))
    assert [record.getMessage() for record in caplog.records] == [
        "activity1 failed (Busy): attempt 2 follows"
    ]
