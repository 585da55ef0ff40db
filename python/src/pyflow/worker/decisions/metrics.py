"""A decider's statistics as Prometheus's metrics."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from typing import TYPE_CHECKING

from pyflow.worker.decisions.statistics import BUCKETS, DeciderStatistics

if TYPE_CHECKING:
    from prometheus_client.core import Metric

    from pyflow.worker.decisions.decider import Decider


@contextmanager
def metrics_of(decider: Decider, port: int) -> Iterator[int]:
    """Serves `/metrics` and `/health` as long as the block lasts; the port, which is a free one for 0.

    Health is 200, or 503 while a workflow blocks the process. Raises PyflowException where prometheus-client is missing or
    the port is taken.
    """
    from pyflow.worker.process.serving import MetricsServer

    server = MetricsServer(
        port,
        lambda: _families(decider.statistics),
        lambda: {"status": "blocked" if decider.blocked else "ok"},
    )
    try:
        yield server.port
    finally:
        server.close()


def _families(statistics: DeciderStatistics) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

    name = "pyflow_decider"
    for what, value, help_ in (
        ("decision_tasks", statistics.decision_tasks, "Decision tasks decided"),
        ("answers_lost", statistics.answers_lost, "Answers that SWF did not surely take"),
        ("void_answers", statistics.void_answers, "Answers that parked a run"),
    ):
        yield CounterMetricFamily(f"{name}_{what}", help_, value)
    for what, value, help_ in (
        ("resident_runs", statistics.resident_runs, "Runs whose fibers are kept"),
        ("resident_bytes", statistics.resident_bytes, "What they need, estimated"),
    ):
        yield GaugeMetricFamily(f"{name}_{what}", help_, value)
    counts = list(accumulate(statistics.decide_seconds))
    ends = [*(str(end) for end in BUCKETS), "+Inf"]
    yield HistogramMetricFamily(
        f"{name}_decide_seconds",
        "Deciding a task, its replay included",
        buckets=list(zip(ends, counts, strict=True)),
        sum_value=statistics.decide_seconds_sum,
    )
    for what, label, found, help_ in (
        ("replays", "reason", statistics.replays, "Runs begun from their history, new ones included"),
        ("polls", "list", statistics.polls, "Polls that ended, with or without a task"),
    ):
        family = CounterMetricFamily(f"{name}_{what}", help_, labels=[label])
        for key, count in sorted(found.items()):
            family.add_metric([key], count)
        yield family
