"""What behaviours look at: the events that closed tasks, and what the worker said on the wire. Each raises Broken."""

from __future__ import annotations

import json
import uuid
from itertools import pairwise
from typing import Any

from pyflow import codec
from pyflow.conformance.patterns import misfit, shortened, written
from pyflow.conformance.payloads import decoded
from pyflow.conformance.run import Broken, Task, until
from pyflow.conformance.scene import IT, Scene
from pyflow.conformance.wire import ABANDONED, ANSWERS, HEARTBEAT, POLL
from pyflow.errors import PyflowException

ROOM = 0.4  # seconds that a busy machine may be late with a heartbeat


def completed(scene: Scene, what: Any) -> None:
    """`value`: a pattern of the result's; `text`: a pattern of the result itself, null where it is to be left out."""
    given = scene.outcome(what.get("of", IT), "ActivityTaskCompleted").attributes.get("result")
    if "text" in what:
        _fits(what["text"], given, "result")
    if "value" in what:
        _fits(what["value"], _decoded(given, "result"), "result")
    if "envelope" in what:
        _fits(what["envelope"], json.loads(given or "null"), "result")


def failed(scene: Scene, what: Any) -> None:
    """Patterns of the failure document's parts; `non_retryable` that is not there is false."""
    attributes = scene.outcome(what.get("of", IT), "ActivityTaskFailed").attributes
    reason, details = attributes.get("reason", ""), attributes.get("details", "")
    if codec.units(details) > codec.DATA_LIMIT:
        raise Broken(f"details is {codec.units(details)} units long, at most {codec.DATA_LIMIT} are allowed")
    try:
        document = json.loads(details)
        failure = document["failure"] if document["$pyflow"] == 1 else None
    except (ValueError, KeyError, TypeError):
        failure = None
    if not isinstance(failure, dict):
        raise Broken(f"details is {shortened(details)}, should be a failure document")
    if not isinstance(failure.get("message"), str):
        raise Broken(f"the document's message is {shortened(failure.get('message'))}, should be a text")
    if failure.get("type") != reason:
        raise Broken(f"reason is {reason!r}, and the document's type is {failure.get('type')!r}")
    _fits(
        {key: part for key, part in what.items() if key != "of"},
        {"non_retryable": False, **failure},
        "failure",
    )


def canceled(scene: Scene, what: Any) -> None:
    """`value`: a pattern of the details."""
    attributes = scene.outcome(what.get("of", IT), "ActivityTaskCanceled").attributes
    _fits(what["value"], _decoded(attributes.get("details"), "details"), "details")


def timed_out(scene: Scene, what: Any) -> None:
    """`type`: SWF's; `value`: a pattern of the last heartbeat."""
    attributes = scene.outcome(what.get("of", IT), "ActivityTaskTimedOut").attributes
    _fits(what["type"], attributes["timeoutType"], "timeoutType")
    if "value" in what:
        _fits(what["value"], _decoded(attributes.get("details"), "last heartbeat"), "last heartbeat")


def all_completed(scene: Scene, what: Any) -> None:
    """Every task completed, and gave its first heartbeat `within` so many seconds of being given."""
    for task, activity_id in scene.ids.items():
        scene.outcome(task, "ActivityTaskCompleted")
        waited = scene.seen(task, HEARTBEAT)[0].at - scene.house.wire.given_at(activity_id)
        if waited > what["first heartbeat within"] + ROOM:
            raise Broken(f"task {task} was given, and begun {waited:.2f} s later")


def answers(scene: Scene, what: Any) -> None:
    """`sent`: how often the worker tried to answer; `taken`: how often SWF said yes."""
    task = what.get("of", IT)
    if isinstance(least := what["sent"], int) and least:
        until(lambda: len(scene.seen(task, *ANSWERS)) >= least, f"{least} answers to task {task}")
    sent = scene.seen(task, *ANSWERS)
    each = ", ".join(f"{it.operation} {it.fault or 'taken'}" for it in sent)
    told = f" ({each})" if each else ""
    _fits(what["sent"], len(sent), f"the number of answers{told}")
    if "taken" in what:
        _fits(what["taken"], sum(it.fault is None for it in sent), f"the number of answers taken{told}")


def heartbeats(scene: Scene, what: Any) -> None:
    """`count`, `gap` (the longest, in seconds, between two) and `units` (of the longest details): patterns."""
    seen = scene.seen(what.get("of", IT), HEARTBEAT)
    _fits(what.get("count", {"$at_least": 1}), len(seen), "the number of heartbeats")
    gaps = [after.at - before.at for before, after in pairwise(seen)]
    if "longest gap" in what and gaps and max(gaps) > what["longest gap"] + ROOM:
        raise Broken(f"{max(gaps):.2f} s passed between two heartbeats, at most {what['longest gap']} s may")
    if "shortest gap" in what and gaps and min(gaps) < what["shortest gap"] - ROOM:
        raise Broken(
            f"{min(gaps):.2f} s passed between two heartbeats, at least {what['shortest gap']} s should"
        )
    for beat in seen:
        details = beat.request.get("details", "")
        if codec.units(details) > codec.HEARTBEAT_LIMIT:
            raise Broken(f"a heartbeat's details are {codec.units(details)} units long, SWF takes 2048")
    if "last envelope" in what:
        _fits(what["last envelope"], json.loads(seen[-1].request.get("details", "null")), "last heartbeat")
    if "last" in what:
        _fits(what["last"], _decoded(seen[-1].request.get("details"), "last heartbeat"), "last heartbeat")


def done_if_begun(scene: Scene, task: str) -> None:
    """The worker completed the task, or never had it."""
    if scene.run.has_started(scene.ids[task]):
        scene.outcome(task, "ActivityTaskCompleted")


def no_poll_abandoned(scene: Scene, _: Any) -> None:
    """The worker waited for the answers of all its polls: SWF may give a task to one that nobody waits for."""
    polls = scene.house.wire.seen(scene.worker.task_list, POLL)
    if lost := sum(it.fault == ABANDONED for it in polls):
        raise Broken(f"the worker went away from {lost} of {len(polls)} polls before their answers")


def registered(scene: Scene, what: Any) -> None:
    """`activity`: whose registration; `defaults`: a pattern of its configuration."""
    kind = {"name": what["activity"], "version": "1"}
    told = scene.house.swf.describe_activity_type(domain="conformance", activityType=kind)
    _fits(what["defaults"], told["configuration"], f"configuration of {what['activity']}")


def goes_on(scene: Scene, _: Any) -> None:
    """The worker still does a task."""
    name = f"another-{uuid.uuid4().hex[:12]}"
    run = scene.house.run()
    run.schedule(scene.worker.task_list, [Task("echo", '"still here"')], [name])
    outcome = until(lambda: run.outcomes().get(name), "the worker does another task")
    if outcome.attributes.get("result") != '"still here"':
        raise Broken(f"another task closed by {outcome.event} {outcome.attributes}")


def _decoded(text: str | None, what: str) -> Any:
    try:
        return decoded(text)
    except PyflowException as error:
        raise Broken(f"{what} is no payload: {error}") from None


def _fits(pattern: Any, value: Any, at: str) -> None:
    if wrong := misfit(written(pattern), value, at):
        raise Broken(wrong)
