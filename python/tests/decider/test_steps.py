"""What a workflow asks for, and what it makes of the answers: one story a test, replayed in every way."""

from __future__ import annotations

import pytest

import pyflow
from pyflow.testing.story import HistoryBuilder, replay_every_turn


def activity_decision(own_id, name="resize", version="1", **attributes):
    return {
        "decisionType": "ScheduleActivityTask",
        "scheduleActivityTaskDecisionAttributes": {
            "activityId": own_id,
            "activityType": {"name": name, "version": version},
            **attributes,
        },
    }


def lambda_decision(own_id, name, **attributes):
    return {
        "decisionType": "ScheduleLambdaFunction",
        "scheduleLambdaFunctionDecisionAttributes": {"id": own_id, "name": name, **attributes},
    }


def cancel_activity(own_id):
    return {
        "decisionType": "RequestCancelActivityTask",
        "requestCancelActivityTaskDecisionAttributes": {"activityId": own_id},
    }


def timer_decision(own_id, seconds):
    return {
        "decisionType": "StartTimer",
        "startTimerDecisionAttributes": {"startToFireTimeout": seconds, "timerId": own_id},
    }


def complete(result):
    return {
        "decisionType": "CompleteWorkflowExecution",
        "completeWorkflowExecutionDecisionAttributes": {"result": result},
    }


def fail(reason, details):
    return {
        "decisionType": "FailWorkflowExecution",
        "failWorkflowExecutionDecisionAttributes": {"reason": reason, "details": details},
    }


class Seed(pyflow.Workflow):
    NAME = "Seed"
    some_func = pyflow.LambdaDescriptor("some_lambda_func")
    other_func = pyflow.LambdaDescriptor("other_lambda_func", timeout=30)

    def run(self, input_arg):
        if input_arg == "bad_input":
            raise pyflow.WorkflowFailedException("BAD_INPUT", "Received bad input")
        future1 = self.some_func(input_arg)
        x = future1.result() + 2
        future2 = self.other_func(x)
        return future2.result()


def test_the_seed_documents_workflow_calls_two_functions_one_after_the_other():
    story = HistoryBuilder("Hello").turn().decided().lambda_function("lambda1", "some_lambda_func")
    story.completed("lambda1", 40).turn().decided().lambda_function("lambda2", "other_lambda_func")
    story.completed("lambda2", "done").turn()
    assert replay_every_turn(Seed, story) == [
        [lambda_decision("lambda1", "some_lambda_func", input='"Hello"')],
        [lambda_decision("lambda2", "other_lambda_func", input="42", startToCloseTimeout="30")],
        [complete('"done"')],
    ]


def test_a_workflow_can_fail_its_run_with_a_reason_and_details():
    assert replay_every_turn(Seed, HistoryBuilder("bad_input").turn()) == [
        [fail("BAD_INPUT", "Received bad input")]
    ]


def test_input_that_is_not_json_fails_the_run():
    [[decision]] = replay_every_turn(Seed, HistoryBuilder(raw_input="{").turn())
    assert decision["failWorkflowExecutionDecisionAttributes"]["reason"] == "Invalid input to workflow"


def test_any_other_exception_fails_the_run_with_its_traceback():
    class Broken(pyflow.Workflow):
        NAME = "Broken"

        def run(self, value):
            raise ValueError("no such order")

    [[decision]] = replay_every_turn(Broken, HistoryBuilder().turn())
    attributes = decision["failWorkflowExecutionDecisionAttributes"]
    assert attributes["reason"] == "Caught exception while executing workflow ('Broken', '1.0')"
    assert attributes["details"].endswith("ValueError: no such order\n")


def test_a_result_that_cant_be_encoded_fails_the_run():
    class Odd(pyflow.Workflow):
        NAME = "Odd"

        def run(self, value):
            return {1, 2}

    [[decision]] = replay_every_turn(Odd, HistoryBuilder().turn())
    assert decision["failWorkflowExecutionDecisionAttributes"]["reason"] == (
        "Caught exception while processing workflow result for workflow ('Odd', '1.0')"
    )


def test_no_result_is_null():
    class Nothing(pyflow.Workflow):
        NAME = "Nothing"

        def run(self, value):
            pass

    assert replay_every_turn(Nothing, HistoryBuilder().turn()) == [[complete("null")]]


class Resize(pyflow.Workflow):
    NAME = "Resize"
    resize = pyflow.ActivityDescriptor("resize", "1")

    def run(self, value):
        try:
            return self.resize(value).result()
        except pyflow.InvocationException as error:
            return [type(error).__name__, error.reason, error.details]


