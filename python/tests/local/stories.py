"""How everything that SWF can write comes about: short stories that the tables of tests tell by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from local.direct import (
    Direct,
    child,
    decision,
    function,
    schedule,
    timer,
)

Story: TypeAlias = Callable[[Direct], None]

NOBODY = {"name": "nobody", "version": "1"}
ROLE = "arn:aws:iam::123456789012:role/r"


def decided(*batch: dict[str, object], **start: object) -> Story:
    """A run whose decider answers its first task with these."""

    def story(swf: Direct) -> None:
        swf.start(**start)
        swf.decide(*batch)

    return story


def cancel_activity(swf: Direct) -> None:
    decided(schedule())(swf)
    swf.signal()
    swf.decide(decision("RequestCancelActivityTask", activityId="a1"))


def answered(operation: str) -> Story:
    def story(swf: Direct) -> None:
        decided(schedule())(swf)
        swf(operation, taskToken=swf.work()["taskToken"])

    return story


def activity_times_out(timeout: str, started: bool = True) -> Story:
    def story(swf: Direct) -> None:
        decided(schedule(**{timeout: "1"}))(swf)
        if started:
            swf.work()
        swf.advance(1)

    return story


def unseen_signal(close: str) -> Story:
    def story(swf: Direct) -> None:
        swf.start()
        task = swf.poll()
        swf.signal()
        swf.respond(task, {"decisionType": close})

    return story


def child_closes(*batch: dict[str, object]) -> Story:
    def story(swf: Direct) -> None:
        decided(child())(swf)
        swf.decide(*batch, task_list="children")

    return story


def child_is_terminated(swf: Direct) -> None:
    decided(child())(swf)
    swf("TerminateWorkflowExecution", workflowId="c1")


def to_another(kind: str, **members: str) -> Story:
    def story(swf: Direct) -> None:
        swf.start("other", taskList={"name": "elsewhere"})
        decided(decision(kind, workflowId="other", **members))(swf)

    return story


def lambda_step(step: str) -> Story:
    def story(swf: Direct) -> None:
        swf.start(**({} if step == "no role" else {"lambdaRole": ROLE}))
        swf.decide(function(startToCloseTimeout="1"))
        swf.invoke()
        if step == "completed":
            swf.returned(result="1")
        elif step == "failed":
            swf.raised("UnhandledError", "{}")
        elif step == "timed out":
            swf.advance(1)

    return story


def cancel_timer(swf: Direct) -> None:
    decided(timer(), decision("CancelTimer", timerId="t1"))(swf)


def timer_fires(swf: Direct) -> None:
    decided(timer())(swf)
    swf.advance(5)


def cancel_requested(swf: Direct) -> None:
    swf.start()
    swf("RequestCancelWorkflowExecution", workflowId="o1")


def terminated(**members: str) -> Story:
    def story(swf: Direct) -> None:
        swf.start()
        swf("TerminateWorkflowExecution", workflowId="o1", **members)

    return story


def parent_ends(policy: str) -> Story:
    def story(swf: Direct) -> None:
        decided(child(), childPolicy=policy)(swf)
        swf("TerminateWorkflowExecution", workflowId="o1")

    return story


def run_is_full(swf: Direct) -> None:
    swf.limit("fullness.EVENTS", 4)
    decided(timer())(swf)


def signaled(swf: Direct) -> None:
    swf.start()
    swf.signal()


def execution_times_out(**start: str) -> Story:
    def story(swf: Direct) -> None:
        swf.start(**start)
        swf.advance(3600)

    return story


def child_times_out(swf: Direct) -> None:
    decided(child(executionStartToCloseTimeout="1"))(swf)
    swf.advance(1)


def decision_times_out(swf: Direct) -> None:
    swf.start()
    swf.poll()
    swf.advance(10)


def sticky_task_times_out(swf: Direct) -> None:
    swf.start()
    swf.decide(timer(), taskList={"name": "mine"}, taskListScheduleToStartTimeout="2")
    swf.advance(7)


SIGNAL = decision("SignalExternalWorkflowExecution", workflowId="nobody", signalName="s")
CANCEL = decision("RequestCancelExternalWorkflowExecution", workflowId="nobody")
