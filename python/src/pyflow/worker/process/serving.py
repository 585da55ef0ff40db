"""A process's metrics and health over HTTP, for Prometheus and for whoever asks whether it is well. Loopback only."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from pyflow.errors import PyflowException

if TYPE_CHECKING:
    from prometheus_client.core import Metric

HOST = "127.0.0.1"


class MetricsServer:
    """Serves `/metrics` and `/health` until `close`; port: a free one for 0, else that.

    collect: the metrics; health: what `/health` says, whose `status` is answered with 200 if it is `ok`, else with 503.
    Raises PyflowException where prometheus-client is missing or the port is taken.
    """

    def __init__(
        self,
        port: int,
        collect: Callable[[], Iterable[Metric]],
        health: Callable[[], Mapping[str, Any]],
    ) -> None:
        try:
            self._server = ThreadingHTTPServer((HOST, port), _handler(collect, health))
        except (OSError, OverflowError) as error:
            raise PyflowException(f"metrics can't be served at {HOST}:{port}: {error}") from None
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, name="pyflow-metrics", daemon=True).start()

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()


def _handler(
    collect: Callable[[], Iterable[Metric]], health: Callable[[], Mapping[str, Any]]
) -> type[BaseHTTPRequestHandler]:
    try:
        from prometheus_client.core import CollectorRegistry
        from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
        from prometheus_client.registry import Collector
    except ImportError:
        raise PyflowException(
            "metrics need the package prometheus-client: pip install 'pyflow-swf[local]', or leave --metrics-port out"
        ) from None

    class Collected(Collector):
        def collect(self) -> Iterable[Metric]:
            return collect()

    registry = CollectorRegistry()
    registry.register(Collected())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._tell(200, CONTENT_TYPE_LATEST, generate_latest(registry))
            elif self.path == "/health":
                told = health()
                status = 200 if told["status"] == "ok" else 503
                self._tell(status, "application/json", json.dumps(told).encode())
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

    return Handler