def resized():
    return HistoryBuilder(7).turn().decided().activity("activity1")


def test_an_activity_that_times_out_raises_with_the_kind_of_timeout():
    story = resized().timed_out("activity1", "HEARTBEAT", details='{"beats": 3}').turn()
    assert replay_every_turn(Resize, story)[-1] == [
        complete('["InvocationTimedOutException", "activity1 timed out (HEARTBEAT)", "{\\"beats\\": 3}"]')
    ]


def test_an_activity_that_was_canceled_raises_with_its_details():
    story = resized().canceled("activity1", '"half done"').turn()
    assert replay_every_turn(Resize, story)[-1] == [
        complete('["InvocationCanceledException", null, "\\"half done\\""]')
    ]


def test_an_activity_of_an_unknown_type_fails_with_swfs_cause():
    story = HistoryBuilder(7).turn().decided()
    story.refused(
        "ScheduleActivityTaskFailed",
        "ACTIVITY_TYPE_DOES_NOT_EXIST",
        activityId="activity1",
        activityType={"name": "resize", "version": "1"},
    ).turn()
    assert replay_every_turn(Resize, story) == [
        [activity_decision("activity1", input="7")],
        [complete('["InvocationFailedException", "ACTIVITY_TYPE_DOES_NOT_EXIST", null]')],
    ]


def test_a_result_that_is_no_payload_fails_only_its_own_future():
    class Two(pyflow.Workflow):
        NAME = "Two"

        def run(self, value):
            bad = self.swf.invoke_lambda("bad", None)
            good = self.swf.invoke_activity("resize", "1")
            self.swf.wait_for_all(bad, good)
            return [bad.failed, bad.exception.reason, good.result()]

    story = HistoryBuilder().turn().decided().lambda_function("lambda1", "bad").activity("activity1")
    story.completed("lambda1", raw="not json").completed("activity1", 5).turn()
    assert replay_every_turn(Two, story)[-1] == [complete('[true, "Decoding result failed", 5]')]


def test_a_typed_failure_is_read_from_its_document():
    class Charge(pyflow.Workflow):
        NAME = "Charge"

        def run(self, value):
            try:
                self.swf.invoke_activity("charge", "1").result()
            except pyflow.InvocationFailedException as error:
                return [error.type, error.message, error.data, error.non_retryable]

    document = (
        '{"$pyflow":1,"failure":{"type":"CardDeclined","message":"card declined","language":"ruby",'
        '"non_retryable":true,"details":{"code":7}}}'
    )
    story = HistoryBuilder().turn().decided().activity("activity1", "charge")
    story.failed("activity1", "CardDeclined", document).turn()
    assert replay_every_turn(Charge, story)[-1] == [
        complete('["CardDeclined", "card declined", {"code": 7}, true]')
    ]


def test_options_and_keywords_become_attributes_and_input():
    class Options(pyflow.Workflow):
        NAME = "Options"
        plain = pyflow.ActivityDescriptor("plain", "1")
        tuned = pyflow.ActivityDescriptor("tuned", "2", timeout=9, task_list="fast")

        def run(self, value):
            self.plain()
            self.tuned(width=3, height=4)
            self.swf.sleep(0)

    assert replay_every_turn(Options, HistoryBuilder().turn()) == [
        [
            activity_decision("activity1", "plain"),
            activity_decision(
                "activity2",
                "tuned",
                "2",
                input='{"width": 3, "height": 4}',
                startToCloseTimeout="9",
                taskList={"name": "fast"},
            ),
            timer_decision("sleep1", "0"),
        ]
    ]


def test_a_descriptor_refuses_what_is_not_one_value():
    class Wrong(pyflow.Workflow):
        NAME = "Wrong"
        plain = pyflow.ActivityDescriptor("plain", "1")

        def run(self, value):
            try:
                self.plain(1, 2)
            except pyflow.InvocationException as error:
                return str(error)

    [[decision]] = replay_every_turn(Wrong, HistoryBuilder().turn())
    assert "activity plain 1 was called with 2 positional and 0 keyword arguments" in str(decision)


def test_an_input_too_long_for_swf_is_refused_where_it_is_asked_for():
    class Long(pyflow.Workflow):
        NAME = "Long"

        def run(self, value):
            import random

            noise = random.Random(7).randbytes(40_000).hex()
            try:
                self.swf.invoke_activity("resize", "2.0", noise)
            except pyflow.PayloadTooLarge as error:
                return str(error)

    [[decision]] = replay_every_turn(Long, HistoryBuilder().turn())
    assert "input of activity1 (resize 2.0)" in str(decision)


