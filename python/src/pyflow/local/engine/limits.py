"""SWF's quotas (Amazon SWF developer guide, "Amazon SWF quotas"), and what it does to a history that is full."""

from __future__ import annotations

DOMAINS = 100
TYPES_OF_A_DOMAIN = 10_000
OPEN_RUNS_OF_A_DOMAIN = 100_000
TAGS_OF_A_DOMAIN = 50
POLLS_OF_A_TASK_LIST = 1_000
EVENTS = 25_000
OPEN_ACTIVITIES = 1_000
OPEN_TIMERS = 1_000
OPEN_CHILDREN = 1_000
OPEN_LAMBDAS = 1_000
"""SWF does not say how many; as many as of the rest."""
