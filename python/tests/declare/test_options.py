"""The options of a step: what they become, and what is refused before the call."""

from __future__ import annotations

import pytest

import pyflow
from pyflow.declare.descriptors import Step
from pyflow.testing.story import HistoryBuilder, replay_every_turn


class Shop(pyflow.Workflow):
    NAME = "Shop"
    price = pyflow.LambdaDescriptor("price")
    charge = pyflow.ActivityDescriptor("charge", "1", timeout=30, task_list="cards")
    ship = pyflow.ChildWorkflowDescriptor("Ship", "1.0")
    asks = None

    def run(self, value):
        return type(self).asks(self)


def asked(ask):
    """The attributes of what a workflow asks for."""

    class Asks(Shop):
        asks = staticmethod(ask)

    [[decision]] = replay_every_turn(Asks, HistoryBuilder().turn())
    [attributes] = [value for key, value in decision.items() if key != "decisionType"]
    return attributes


def test_options_of_an_activity_are_laid_over_its_descriptors():
    def ask(self):
        self.charge.using(
            timeout="NONE",
            schedule_to_start_timeout=60,
            schedule_to_close_timeout=3600.0,
            heartbeat_timeout="20",
            priority=-7,
        )(amount=3).result()

    assert asked(ask) == {
        "activityId": "activity1",
        "activityType": {"name": "charge", "version": "1"},
        "input": '{"amount": 3}',
        "startToCloseTimeout": "NONE",
        "scheduleToStartTimeout": "60",
        "scheduleToCloseTimeout": "3600",
        "heartbeatTimeout": "20",
        "taskList": {"name": "cards"},
        "taskPriority": "-7",
    }


def test_options_of_a_child_are_all_that_swf_has():
    def ask(self):
        self.ship.using(
            workflow_id="parcel-7",
            tags=["blue", "green"],
            priority=3,
            child_policy="ABANDON",
            lambda_role="other",
            task_list="ships",
            execution_start_to_close_timeout=600,
            task_start_to_close_timeout=10,
        )().result()

    assert asked(ask) == {
        "workflowId": "parcel-7",
        "workflowType": {"name": "Ship", "version": "1.0"},
        "childPolicy": "ABANDON",
        "lambdaRole": "other",
        "taskList": {"name": "ships"},
        "executionStartToCloseTimeout": "600",
        "taskStartToCloseTimeout": "10",
        "tagList": ["blue", "green"],
        "taskPriority": "3",
    }


def test_a_child_with_an_id_of_its_own_takes_no_number():
    def ask(self):
        first = self.ship.using(workflow_id="parcel-7")()
        return first.workflow_id, self.ship().workflow_id.partition("-")[0]

    class Asks(Shop):
        asks = staticmethod(ask)

    [[_, _, close]] = replay_every_turn(Asks, HistoryBuilder().turn())
    assert close["completeWorkflowExecutionDecisionAttributes"] == {
        "result": '["parcel-7", "child_workflow1"]'
    }


def test_the_timeout_of_a_lambda_function_may_differ_from_call_to_call():
    attributes = asked(lambda self: self.price.using(timeout=900)("x").result())
    assert attributes == {"id": "lambda1", "name": "price", "input": '"x"', "startToCloseTimeout": "900"}


def test_options_may_be_given_in_turn_on_the_class_and_taken_back():
    policy = pyflow.RetryPolicy(3)
    slow = Shop.charge.using(timeout=600).using(retry=policy)
    assert slow == pyflow.ActivityDescriptor("charge", "1", timeout=600, task_list="cards", retry=policy)
    assert slow.using(retry=None, timeout=30) == Shop.charge


def test_what_a_workflow_calls_is_a_step():
    shop = Shop(None)
    assert isinstance(shop.charge, Step)
    assert isinstance(shop.charge.using(timeout=1), Step)
    assert repr(shop.charge) == "<step activity charge 1>"
    assert (shop.charge.name, shop.charge.using(timeout=1).name) == ("charge", "")


def refused(call):
    with pytest.raises(pyflow.InvocationException) as error:
        call()
    return str(error.value)


TEN_DIGITS = 10**9
WHOLE = "it must be whole seconds, 0 to 99999999, or 'NONE'"


