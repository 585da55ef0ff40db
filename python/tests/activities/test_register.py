"""Registering activity types: every default that SWF needs, and a word where an existing type differs."""

from __future__ import annotations

import pytest
from activities.fake_swf import FakeSWF, Fault

import pyflow
from pyflow.declare.activity import Activity, activity
from pyflow.swf.activity_client import ActivityClient
from pyflow.worker.activities.types import ActivityTypes
from pyflow.worker.activities.worker import ActivityWorker


@activity(start_to_close_timeout=30, heartbeat_timeout=10)
def charge() -> None: ...


@activity(version="2", task_list="mail", schedule_to_start_timeout=0)
def send() -> None: ...


def register(swf: FakeSWF, *activities: Activity) -> None:
    ActivityTypes(activities).register(ActivityClient("shop", polls=swf, answers=swf), "cards")


def test_every_default_is_registered_and_none_is_said_so():
    swf = FakeSWF()
    register(swf, charge, send)
    assert swf.named("register_activity_type") == [
        {
            "domain": "shop",
            "name": "charge",
            "version": "1.0",
            "defaultTaskList": {"name": "cards"},
            "defaultTaskScheduleToStartTimeout": "NONE",
            "defaultTaskStartToCloseTimeout": "30",
            "defaultTaskScheduleToCloseTimeout": "NONE",
            "defaultTaskHeartbeatTimeout": "10",
        },
        {
            "domain": "shop",
            "name": "send",
            "version": "2",
            "defaultTaskList": {"name": "mail"},
            "defaultTaskScheduleToStartTimeout": "0",
            "defaultTaskStartToCloseTimeout": "NONE",
            "defaultTaskScheduleToCloseTimeout": "NONE",
            "defaultTaskHeartbeatTimeout": "NONE",
        },
    ]


def test_an_activity_of_another_task_list_is_worth_a_warning(caplog):
    register(FakeSWF(), send)
    assert caplog.messages == ["activity send 2 is scheduled on task list mail, this worker polls cards"]


def test_a_type_that_exists_with_the_same_defaults_is_fine(caplog):
    swf = FakeSWF()
    register(swf, charge)
    register(swf, charge)
    assert caplog.messages == []


def test_a_type_that_exists_with_other_defaults_is_worth_a_warning(caplog):
    swf = FakeSWF()
    register(swf, charge)
    del swf.types["charge", "1.0"]["defaultTaskHeartbeatTimeout"]
    swf.types["charge", "1.0"]["defaultTaskList"] = {"name": "old"}
    register(swf, charge)
    assert caplog.messages == [
        "activity type charge 1.0 is registered with other defaults, and keeps them:"
        " defaultTaskHeartbeatTimeout is not set, here 10; defaultTaskList is old, here cards;"
        " a new version may differ"
    ]


def test_strictly_that_is_an_error_which_names_all(caplog):
    swf = FakeSWF()
    register(swf, charge, send)
    swf.types["charge", "1.0"]["defaultTaskHeartbeatTimeout"] = "30"
    swf.types["send", "2"]["defaultTaskList"] = {"name": "old"}
    caplog.clear()
    worker = ActivityWorker("shop", "mail", [charge, send], client=swf, strict_registration=True)
    with pytest.raises(pyflow.PyflowException) as refused:
        worker.start()
    assert str(refused.value) == (
        "activity type charge 1.0 is registered with other defaults, and keeps them:"
        " defaultTaskHeartbeatTimeout is 30, here 10; defaultTaskList is cards, here mail; a new version may differ."
        " activity type send 2 is registered with other defaults, and keeps them:"
        " defaultTaskList is old, here mail; a new version may differ"
    )
    assert caplog.messages == []


def test_a_type_that_exists_but_is_not_told_of_keeps_nobody_from_work(caplog):
    swf = FakeSWF()
    register(swf, charge)
    swf.faults["describe_activity_type"] = [Fault("InternalFailure", "busy", 500)]
    register(swf, charge)
    assert caplog.messages == [
        "activity type charge 1.0 exists, with which defaults is not known: InternalFailure: busy"
    ]


def test_an_unknown_domain_is_named_with_what_would_help():
    swf = FakeSWF()
    swf.faults["register_activity_type"] = [Fault("UnknownResourceFault", "Unknown domain: shop")]
    with pytest.raises(pyflow.PyflowException, match="SWF knows no domain shop here: register it"):
        register(swf, charge)


def test_other_faults_reach_the_caller():
    swf = FakeSWF()
    swf.faults["register_activity_type"] = [Fault("LimitExceededFault")]
    with pytest.raises(Fault):
        register(swf, charge)


def test_two_of_one_type_are_refused_but_one_may_be_named_twice():
    @activity(name="charge")
    def other() -> None: ...

    with pytest.raises(
        pyflow.PyflowException, match=r"there are two of activity charge 1\.0: give one another name"
    ):
        ActivityTypes([charge, other])
    assert list(ActivityTypes([charge, charge])) == [charge]


def test_a_bare_function_is_refused():
    with pytest.raises(
        pyflow.PyflowException, match=r"is no activity: decorate the function with @pyflow\.activity"
    ):
        ActivityTypes([lambda: None])  # type: ignore[list-item]


def test_no_activity_at_all_is_refused():
    with pytest.raises(pyflow.PyflowException, match="a worker needs at least one activity"):
        ActivityTypes([])


@pytest.mark.parametrize(("read_timeout", "warned"), [(60, True), (75, False)])
def test_a_client_whose_reads_end_with_the_poll_is_worth_a_warning(caplog, read_timeout, warned):
    class Meta:
        class config:
            pass

    swf = FakeSWF()
    swf.meta = Meta  # type: ignore[attr-defined]
    Meta.config.read_timeout = read_timeout  # type: ignore[attr-defined]
    ActivityClient.connect("shop", client=swf)
    assert any("a task may be lost" in message for message in caplog.messages) is warned
