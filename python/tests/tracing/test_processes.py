"""Spans of activities that run in processes of their own."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from activities.process_activities import later
from tracing.spans import Memory

import pyflow

WORKER = """
from activities import process_activities as these
from activities.fake_swf import FakeSWF
import pyflow
swf = FakeSWF()
swf.offer("later", "1")
tracing = pyflow.Tracing.otlp("shop")
worker = pyflow.ActivityWorker(
    "shop", "cards", [these.later], client=swf, executor="processes", interceptors=[tracing.activity]
)
assert worker.step()
assert swf.answers[0][0] == "completed", swf.answers
worker._calls.close()
"""


@pytest.fixture
def receiver() -> Iterator[ThreadingHTTPServer]:
    """Takes what is posted, in `bodies`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))  # type: ignore[attr-defined]
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.bodies = []  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_each_process_sends_its_own(receiver):
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{receiver.server_address[1]}",
    }
    subprocess.run([sys.executable, "-c", WORKER], env=environment, check=True)
    assert any(b"perform later" in body for body in receiver.bodies)


def test_a_provider_of_the_authors_can_not_go_there():
    with pytest.raises(TypeError, match=r"stays in its process: make it with Tracing\.otlp"):
        pickle.dumps(Memory().tracing.activity)
    tracing = Memory().tracing
    with pytest.raises(pyflow.PyflowException, match="an interceptor can't be found by import"):
        pyflow.ActivityWorker(
            "shop", "cards", [later], client=object(), executor="processes", interceptors=[tracing.activity]
        )