@pytest.mark.parametrize(
    ("step", "options", "sentence"),
    [
        (
            "charge",
            {"tags": ["a"]},
            "activity charge 1 has no option tags: it takes timeout, task_list, retry, schedule_to_start_timeout,"
            " schedule_to_close_timeout, heartbeat_timeout, priority, envelope",
        ),
        (
            "price",
            {"task_list": "x"},
            "lambda function price has no option task_list: it takes timeout, retry",
        ),
        (
            "ship",
            {"timeout": 3},
            "child workflow Ship 1.0 has no option timeout: it takes child_policy, lambda_role, task_list,"
            " execution_start_to_close_timeout, retry, workflow_id, tags, priority, task_start_to_close_timeout",
        ),
        ("charge", {"timeout": 2.5}, f"timeout of activity charge 1 is 2.5: {WHOLE}"),
        ("charge", {"timeout": -1}, f"timeout of activity charge 1 is -1: {WHOLE}"),
        ("charge", {"timeout": True}, f"timeout of activity charge 1 is True: {WHOLE}"),
        ("charge", {"timeout": [1]}, f"timeout of activity charge 1 is [1]: {WHOLE}"),
        ("charge", {"timeout": float("inf")}, f"timeout of activity charge 1 is inf: {WHOLE}"),
        (
            "charge",
            {"heartbeat_timeout": TEN_DIGITS},
            f"heartbeat_timeout of activity charge 1 is 1000000000: {WHOLE}",
        ),
        (
            "charge",
            {"schedule_to_start_timeout": "soon"},
            f"schedule_to_start_timeout of activity charge 1 is 'soon': {WHOLE}",
        ),
        (
            "charge",
            {"priority": 2**31},
            "priority of activity charge 1 is 2147483648: it must be a whole number from -2147483648 to 2147483647",
        ),
        ("charge", {"task_list": "a:b"}, "task list of activity charge 1 is 'a:b': SWF takes no ':' there"),
        (
            "charge",
            {"task_list": "x" * 257},
            "task list of activity charge 1 is 257 characters: SWF takes 1 to 256",
        ),
        ("charge", {"retry": 3}, "retry of activity charge 1 is 3: it must be a RetryPolicy, or None"),
        (
            "price",
            {"timeout": 901},
            "timeout of lambda function price is 901: it must be whole seconds, 1 to 900",
        ),
        (
            "price",
            {"timeout": "NONE"},
            "timeout of lambda function price is 'NONE': it must be whole seconds, 1 to 900",
        ),
        ("ship", {"tags": ["a"] * 6}, "tags of child workflow Ship 1.0 are 6: SWF takes 5"),
        ("ship", {"tags": "blue"}, "tags of child workflow Ship 1.0 is 'blue': it must be a list of texts"),
        ("ship", {"tags": [7]}, "a tag of child workflow Ship 1.0 is 7: it must be text"),
        (
            "ship",
            {"tags": ["x" * 257]},
            "a tag of child workflow Ship 1.0 is 257 characters: SWF takes 0 to 256",
        ),
        (
            "ship",
            {"child_policy": "KILL"},
            "child_policy of child workflow Ship 1.0 is 'KILL': it must be one of TERMINATE, REQUEST_CANCEL, ABANDON",
        ),
        (
            "ship",
            {"lambda_role": ""},
            "lambda_role of child workflow Ship 1.0 is 0 characters: SWF takes 1 to 1600",
        ),
        (
            "ship",
            {"workflow_id": "a/b"},
            "workflow_id of child workflow Ship 1.0 is 'a/b': SWF takes no '/' there",
        ),
        (
            "ship",
            {"workflow_id": "x" * 241, "retry": pyflow.RetryPolicy(2)},
            "workflow_id of child workflow Ship 1.0 is 241 characters: SWF takes 1 to 240",
        ),
    ],
)
def test_an_option_that_swf_would_refuse_is_refused_in_a_sentence(step, options, sentence):
    assert refused(lambda: getattr(Shop(None), step).using(**options)) == sentence
    assert refused(lambda: getattr(Shop, step).using(**options)) == sentence


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda swf: swf.invoke_activity("a:b", "1"), "name of an activity is 'a:b': SWF takes no ':' there"),
        (lambda swf: swf.invoke_activity("a", 1), "version of activity a is 1: it must be text"),
        (
            lambda swf: swf.invoke_activity("a", "1" * 65),
            "version of activity a is 65 characters: SWF takes 1 to 64",
        ),
        (
            lambda swf: swf.invoke_activity("a", "1", timeout=1.5),
            f"timeout of activity a 1 is 1.5: {WHOLE}",
        ),
        (
            lambda swf: swf.invoke_lambda("x" * 65, None),
            f"name of lambda function {'x' * 65} is 65 characters: SWF takes 1 to 64",
        ),
        (
            lambda swf: swf.invoke_child_workflow("W", ""),
            "version of child workflow W is 0 characters: SWF takes 1 to 64",
        ),
        (
            lambda swf: swf.invoke_child_workflow("W", "1", retry="yes"),
            "retry of child workflow W 1 is 'yes': it must be a RetryPolicy, or None",
        ),
    ],
)
def test_a_call_that_swf_would_refuse_is_refused_in_a_sentence(call, sentence):
    class Calls(Shop):
        @staticmethod
        def asks(self):
            try:
                return call(self.swf)
            except pyflow.InvocationException as error:
                return str(error)

    [[close]] = replay_every_turn(Calls, HistoryBuilder().turn())
    assert close["completeWorkflowExecutionDecisionAttributes"]["result"] == pyflow.codec.encode(sentence)
