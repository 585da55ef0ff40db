"""A worker's statistics as Prometheus's metrics, and its health; the names are those of the workers in Ruby and Java."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from pyflow.worker.activities.statistics import BUCKETS, ActivityStatistics

if TYPE_CHECKING:
    from prometheus_client.core import Metric

SILENCE = 150.0
"""Seconds without a poll that ended well until SWF counts as unreachable: it holds one for 60, and a pause is up to 30."""


def health_of(
    statistics: ActivityStatistics, *, slots: int, busy: int, draining: bool, now: float
) -> dict[str, Any]:
    """What `/health` says: `ok`, `draining` or `unreachable`; a worker that is all busy need not reach SWF."""
    polled = statistics.polled_at
    silent = now - max(statistics.free_since, statistics.free_since if polled is None else polled)
    unreachable = busy < slots and silent > SILENCE
    return {
        "status": "draining" if draining else "unreachable" if unreachable else "ok",
        "slots": slots,
        "busy": busy,
        "seconds_since_poll": None if polled is None else round(now - polled, 3),
    }


def families(statistics: ActivityStatistics, *, slots: int, busy: int) -> Iterator[Metric]:
    """The metrics that `/metrics` shows."""
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

    name = "pyflow_activity"
    tasks = CounterMetricFamily(f"{name}_tasks", "Tasks by what came of them", labels=["activity", "outcome"])
    for (activity, outcome), count in sorted(statistics.tasks.copy().items()):
        tasks.add_metric([activity, outcome], count)
    yield tasks
    seconds = HistogramMetricFamily(f"{name}_seconds", "How long activities take", labels=["activity"])
    ends = [*(str(end) for end in BUCKETS), "+Inf"]
    for activity, counts in sorted(statistics.seconds.copy().items()):
        buckets = list(zip(ends, accumulate(counts), strict=True))
        seconds.add_metric([activity], buckets, statistics.seconds_sum[activity])
    yield seconds
    yield GaugeMetricFamily(f"{name}_slots", "Activities that may run at a time", slots)
    yield GaugeMetricFamily(f"{name}_slots_busy", "Activities that run", busy)
    for what, counted, help_ in (
        ("polls", statistics.polls, "Polls that ended, by what they brought"),
        ("heartbeats", statistics.heartbeats, "Heartbeats that arrived, or did not"),
    ):
        family = CounterMetricFamily(f"{name}_{what}", help_, labels=["outcome"])
        for outcome, count in sorted(counted.copy().items()):
            family.add_metric([outcome], count)
        yield family
    yield CounterMetricFamily(
        f"{name}_answer_retries", "Answers that were sent once more", statistics.answer_retries
    )
