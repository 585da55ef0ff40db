"""Shapes of workflows, each to be taken with any N: what they do, and what a decider has to have asked for at their end."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from played import Play
from sequential import Sequential

import pyflow
from pyflow.flow.invocation import WorkflowInvocationHelper


class FanOut(pyflow.Workflow):
    NAME = "FanOut"

    def run(self, count):
        futures = [self.swf.invoke_activity("add_one", "1", number) for number in range(count)]
        self.swf.wait_for_all(futures)
        return sum(future.result() for future in futures)


class Timers(pyflow.Workflow):
    NAME = "Timers"

    def run(self, count):
        for _ in range(count):
            self.swf.sleep(1)
        return count


class Children(pyflow.Workflow):
    NAME = "Children"

    def run(self, count):
        value = 0
        for _ in range(count):
            value = self.swf.invoke_child_workflow("AddOne", "1.0", value).result()
        return value


class Lambdas(pyflow.Workflow):
    NAME = "Lambdas"

    def run(self, count):
        value = 0
        for _ in range(count):
            value = self.swf.invoke_lambda("add_one", value).result()
        return value


class Markers(pyflow.Workflow):
    NAME = "Markers"

    def run(self, count):
        for _ in range(count):
            self.swf.invoke_once(int)
            self.swf.sleep(1)
        return count


class Races(pyflow.Workflow):
    NAME = "Races"

    def run(self, count):
        for number in range(count):
            self.swf.timed_wait_for_all(60, self.swf.invoke_activity("add_one", "1", number))
        return count


class Signals(pyflow.Workflow):
    NAME = "Signals"

    def run(self, count):
        return sum(self.swf.signal("s").result() for _ in range(count))


class Spawned(pyflow.Workflow):
    NAME = "Spawned"

    def run(self, count):
        futures = [self.swf.spawn(self.add_one, number) for number in range(count)]
        return sum(future.result() for future in futures)

    def add_one(self, number):
        return self.swf.invoke_activity("add_one", "1", number).result()


class Mapped(pyflow.Workflow):
    NAME = "Mapped"
    add_one = pyflow.ActivityDescriptor("add_one", "1")

    def run(self, count):
        return sum(self.swf.map(self.add_one, range(count), width=50))


class Limited(pyflow.Workflow):
    NAME = "Limited"

    def run(self, count):
        value = 0
        for _ in range(count):
            with self.swf.timeout(60):
                value = self.swf.invoke_activity("add_one", "1", value).result()
        return value


class Retried(pyflow.Workflow):
    NAME = "Retried"
    add_one = pyflow.ActivityDescriptor("add_one", "1")

    def run(self, count):
        value, step = 0, self.add_one.using(retry=pyflow.RetryPolicy(attempts=3, jitter=0))
        for _ in range(count):
            value = step(value).result()
        return value


def itself(count: int) -> int:
    """N."""
    return count


def total(count: int) -> int:
    """1 + 2 + … + N."""
    return count * (count + 1) // 2


def at_first(own_id: str) -> bool:
    """Every first attempt fails."""
    return ".attempt" not in own_id


@dataclass(frozen=True)
class Shape:
    """asks: the decisions of one unit of N, kind and id with `{}` for its number; result: of N.

    world: options of `Play` for N. needs: a name of `self.swf` or of `pyflow` without which it is left out.
    """

    workflow: type[pyflow.Workflow]
    asks: tuple[tuple[str, str], ...]
    result: Callable[[int], int] = itself
    world: Callable[[int], dict[str, Any]] = field(default=lambda count: {})
    needs: str = "sleep"

    @property
    def missing(self) -> bool:
        """Whether this pyflow lacks what it needs."""
        return not (hasattr(WorkflowInvocationHelper, self.needs) or hasattr(pyflow, self.needs))

    def check(self, play: Play, count: int) -> None:
        """Every decision is checked: that all was asked for, nothing else, and the result."""
        assert play.closed is not None
        assert play.closed["decisionType"] == "CompleteWorkflowExecution", play.closed
        result = play.closed["completeWorkflowExecutionDecisionAttributes"]["result"]
        assert json.loads(result) == self.result(count), result
        wanted = [(kind, own.format(n)) for n in range(1, count + 1) for kind, own in self.asks]
        asked = [(kind, own.partition("-")[0]) for kind, own in play.asked()[:-1]]
        assert sorted(asked) == sorted(wanted), asked[:3]


def one(kind: str, own_id: str) -> tuple[tuple[str, str], ...]:
    """A single decision for each of N."""
    return ((kind, own_id),)


ACTIVITY, TIMER = "ScheduleActivityTask", "StartTimer"

SHAPES = {
    "sequential": Shape(Sequential, one(ACTIVITY, "activity{}")),
    "fan-out": Shape(FanOut, one(ACTIVITY, "activity{}"), total),
    "timers": Shape(Timers, one(TIMER, "sleep{}")),
    "children": Shape(Children, one("StartChildWorkflowExecution", "child_workflow{}")),
    "lambdas": Shape(Lambdas, one("ScheduleLambdaFunction", "lambda{}")),
    "markers": Shape(Markers, (("RecordMarker", "invoke_once{}"), (TIMER, "sleep{}"))),
    "races": Shape(Races, ((ACTIVITY, "activity{}"), (TIMER, "sleep{}"), ("CancelTimer", ""))),
    "signals": Shape(Signals, (), world=lambda count: {"signals": count}, needs="signal"),
    "spawned": Shape(Spawned, one(ACTIVITY, "spawn{}.activity1"), total, needs="spawn"),
    "map": Shape(Mapped, one(ACTIVITY, "map1.{}.activity1"), total, needs="map"),
    "limits": Shape(
        Limited, ((ACTIVITY, "activity{}"), (TIMER, "timeout{}"), ("CancelTimer", "")), needs="timeout"
    ),
    "retries": Shape(
        Retried,
        ((ACTIVITY, "activity{}"), (TIMER, "activity{}.backoff2"), (ACTIVITY, "activity{}.attempt2")),
        world=lambda count: {"fails": at_first},
        needs="RetryPolicy",
    ),
}
