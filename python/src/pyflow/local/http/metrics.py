"""Metrics as Prometheus reads them. Gauges are looked up when it asks, so that calls pay for counting alone.

Imported when it is first asked for: the library takes longer to load than the rest of the server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from pyflow.local.engine.tasks import ACTIVITY, DECISION, LAMBDA
from pyflow.local.http.health import pyflow_version
from pyflow.local.http.tally import Durations, Tally
from pyflow.local.running.running import Running

LARGEST_DOMAINS = 100
OTHERS = ":others"
"""Label of all domains but the largest; no domain's name has a colon."""


class Metrics(Collector):
    """One server's, in a registry of its own: several servers can live in one process."""

    def __init__(self, running: Running, tally: Tally, connections: Callable[[], int]) -> None:
        self._running = running
        self._tally = tally
        self._connections = connections
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    def text(self, accept: str) -> tuple[bytes, str]:
        """All of them, as they are now, and the content type. accept: the header of who asks."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type

    def collect(self) -> Iterator[Metric]:
        """What Prometheus' library asks for."""
        yield from self._calls()
        yield from self._connected()
        yield from self._waiting()
        yield from self._executions()
        yield from self._storage()

    def _calls(self) -> Iterator[Metric]:
        info = GaugeMetricFamily("pyflow_local_info", "Always 1.", labels=["version", "clock"])
        info.add_metric([pyflow_version(), self._running.service.clock.name], 1)
        yield info
        outcomes = CounterMetricFamily(
            "pyflow_local_operations",
            "Requests by operation and outcome: ok, cut by chaos, or the type of the fault.",
            labels=["operation", "outcome"],
        )
        for labels, count in sorted(self._tally.outcomes.items()):
            outcomes.add_metric(labels, count)
        yield outcomes
        yield _histogram(
            "pyflow_local_operation_seconds", "From a whole request to its durable answer.", self._tally.calls
        )
        yield _histogram(
            "pyflow_local_poll_seconds", "The same of long polls, which are held.", self._tally.polls
        )

    def _connected(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("pyflow_local_connections", "Open connections.", value=self._connections())
        dropped = CounterMetricFamily(
            "pyflow_local_connections_dropped",
            "Connections closed because there were enough (full), or a request was not whole in time (slow).",
            labels=["reason"],
        )
        dropped.add_metric(["full"], self._tally.full)
        dropped.add_metric(["slow"], self._tally.slow)
        yield dropped

    def _waiting(self) -> Iterator[Metric]:
        polls = GaugeMetricFamily("pyflow_local_waiting_polls", "Polls that are held.", labels=["kind"])
        held = self._running.waiting_polls()
        for kind in (DECISION, ACTIVITY):
            polls.add_metric([kind], held[kind])
        yield polls
        tasks = GaugeMetricFamily(
            "pyflow_local_waiting_tasks", "Tasks nobody has; of Lambda, those not closed.", labels=["kind"]
        )
        ages = GaugeMetricFamily(
            "pyflow_local_oldest_waiting_task_seconds",
            "Since the oldest of them was scheduled, by the service's clock; 0 without one.",
            labels=["kind"],
        )
        waiting, now = self._running.service.waiting_tasks(), self._running.service.clock.now()
        for kind in (DECISION, ACTIVITY, LAMBDA):
            count, since = waiting.get(kind, (0, now))
            tasks.add_metric([kind], count)
            ages.add_metric([kind], (now - since) / 1000)
        yield tasks
        yield ages

    def _executions(self) -> Iterator[Metric]:
        service = self._running.service
        counts = dict.fromkeys(service.registry.domains, 0) | service.runs.open_counts
        largest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        opened = GaugeMetricFamily("pyflow_local_open_executions", "Open executions.", labels=["domain"])
        for domain, count in largest[:LARGEST_DOMAINS]:
            opened.add_metric([domain], count)
        if len(largest) > LARGEST_DOMAINS:
            opened.add_metric([OTHERS], sum(count for _, count in largest[LARGEST_DOMAINS:]))
        yield opened

    def _storage(self) -> Iterator[Metric]:
        store = self._running.service.store
        yield CounterMetricFamily(
            "pyflow_local_events_written", "Events of histories.", value=store.events_written
        )
        yield CounterMetricFamily(
            "pyflow_local_commits", "Transactions of the database.", value=store.commits
        )


def _histogram(name: str, help_: str, durations: dict[str, Durations]) -> Metric:
    family = HistogramMetricFamily(name, help_, labels=["operation"])
    for operation, took in sorted(durations.items()):
        ends = [*map(str, took.ends), "+Inf"]
        family.add_metric([operation], list(zip(ends, took.cumulative(), strict=True)), took.total)
    return family
