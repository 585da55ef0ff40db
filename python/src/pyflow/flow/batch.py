"""What a child does that has a part of a `map`."""

from __future__ import annotations

from typing import Any

from pyflow import codec
from pyflow.errors import InvocationException
from pyflow.flow.workflow import Workflow


def run_batch(workflow: Workflow, batch: codec.Batch) -> list[Any]:
    """The results, in order. Raises InvocationException where the class has no such step or method."""
    function = getattr(workflow, batch.step, None)
    if not callable(function):
        raise InvocationException(
            f"workflow class {type(workflow).__qualname__} has no step or method {batch.step!r},"
            " which a map of its parent asks for"
        )
    return workflow.swf.map(function, [codec.decode(item) for item in batch.items])
