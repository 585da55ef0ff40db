"""SWF by plain HTTP: requests that are sent now and read later, for polls that are to wait."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from servers import DOMAIN

AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/swf/aws4_request, "
    f"SignedHeaders=host;x-amz-date;x-amz-target, Signature={0:064x}"
)

PATIENCE = 300.0  # seconds for one answer


class Connection:
    """A connection that sends one request at a time."""

    def __init__(self, endpoint_url: str) -> None:
        address = urlsplit(endpoint_url)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=PATIENCE)

    def send(self, operation: str, **request: Any) -> None:
        """Send a request in domain `bench`, and read nothing."""
        headers = {
            "X-Amz-Target": f"SimpleWorkflowService.{operation}",
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Date": "20260101T000000Z",
            "Authorization": AUTHORIZATION,
        }
        self._connection.request("POST", "/", json.dumps({"domain": DOMAIN, **request}), headers)

    def read(self) -> dict[str, Any]:
        """The answer; waits for it."""
        response = self._connection.getresponse()
        text = response.read()
        assert response.status == 200, text
        return dict(json.loads(text or "{}"))

    def call(self, operation: str, **request: Any) -> dict[str, Any]:
        """A request and its answer."""
        self.send(operation, **request)
        return self.read()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
