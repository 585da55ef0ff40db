"""A decider's statistics over HTTP, for Prometheus and for whoever asks whether it is well. Loopback only."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate
from typing import TYPE_CHECKING

from pyflow.errors import PyflowException
from pyflow.worker.decisions.statistics import BUCKETS, DeciderStatistics

if TYPE_CHECKING:
    from prometheus_client.core import Metric

    from pyflow.worker.decisions.decider import Decider

HOST = "127.0.0.1"


@contextmanager
def metrics_of(decider: Decider, port: int) -> Iterator[int]:
    """Serves `/metrics` and `/health` as long as the block lasts; the port, which is a free one for 0.

    Health is 200, or 503 while a workflow blocks the process. Raises PyflowException where prometheus-client is missing or
    the port is taken.
    """
    try:
        from prometheus_client.core import CollectorRegistry
        from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
        from prometheus_client.registry import Collector
    except ImportError:
        raise PyflowException(
            "metrics need the package prometheus-client: pip install 'pyflow-swf[local]', or leave --metrics-port out"
        ) from None

    class Collected(Collector):
        def collect(self) -> Iterator[Metric]:
            return _families(decider.statistics)

    registry = CollectorRegistry()
    registry.register(Collected())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._tell(200, CONTENT_TYPE_LATEST, generate_latest(registry))
            elif self.path == "/health":
                blocked = decider.blocked
                status = {"status": "blocked" if blocked else "ok"}
                self._tell(503 if blocked else 200, "application/json", json.dumps(status).encode())
            else:
                self._tell(404, "text/plain", b"there are /metrics and /health\n")

        def _tell(self, status: int, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: a probe a second is no news."""

    try:
        server = ThreadingHTTPServer((HOST, port), Handler)
    except (OSError, OverflowError) as error:
        raise PyflowException(f"metrics can't be served at {HOST}:{port}: {error}") from None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="pyflow-decider-metrics", daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


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
