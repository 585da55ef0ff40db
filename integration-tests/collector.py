"""A collector of traces: it takes OTLP over HTTP, as JSON or as protobuf, and keeps the spans."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Seen:
    """A span as it came; ids in hex, times in nanoseconds. links: where to, by `pyflow.link`; service: who sent it."""

    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    start: int
    end: int
    failed: bool
    attributes: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class Collector:
    """Takes spans at `url` while its `with` lasts."""

    def __init__(self) -> None:
        self.spans: list[Seen] = []
        self.bodies: list[str] = []
        """All that came, as JSON."""
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                as_json = self.headers["Content-Type"].startswith("application/json")
                if self.path == "/v1/traces":
                    collector.take(json.loads(body) if as_json else from_protobuf(body))
                self.send_response(200)
                self.send_header("Content-Type", self.headers["Content-Type"])
                self.send_header("Content-Length", "2" if as_json else "0")
                self.end_headers()
                self.wfile.write(b"{}" if as_json else b"")

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Collector:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, document: dict[str, Any]) -> None:
        """Keeps the spans of a request."""
        self.bodies.append(json.dumps(document))
        for resource in document["resourceSpans"]:
            service = attributes(resource["resource"])["service.name"]
            for scope in resource["scopeSpans"]:
                self.spans.extend(seen(service, span) for span in scope["spans"])


def seen(service: str, span: Mapping[str, Any]) -> Seen:
    """A span, of OTLP's JSON."""
    return Seen(
        service,
        span["name"],
        span["traceId"],
        span["spanId"],
        span.get("parentSpanId", ""),
        int(span["startTimeUnixNano"]),
        int(span["endTimeUnixNano"]),
        span.get("status", {}).get("code") in (2, "STATUS_CODE_ERROR"),
        attributes(span),
        {
            attributes(link)["pyflow.link"]: (link["traceId"], link["spanId"])
            for link in span.get("links", [])
        },
    )


def attributes(of: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as a map of plain values."""
    found = {}
    for each in of.get("attributes", []):
        [(kind, value)] = each["value"].items()
        found[each["key"]] = int(value) if kind == "intValue" else value
    return found


def from_protobuf(body: bytes) -> dict[str, Any]:
    """The same request in OTLP's JSON, whose ids are hex and not base64."""
    request = ExportTraceServiceRequest.FromString(body)
    document: dict[str, Any] = MessageToDict(request)
    for resource, said in zip(request.resource_spans, document["resourceSpans"], strict=True):
        for scope, described in zip(resource.scope_spans, said["scopeSpans"], strict=True):
            for span, written in zip(scope.spans, described["spans"], strict=True):
                written["traceId"], written["spanId"] = span.trace_id.hex(), span.span_id.hex()
                written["parentSpanId"] = span.parent_span_id.hex()
                for link, of in zip(span.links, written.get("links", []), strict=True):
                    of["traceId"], of["spanId"] = link.trace_id.hex(), link.span_id.hex()
    return document
