"""Whether an order came out right: compared as JSON, strictly and without regard to the order of keys."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from typing import Any

from show.watching import Execution


def is_right(execution: Execution) -> bool:
    """With `expect` the result must equal it; without, the execution must have closed as completed."""
    if execution.close_status != "COMPLETED":
        return False
    expect = execution.order.expect
    return expect is None or _lines(expect) == _lines(execution.result)


def differences(execution: Execution) -> Iterator[str]:
    """The lines that tell what is wrong: a diff of expected and actual, or how the execution ended instead."""
    if not execution.close_status:
        yield "  still open when the time was up"
    elif execution.close_status != "COMPLETED":
        yield f"  closed as {execution.close_status}"
        yield from (f"  {line}" for line in execution.failure.splitlines())
    elif execution.order.expect is not None:
        diff = difflib.unified_diff(
            _lines(execution.order.expect), _lines(execution.result), "expected", "actual", lineterm="", n=2
        )
        yield from (f"  {line}" for line in diff)


def _lines(value: Any) -> list[str]:
    """JSON with sorted keys: 1, 1.0 and true differ in it; a value that is not JSON is shown as Python writes it."""
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=repr).splitlines()
