"""When a step is tried again, and after how long: the policy alone, as tables."""

from __future__ import annotations

import pytest

import pyflow
from pyflow.errors import Failure

DECLINED = Failure("CardDeclined")
BUSY = Failure("shop.Busy")
HOPELESS = Failure("shop.Busy", non_retryable=True)


@pytest.mark.parametrize(
    ("options", "failure", "final", "again"),
    [
        ({}, DECLINED, False, True),
        ({}, HOPELESS, False, False),
        ({}, Failure("ACTIVITY_TYPE_DOES_NOT_EXIST"), True, False),
        ({"on": ["ACTIVITY_TYPE_DOES_NOT_EXIST"]}, Failure("ACTIVITY_TYPE_DOES_NOT_EXIST"), True, True),
        ({"on": ["shop.Busy"]}, BUSY, False, True),
        ({"on": ["shop.Busy"]}, HOPELESS, False, False),
        ({"on": ["shop.Busy"]}, DECLINED, False, False),
        ({"on": ["shop"]}, BUSY, False, False),
        ({"on": ["shop.*"]}, BUSY, False, True),
        ({"on": ["*"]}, DECLINED, True, True),
        ({"on": []}, BUSY, False, False),
        ({"never_on": ["CardDeclined"]}, DECLINED, False, False),
        ({"never_on": ["CardDeclined"]}, BUSY, False, True),
        ({"never_on": ["shop.*"], "on": ["shop.Busy"]}, BUSY, False, False),
        ({"never_on": ["carddeclined"]}, DECLINED, False, True),
    ],
)
def test_which_failures_are_tried_again(options, failure, final, again):
    assert pyflow.RetryPolicy(3, **options).after_failure(failure, final=final) is again


@pytest.mark.parametrize(
    ("options", "timeout", "again"),
    [
        ({}, "START_TO_CLOSE", True),
        ({}, "HEARTBEAT", True),
        ({}, "SCHEDULE_TO_START", False),
        ({}, "SCHEDULE_TO_CLOSE", False),
        ({}, None, False),
        ({"timeouts": ["SCHEDULE_TO_START"]}, "SCHEDULE_TO_START", True),
        ({"timeouts": ["SCHEDULE_TO_START"]}, "HEARTBEAT", False),
        ({"timeouts": ()}, "START_TO_CLOSE", False),
    ],
)
def test_which_timeouts_are_tried_again(options, timeout, again):
    assert pyflow.RetryPolicy(3, **options).after_timeout(timeout) is again


@pytest.mark.parametrize(
    ("options", "made", "throw", "at_least", "seconds"),
    [
        ({"jitter": 0}, 1, 0.5, None, 1),
        ({"jitter": 0}, 2, 0.5, None, 2),
        ({"jitter": 0}, 5, 0.5, None, 16),
        ({"jitter": 0}, 13, 0.5, None, 3_600),
        ({"jitter": 0}, 5_000, 0.5, None, 3_600),
        ({"jitter": 0, "first": 0}, 5_000, 0.5, None, 0),
        ({"jitter": 0, "first": 0.2}, 1, 0.5, None, 1),
        ({"jitter": 0, "first": 3, "backoff": 1}, 9, 0.5, None, 3),
        ({"jitter": 0, "first": 1.1, "backoff": 10}, 2, 0.5, None, 11),
        ({"jitter": 0, "maximum": 2.5}, 4, 0.5, None, 3),
        ({"first": 100}, 1, 0.0, None, 90),
        ({"first": 100}, 1, 0.5, None, 100),
        ({"first": 100}, 1, 0.999, None, 110),
        ({"first": 100, "jitter": 1}, 1, 0.0, None, 0),
        ({"jitter": 0}, 1, 0.5, 30.5, 31),
        ({"jitter": 0, "first": 60}, 1, 0.5, 30, 60),
        ({"jitter": 0}, 1, 0.5, 1e30, 99_999_999),
        ({"jitter": 0}, 1, 0.5, float("inf"), 99_999_999),
    ],
)
def test_how_long_it_waits(options, made, throw, at_least, seconds):
    assert pyflow.RetryPolicy(100, **options).wait(made, throw, at_least) == seconds


def test_attempts_are_counted_in_total_and_time_from_the_first():
    policy = pyflow.RetryPolicy(3, expires=60)
    assert [policy.allows(made) for made in (1, 2, 3)] == [True, True, False]
    assert [policy.in_time(seconds) for seconds in (0, 60, 61)] == [True, True, False]
    assert pyflow.RetryPolicy(None, expires=60).allows(1_000_000)
    assert pyflow.RetryPolicy(3).in_time(1e9)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"attempts": 0},
            "attempts of a RetryPolicy is 0: it must be a whole number from 1, or None with expires",
        ),
        (
            {"attempts": True},
            "attempts of a RetryPolicy is True: it must be a whole number from 1, or None with expires",
        ),
        (
            {"attempts": 2.5},
            "attempts of a RetryPolicy is 2.5: it must be a whole number from 1, or None with expires",
        ),
        ({"attempts": None}, "a RetryPolicy with attempts=None has no expires: say when to give up"),
        ({"first": -1}, "first of a RetryPolicy is -1: it must be a number from 0 to 99999999"),
        ({"first": "5"}, "first of a RetryPolicy is '5': it must be a number from 0 to 99999999"),
        ({"backoff": 0.5}, "backoff of a RetryPolicy is 0.5: it must be a number from 1 to 1000"),
        (
            {"maximum": float("nan")},
            "maximum of a RetryPolicy is nan: it must be a number from 0 to 99999999",
        ),
        ({"jitter": 1.5}, "jitter of a RetryPolicy is 1.5: it must be a number from 0 to 1"),
        ({"expires": -1}, "expires of a RetryPolicy is -1: it must be a number from 0"),
        ({"first": 7200}, "first of a RetryPolicy is 7200: it must be at most its maximum, 3600"),
        ({"on": "shop.Busy"}, "on of a RetryPolicy is the text 'shop.Busy': give a list of names"),
        ({"on": [ValueError]}, f"on of a RetryPolicy has {ValueError!r}: it must be a list of names"),
        ({"never_on": [""]}, "never_on of a RetryPolicy has '': it must be a list of names"),
        ({"never_on": 7}, "never_on of a RetryPolicy has 7: it must be a list of names"),
        (
            {"timeouts": ["start_to_close"]},
            "timeouts of a RetryPolicy has 'start_to_close': there are START_TO_CLOSE, HEARTBEAT,"
            " SCHEDULE_TO_START, SCHEDULE_TO_CLOSE",
        ),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_in_a_sentence(options, sentence):
    with pytest.raises(pyflow.PyflowException) as error:
        pyflow.RetryPolicy(**{"attempts": 3, **options})
    assert str(error.value) == sentence


def test_a_policy_is_a_value():
    policy = pyflow.RetryPolicy(5, on=["A"])
    assert policy == pyflow.RetryPolicy(5, on=("A",))
    assert hash(policy) == hash(pyflow.RetryPolicy(5, on=("A",)))
    assert repr(policy) == "RetryPolicy(attempts=5, on=('A',))"
