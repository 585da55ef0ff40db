"""Activities for tests with a process: the test's pipe to stdin lets them end."""

from __future__ import annotations

import sys

from pyflow.declare.activity import activity


@activity(version="1", heartbeat="manual")
def gate(value: str) -> str:
    """Says on stdout that it runs, and returns its input once a line came in."""
    print(f"running {value}", flush=True)
    sys.stdin.readline()
    return value