def test_a_child_workflow_gets_an_id_of_its_run_and_the_parents_role():
    class Parent(pyflow.Workflow):
        NAME = "Parent"
        ship = pyflow.ChildWorkflowDescriptor("Ship", "1.0", child_policy="ABANDON", task_list="ships")

        def run(self, value):
            return self.ship({"to": "Oslo"}).result()

    story = HistoryBuilder(lambda_role="arn:role").turn()
    [[decision]] = replay_every_turn(Parent, story)
    assert decision == {
        "decisionType": "StartChildWorkflowExecution",
        "startChildWorkflowExecutionDecisionAttributes": {
            "workflowId": "child_workflow1-acba25512100f80b",
            "workflowType": {"name": "Ship", "version": "1.0"},
            "input": '{"to": "Oslo"}',
            "childPolicy": "ABANDON",
            "lambdaRole": "arn:role",
            "taskList": {"name": "ships"},
        },
    }


@pytest.mark.parametrize("own_id", ["child_workflow1", "child_workflow1-acba25512100f80b"])
def test_the_recorded_id_of_a_child_is_taken_over(own_id):
    class Parent(pyflow.Workflow):
        NAME = "Parent"

        def run(self, value):
            child = self.swf.invoke_child_workflow("Ship", "1.0")
            return [child.result(), child.invocation_id]

    story = HistoryBuilder().turn().decided().child(own_id, "Ship").completed(own_id, "sent").turn()
    assert replay_every_turn(Parent, story)[-1] == [complete(f'["sent", "{own_id}"]')]


def test_a_child_that_was_terminated_says_so():
    class Parent(pyflow.Workflow):
        NAME = "Parent"

        def run(self, value):
            try:
                self.swf.invoke_child_workflow("Ship", "1.0").result()
            except pyflow.InvocationFailedException as error:
                return error.reason

    story = HistoryBuilder().turn().decided().child("child_workflow1", "Ship")
    story.add("ChildWorkflowExecutionTerminated", initiatedEventId=5).turn()
    assert replay_every_turn(Parent, story)[-1] == [complete('"Child workflow was terminated"')]


def test_a_lambda_function_that_the_service_failed_is_asked_for_again_five_times():
    class Call(pyflow.Workflow):
        NAME = "Call"

        def run(self, value):
            try:
                return self.swf.invoke_lambda("price", 1).result()
            except pyflow.InvocationFailedException as error:
                return error.reason

    story = HistoryBuilder().turn()
    for _ in range(6):
        story.decided().lambda_function("lambda1", "price").failed(
            "lambda1", "ServiceException", "busy"
        ).turn()
    again = [lambda_decision("lambda1", "price", input="1")]
    assert replay_every_turn(Call, story) == [again] * 6 + [[complete('"ServiceException"')]]


def test_a_lambda_function_that_raised_is_not_asked_for_again():
    class Call(pyflow.Workflow):
        NAME = "Call"

        def run(self, value):
            try:
                self.swf.invoke_lambda("price", 1).result()
            except pyflow.InvocationFailedException as error:
                return str(error)

    story = HistoryBuilder().turn().decided().lambda_function("lambda1", "price")
    story.failed("lambda1", "UnhandledError", '{"errorMessage": "no"}').turn()
    assert replay_every_turn(Call, story)[-1] == [
        complete('"UnhandledError: {\\"errorMessage\\": \\"no\\"}"')
    ]


def test_a_signal_that_nobody_reads_changes_nothing():
    story = resized().signaled("hello").turn().decided().completed("activity1", 8).turn()
    assert replay_every_turn(Resize, story) == [
        [activity_decision("activity1", input="7")],
        [],
        [complete("8")],
    ]


def test_news_of_a_decision_in_the_making_belongs_to_the_next_turn():
    class Two(pyflow.Workflow):
        NAME = "Two"

        def run(self, value):
            first, second = self.swf.invoke_activity("resize", "1"), self.swf.invoke_activity("resize", "1")
            first.result()
            seen = second.done
            return [seen, second.result()]

    story = HistoryBuilder().turn().decided().activity("activity1").activity("activity2")
    story.completed("activity1", 1).turn().completed("activity2", 2).decided().turn()
    assert replay_every_turn(Two, story)[1:] == [[], [complete("[false, 2]")]]


def test_a_decision_task_that_timed_out_leaves_no_turn():
    story = HistoryBuilder(7).turn().turn_timed_out().turn().decided().activity("activity1")
    story.completed("activity1", 8).turn().turn_timed_out().turn()
    assert replay_every_turn(Resize, story) == [[activity_decision("activity1", input="7")], [complete("8")]]
