"""Calling a step or a function for each of many items, so many at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from pyflow import codec
from pyflow.decider.execution import Execution
from pyflow.decider.future import Future
from pyflow.decider.ids import Ids, scope_of
from pyflow.declare.descriptors import Step
from pyflow.errors import InvocationException
from pyflow.flow.spawning import spawn
from pyflow.history.kinds import CHILD

Start = Callable[[int], Future]
"""Starts the n-th of them, from 1."""


def in_place(
    execution: Execution, function: Callable[[Any], Any], items: list[Any], width: int | None
) -> list[Any]:
    """The results, each item's steps being in this run."""
    own_id = execution.next_id("map")

    def start(position: int) -> Future:
        item, path = items[position - 1], f"{own_id}.{position}"
        if not isinstance(function, Step):
            return spawn(execution, path, lambda: function(item))
        fiber = execution.fiber
        ids, fiber.ids = fiber.ids, Ids(f"{path}.")
        try:
            future: Future = function(item)
        finally:
            fiber.ids = ids
        return future

    return _results(execution, start, len(items), width)


def in_children(
    execution: Execution, function: Callable[[Any], Any], items: list[Any], width: int | None, batch: int
) -> list[Any]:
    """The results, so many items at a time being a child's."""
    if isinstance(batch, bool) or not isinstance(batch, int) or batch < 1:
        raise InvocationException(f"map takes a batch of 1 or more items, not {batch!r}")
    own_id, step = execution.next_id("map"), _name_of(function)
    parts = [items[start : start + batch] for start in range(0, len(items), batch)]

    def start(position: int) -> Future:
        what = f"items {(position - 1) * batch + 1} and on of {own_id} ({step})"
        texts = [codec.encode(item, what=what, limit=execution.payload_limit) for item in parts[position - 1]]
        child_id = f"{own_id}.{position}.child_workflow1-{scope_of(execution.run.run_id)}"
        attributes: dict[str, Any] = {
            "workflowId": child_id,
            "workflowType": {"name": execution.run.name, "version": execution.run.version},
            "input": codec.encode_batch(step, texts, what=what, limit=execution.payload_limit),
        }
        attributes.update({key: execution.started[key] for key in HANDED_DOWN if key in execution.started})
        return execution.open(CHILD, child_id, attributes)

    found = _results(execution, start, len(parts), width)
    return [result for part in found for result in part]


HANDED_DOWN = (
    "taskList",
    "taskPriority",
    "executionStartToCloseTimeout",
    "taskStartToCloseTimeout",
    "childPolicy",
    "lambdaRole",
    "tagList",
)
"""What a child of a map has from its parent."""


def _results(execution: Execution, start: Start, count: int, width: int | None) -> list[Any]:
    if width is not None and (isinstance(width, bool) or not isinstance(width, int) or width < 1):
        raise InvocationException(f"map takes a width of 1 or more, not {width!r}")
    fiber = execution.fiber
    futures: list[Future] = []
    ended: deque[Future] = deque()

    def end(future: Future) -> None:
        ended.append(future)
        execution.wake(fiber)

    try:
        left = count
        while left:
            while len(futures) < count and (width is None or len(futures) - (count - left) < width):
                future = start(len(futures) + 1)
                futures.append(future)
                if future.done:
                    ended.append(future)
                else:
                    future.listener = end
            while not ended:
                execution.wait()
            left -= 1
            ended.popleft().result()
    except BaseException:
        for future in futures:
            future.cancel()
        raise
    return [future.result() for future in futures]


def _name_of(function: Callable[[Any], Any]) -> str:
    name = function.name if isinstance(function, Step) else getattr(function, "__name__", "")
    if not name.isidentifier():
        raise InvocationException(
            f"map with batch= takes a step or a method of the workflow class, not {function!r}:"
            " the children look it up by its name"
        )
    return name
