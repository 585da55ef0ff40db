"""Lambda tasks: scheduled by deciders, started and answered by the service itself."""

from __future__ import annotations

from pyflow.local.engine.accept.waking import waking
from pyflow.local.engine.limits import OPEN_LAMBDAS
from pyflow.local.engine.records import Attributes, Records
from pyflow.local.engine.registry import World
from pyflow.local.engine.run import LambdaTask, Run
from pyflow.local.engine.settings import given

NO_ROLE = "No IAM role is attached to the current workflow execution."


def schedule(run: Run, world: World, attributes: Attributes, completed_id: int, now: int) -> Records:
    """ScheduleLambdaFunction."""
    subject = given(attributes, "id", "name")
    origin = {"decisionTaskCompletedEventId": completed_id}
    cause = None
    if run.lambdas.named(attributes["id"]):
        cause = "ID_ALREADY_IN_USE"
    elif len(run.lambdas) >= OPEN_LAMBDAS:
        cause = "OPEN_LAMBDA_FUNCTIONS_LIMIT_EXCEEDED"
    elif world.spent("ScheduleLambdaFunction"):
        cause = "LAMBDA_FUNCTION_CREATION_RATE_EXCEEDED"
    if cause is not None:
        yield run.event("ScheduleLambdaFunctionFailed", now, {**subject, "cause": cause, **origin})
        return
    scheduled = {**subject, **given(attributes, "input", "control", "startToCloseTimeout"), **origin}
    yield run.event("LambdaFunctionScheduled", now, scheduled)


def start(run: Run, task: LambdaTask, now: int) -> Records:
    """The service takes the task; without a role to assume it fails at once."""
    if "lambdaRole" in run.settings:
        yield run.event("LambdaFunctionStarted", now, {"scheduledEventId": task.scheduled_id})
        return
    failed = {"scheduledEventId": task.scheduled_id, "cause": "ASSUME_ROLE_FAILED", "message": NO_ROLE}
    yield from waking(run, run.event("StartLambdaFunctionFailed", now, failed), now)


def complete(run: Run, task: LambdaTask, result: str, now: int) -> Records:
    """The function returned; result: its JSON text."""
    return _answer(run, task, "Completed", {"result": result}, now)


def fail(run: Run, task: LambdaTask, reason: str, details: str, now: int) -> Records:
    """The function raised, or could not be called."""
    return _answer(run, task, "Failed", {"reason": reason, "details": details}, now)


def time_out(run: Run, task: LambdaTask, now: int) -> Records:
    """The function took longer than its start-to-close timeout."""
    return _answer(run, task, "TimedOut", {"timeoutType": "START_TO_CLOSE"}, now)


def _answer(run: Run, task: LambdaTask, outcome: str, attributes: Attributes, now: int) -> Records:
    links = {"scheduledEventId": task.scheduled_id, "startedEventId": task.started_id}
    return waking(run, run.event("LambdaFunction" + outcome, now, {**attributes, **links}), now)
