"""A real workflow that does what a program says, and notes what it sees."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from model.program import UNIT, Activity, Block, Child, Handler, Line, Tell, Timer, forever

import pyflow

PROGRAMS: dict[str, Block] = {}
"""What each run does, by its input."""
NOTES: dict[str, list[str]] = {}
"""What each run has noted, by its run id: also of those that came to no result."""


@dataclass
class Here:
    """Where a line of the program is: the handles that it knows, and the scopes around it."""

    handles: list[tuple[str, pyflow.Future]] = field(default_factory=list)
    scopes: list[object] = field(default_factory=list)

    def copy(self):
        return Here(list(self.handles), list(self.scopes))


class Walker(pyflow.Workflow):
    NAME = "Walker"
    ON_CANCEL = "raise"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 31_536_000, "defaultTaskStartToCloseTimeout": 2}
    act = pyflow.ActivityDescriptor("act", "1", task_list="work")

    def run(self, key):
        NOTES.pop(self.swf.run_id, None)
        self.key, self.notes, self.count = key, [], 0
        self.began = self.swf.workflow_time()
        try:
            with self.swf.timeout(forever("/" in key)):
                self.walk(PROGRAMS[key], Here())
        except pyflow.WaitTimedOutException:
            self.note("for ever")
        return self.notes

    def note(self, text):
        self.notes.append(text)
        NOTES[self.swf.run_id] = self.notes

    def walk(self, block, here):
        for each in block:
            getattr(self, f"do_{type(each).__name__.lower()}")(each, here)

    def start(self, label, operation, here):
        swf = self.swf
        if isinstance(operation, Timer):
            return swf.start_timer(operation.seconds)
        if isinstance(operation, Activity):
            retry = None
            if operation.tries > 1:
                retry = pyflow.RetryPolicy(
                    operation.tries, first=operation.first, backoff=1, maximum=1e7, jitter=0
                )
            described = json.dumps([label, operation.attempts, operation.yields])
            return self.act.using(timeout=operation.timeout, retry=retry)(described)
        if isinstance(operation, Child):
            key = f"{self.key}/{label}"
            PROGRAMS[key] = operation.block
            name = "Stops" if operation.on_cancel == "stop" else "Raises"
            return swf.invoke_child_workflow(name, "1.0", key, task_list="children")
        if isinstance(operation, Line):
            return swf.spawn(self.line, operation.block, here.copy())
        if isinstance(operation, Tell):
            return swf.signal_workflow(swf.workflow_id, operation.name, operation.value)
        assert isinstance(operation, Handler)
        return swf.signal(operation.name).on(self.handle)

    def line(self, block, here):
        self.walk(block, here)
        return "done"

    def handle(self, value):
        self.count += 1
        self.note(f"handled {value}")

    def picked(self, which, here):
        return (
            list(dict.fromkeys(here.handles[each % len(here.handles)] for each in which))
            if here.handles
            else []
        )

    def do_sleep(self, each, here):
        self.swf.sleep(each.seconds)
        self.note(f"slept {each.label}")

    def do_start(self, each, here):
        here.handles.append((each.label, self.start(each.label, each.operation, here)))

    def do_await(self, each, here):
        for label, future in self.picked([each.which], here):
            try:
                value = future.result()
            except Exception as error:
                self.note(f"{label}: {kind(error)}")
                if each.raising:
                    raise
            else:
                self.note(f"{label} = {value}")

    def _await(self, each, here, wait, timed):
        picked = self.picked(each.which, here)
        futures = [future for _, future in picked]
        labels = {future: label for label, future in picked}
        try:
            found = wait(futures) if each.limit is None else timed(each.limit, futures)
        except pyflow.WaitTimedOutException:
            self.note("late")
        else:
            self.note("done: " + " ".join(labels[future] for future in found))

    def do_awaitall(self, each, here):
        self._await(each, here, self.swf.wait_for_all, self.swf.timed_wait_for_all)

    def do_awaitany(self, each, here):
        self._await(each, here, self.swf.wait_for_any, self.swf.timed_wait_for_any)

    def do_cancel(self, each, here):
        for _, future in self.picked([each.which], here):
            future.cancel(wait=each.wait)

    def do_peek(self, each, here):
        for label, future in self.picked([each.which], here):
            self.note(f"{label}: done={future.done} succeeded={future.succeeded}")

    def do_map(self, each, here):
        found = self.swf.map(lambda item: self.line(item, here.copy()), each.items, width=each.width)
        self.note(f"{each.label} = {found}")

    def do_mapsteps(self, each, here):
        items = [
            json.dumps([f"{each.label}.{position}", item.attempts, item.yields])
            for position, item in enumerate(each.items, start=1)
        ]
        found = self.swf.map(self.act, items, width=each.width)
        self.note(f"{each.label} = {found}")

    def do_scope(self, each, here):
        scope = self.swf.scope()
        if each.canceled_after is not None:
            self.swf.spawn(self.cancel_later, scope, each.canceled_after)
        here.scopes.append(scope)
        try:
            with scope:
                self.walk(each.block, here)
        finally:
            here.scopes.pop()
        self.note(f"left {each.label}, canceled={scope.canceled}")

    def cancel_later(self, scope, seconds):
        self.swf.sleep(seconds)
        scope.cancel("later")

    def do_cancelscope(self, each, here):
        if here.scopes:
            here.scopes[-1].cancel("here")

    def do_shield(self, each, here):
        with self.swf.shielded():
            self.walk(each.block, here)

    def do_limit(self, each, here):
        try:
            with self.swf.timeout(each.seconds):
                self.walk(each.block, here)
        except pyflow.WaitTimedOutException:
            self.note(f"{each.label} is over")

    def do_receive(self, each, here):
        try:
            value = self.swf.signal(each.name).result(timeout=each.limit)
        except pyflow.WaitTimedOutException:
            self.note(f"no {each.name}")
        else:
            self.count += 1
            self.note(f"received {value}")

    def do_until(self, each, here):
        try:
            self.swf.wait_until(lambda: self.count >= each.count, timeout=each.limit)
        except pyflow.WaitTimedOutException:
            self.note(f"never {each.count}")
        else:
            self.note(f"counted {each.count}")

    def do_bump(self, each, here):
        self.count += 1

    def do_once(self, each, here):
        self.note(f"once {self.swf.invoke_once(lambda: each.label).result()}")

    def do_guard(self, each, here):
        try:
            self.walk(each.block, here)
        except pyflow.WorkflowCanceled as canceled:
            self.note("canceled " + str(canceled).split(" within")[0])
            with self.swf.shielded():
                self.walk(each.clean_up, here)
            if not each.swallows:
                raise
        except Exception as error:
            self.note(f"caught {kind(error)}")

    def do_renew(self, each, here):
        key = f"{self.key}+{each.label}"
        PROGRAMS[key] = each.block
        self.swf.continue_as_new(key)

    def do_fail(self, each, here):
        raise ValueError(each.label)

    def do_clock(self, each, here):
        passed = (self.swf.workflow_time() - self.began).total_seconds()
        self.note(f"at {round(passed / UNIT)}")

    def do_patched(self, each, here):
        self.note(f"patched {each.id} {self.swf.patched(each.id)}")

    def do_version(self, each, here):
        self.note(f"version {each.id} {self.swf.version(each.id, 0, 2, choose=each.choose)}")

    def do_state(self, each, here):
        self.swf.set_state(each.label)


class Raises(Walker):
    NAME = "Raises"


class Stops(Walker):
    NAME = "Stops"
    ON_CANCEL = "stop"


def kind(error):
    """An error in a few words."""
    if isinstance(error, pyflow.InvocationFailedException):
        return f"failed {error.reason.split()[0]}"
    return {"InvocationCanceledException": "canceled", "InvocationTimedOutException": "timed out"}.get(
        type(error).__name__, f"{type(error).__name__} {error}"
    )
