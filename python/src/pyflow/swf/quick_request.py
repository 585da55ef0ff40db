"""Requests that are like one that botocore signed, but for their body, their time and their credentials."""

from __future__ import annotations

import copy
import re
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

from pyflow.swf.sigv4 import Scope, authorization

SIGNING = ("request-created", "choose-signer", "before-sign", "before-send")
"""The events whose hooks see a request that is to be signed or is signed."""
_SCOPE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=[^/]+/\d{8}/([^/]+)/([^/]+)/aws4_request, SignedHeaders=([^,]+),"
)
_SIGNED = {"content-type", "host", "x-amz-date", "x-amz-security-token", "x-amz-target"}


class QuickRequest:
    """A request of one operation of one client, to be sent again and again with other bodies."""

    def __init__(self, operation: str, request: dict[str, Any], prepared: Any, scope: Scope) -> None:
        self._events = tuple(f"{event}.swf.{operation}" for event in SIGNING)
        self._url, self._asked = request["url"], dict(request["headers"])
        self._prepared, self._scope = prepared, scope
        parts = urlsplit(self._url)
        default = {"http": 80, "https": 443}.get(parts.scheme)
        self._host = parts.hostname or ""
        if parts.port is not None and parts.port != default:
            self._host = f"{self._host}:{parts.port}"
        volatile = {
            "authorization",
            "x-amz-date",
            "x-amz-security-token",
            "content-length",
            "amz-sdk-invocation-id",
        }
        self._headers = {
            name: value for name, value in prepared.headers.items() if name.lower() not in volatile
        }

    @classmethod
    def like(cls, client: Any, operation: str, request: dict[str, Any], prepared: Any) -> QuickRequest | None:
        """None where the request is not signed as AWS4 with plain credentials, or not the same way by us."""
        try:
            given = _text(prepared.headers["Authorization"])
            found = _SCOPE.match(given)
            if found is None or not set(found[3].split(";")) <= _SIGNED:
                return None
            quick = cls(operation, request, prepared, Scope(found[1], found[2]))
            timestamp = _text(prepared.headers["X-Amz-Date"])
            same = quick._fields(client, prepared.body, timestamp)["Authorization"] == given
            return quick if same and quick.fits(client, request) else None
        except (AttributeError, KeyError, TypeError):
            return None

    def fits(self, client: Any, request: dict[str, Any]) -> bool:
        """Whether nobody but botocore has a say in what is sent beside the body, and it is a first attempt."""
        if request["context"]["retries"]["attempt"] > 1:
            return False
        if request["url"] != self._url or request["headers"] != self._asked:
            return False
        found = client.meta.events._emitter._handlers.prefix_search
        return all(_module(hook).startswith("botocore.") for event in self._events for hook in found(event))

    def signed(self, client: Any, request: dict[str, Any]) -> Any:
        """The request with its own body, as of now, by the credentials of now."""
        body = request["body"]
        timestamp = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        prepared = copy.copy(self._prepared)
        prepared.body, prepared.context = body, request["context"]
        prepared.headers = {
            **self._headers,
            **self._fields(client, body, timestamp),
            "amz-sdk-invocation-id": request["context"]["retries"]["invocation-id"],
            "Content-Length": str(len(body)),
        }
        return prepared

    def _fields(self, client: Any, body: bytes, timestamp: str) -> dict[str, str]:
        signer = client._request_signer
        credentials = signer.get_auth_instance(self._scope.service, self._scope.region, "v4").credentials
        signed = {
            "content-type": _text(self._headers["Content-Type"]),
            "host": self._host,
            "x-amz-date": timestamp,
        }
        fields = {"X-Amz-Date": timestamp}
        if credentials.token:
            signed["x-amz-security-token"] = fields["X-Amz-Security-Token"] = credentials.token
        signed["x-amz-target"] = _text(self._headers["X-Amz-Target"])
        fields["Authorization"] = authorization(
            self._scope, credentials.access_key, credentials.secret_key, timestamp, signed, body
        )
        return fields


def _module(hook: Any) -> str:
    return getattr(hook, "__module__", None) or ""


def _text(header: str | bytes) -> str:
    return header.decode("latin-1") if isinstance(header, bytes) else header
