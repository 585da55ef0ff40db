"""The decorator: a plain function, a definition, a step of a workflow."""

from __future__ import annotations

from typing import Any

import pytest

import pyflow
from pyflow.declare.activity import activity


@activity(version="2.1", task_list="payments", start_to_close_timeout=30, heartbeat_timeout=10)
def charge(order: Any) -> Any:
    """Charges a card."""
    return {"charged": order}


@activity
def move(source: str, target: str) -> str:
    return f"{source}>{target}"


class Recorder:
    """Stands for `self.swf`."""

    def invoke_activity(self, *args: Any, **kwargs: Any) -> Any:
        return (args, kwargs)


class Shop:
    charge = charge
    move = move
    swf = Recorder()


def test_a_decorated_function_is_called_as_before():
    assert charge(7) == {"charged": 7}
    assert move("a", target="b") == "a>b"
    assert charge.__name__ == "charge"
    assert charge.__doc__ == "Charges a card."


def test_name_and_version_have_defaults():
    assert (move.name, move.version, move.task_list, move.heartbeat) == ("move", "1.0", None, "auto")
    assert str(charge) == "activity charge 2.1"


def test_a_workflow_schedules_it_with_one_value():
    assert Shop().charge({"id": 7}) == (
        ("charge", "2.1"),
        {"input_arg": {"id": 7}, "timeout": None, "task_list": "payments", "envelope": True},
    )


def test_a_workflow_schedules_it_with_keywords_as_one_object():
    assert Shop().move(source="a", target="b") == (
        ("move", "1.0"),
        {"input_arg": {"source": "a", "target": "b"}, "timeout": None, "task_list": None, "envelope": True},
    )


def test_a_workflow_schedules_it_with_nothing():
    assert Shop().move()[1]["input_arg"] is None


def test_several_positional_arguments_are_refused():
    with pytest.raises(pyflow.InvocationException, match=r"activity move 1.0 was called with 2 positional"):
        Shop().move("a", "b")


def test_on_the_class_it_is_itself():
    assert Shop.charge is charge


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"name": "a:b"}, "name of an activity is 'a:b': SWF takes no ':' there"),
        ({"name": ""}, "name of an activity is 0 characters: SWF takes 1 to 256"),
        ({"name": "arn"}, "name of an activity is 'arn': SWF keeps that word to itself"),
        ({"version": 1}, "version of activity f is 1: it must be text"),
        ({"version": "1" * 65}, "version of activity f is 65 characters: SWF takes 1 to 64"),
        ({"task_list": "a|b"}, "task list of activity f 1.0 is 'a|b': SWF takes no '|' there"),
        (
            {"heartbeat_timeout": 0.5},
            "heartbeat_timeout of activity f 1.0 is 0.5: it must be whole seconds, 0 to 99999999",
        ),
        (
            {"start_to_close_timeout": -1},
            "start_to_close_timeout of activity f 1.0 is -1: it must be whole seconds, 0 to 99999999",
        ),
        ({"heartbeat": "never"}, 'heartbeat of activity f 1.0 is \'never\': it must be "auto" or "manual"'),
    ],
)
def test_options_that_swf_would_refuse_are_refused_where_they_are_written(options, sentence):
    def f() -> None: ...

    with pytest.raises(pyflow.PyflowException) as refused:
        activity(**options)(f)
    assert str(refused.value) == sentence


def test_a_generator_is_refused():
    with pytest.raises(pyflow.PyflowException, match=r"activity rows 1.0 is a generator"):

        @activity
        def rows():
            yield 1


def test_a_signature_that_one_object_can_not_fill_is_refused():
    with pytest.raises(
        pyflow.PyflowException, match=r"activity f 1.0 has the positional-only parameter a among others"
    ):

        @activity
        def f(a, /, b): ...


def call(function: Any, value: Any) -> Any:
    """What the function returns for an input value."""
    definition = activity(function)
    bound = definition.arguments.bind(value)
    return definition(*bound.args, **bound.kwargs)


def test_one_parameter_takes_the_value_as_it_is_whatever_its_keys():
    def one(order: Any) -> Any:
        return order

    assert call(one, {"order": 1}) == {"order": 1}
    assert call(one, [1, 2]) == [1, 2]
    assert call(one, None) is None


def test_no_input_leaves_a_parameter_its_default():
    def one(order: Any = "none") -> Any:
        return order

    assert call(one, None) == "none"
    assert call(one, 0) == 0


def test_several_parameters_take_the_keys_of_an_object():
    def two(card: str, amount: int = 5) -> Any:
        return (card, amount)

    assert call(two, {"card": "visa"}) == ("visa", 5)
    assert call(two, {"amount": 7, "card": "visa"}) == ("visa", 7)


def test_a_keyword_only_parameter_takes_its_key():
    def one(*, seconds: float) -> Any:
        return seconds

    assert call(one, {"seconds": 2}) == 2


def test_open_keywords_take_every_key():
    assert call(lambda **given: given, {"a": 1, "b": 2}) == {"a": 1, "b": 2}
    assert call(lambda **given: given, None) == {}


@pytest.mark.parametrize(
    ("function", "value", "sentence"),
    [
        (lambda: None, 0, "activity <lambda> 1.0 takes no input, but was given a value of type int"),
        (
            lambda card, amount: None,
            "visa",
            "activity <lambda> 1.0 takes an object with the keys card, amount, but was given a value of type str",
        ),
        (
            lambda card, amount: None,
            {"card": "visa"},
            "activity <lambda> 1.0 takes an object with the keys card, amount: missing a required argument: 'amount'",
        ),
        (
            lambda *, card: None,
            {"card": "visa", "pin": 1},
            "activity <lambda> 1.0 takes an object with the keys card: got an unexpected keyword argument 'pin'",
        ),
        (
            lambda *, card: None,
            {1: "visa"},
            "activity <lambda> 1.0 takes an object with the keys card, but was given a value of type dict",
        ),
    ],
)
def test_input_that_does_not_fit_is_told_what_would(function, value, sentence):
    with pytest.raises(TypeError) as refused:
        call(function, value)
    assert str(refused.value) == sentence
