"""Task tokens and page tokens: opaque to clients, signed, and valid again after a restart on the same file."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from hashlib import blake2b, sha256
from hmac import compare_digest
from struct import Struct
from typing import Any, NamedTuple

from pyflow.local.engine.fault import Fault, invalid
from pyflow.local.engine.records import Request
from pyflow.local.storage.rows import encode

PAGE_LIFETIME = 24 * 3600 * 1000
"""Milliseconds that a page token lives (Amazon SWF API, nextPageToken)."""

_TASK = Struct(">cQII")
_MAC = 16
DECISION, ACTIVITY = b"D", b"A"


class TaskToken(NamedTuple):
    """What a task token says: the run's number and the events that scheduled and started the task."""

    kind: bytes
    run: int
    scheduled_id: int
    started_id: int


class Tokens:
    """Makes tokens and reads them back. secret: the key of the database they belong to."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def task(self, token: TaskToken) -> str:
        """The text of a task token."""
        return self._sign(_TASK.pack(*token))

    def read_task(self, text: str, kind: bytes) -> TaskToken:
        """The task token of a text; `Invalid token` for anything but one of that kind made here."""
        body = self._verify(text)
        if len(body) != _TASK.size or body[:1] != kind:
            raise _garbage()
        return TaskToken(*_TASK.unpack(body))

    def page(self, operation: str, request: Request, position: Any, now: int) -> str:
        """A token to continue at `position` with the same arguments."""
        body = [_scope(operation, request), now + PAGE_LIFETIME, position]
        text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)  # short: 2 048 characters at most
        return self._sign(text.encode("utf-8", "surrogatepass"))

    def read_page(self, operation: str, request: Request, now: int) -> Any:
        """The position that the request's nextPageToken stands for, or None without one."""
        text = request.get("nextPageToken")
        if not text:
            return None
        body = self._verify(text)
        if not body.startswith(b"["):
            raise _garbage()
        scope, expires, position = json.loads(body.decode("utf-8", "surrogatepass"))
        if scope != _scope(operation, request):
            raise _garbage()
        if now > expires:
            raise invalid("Specified token has exceeded its maximum lifetime")
        return position

    def _sign(self, body: bytes) -> str:
        return b64encode(self._mac(body) + body).decode("ascii")

    def _verify(self, text: str) -> bytes:
        try:
            signed = b64decode(text, validate=True)
        except ValueError:
            raise _garbage() from None
        body = signed[_MAC:]
        if not compare_digest(self._mac(body), signed[:_MAC]):
            raise _garbage()
        return body

    def _mac(self, body: bytes) -> bytes:
        return blake2b(body, digest_size=_MAC, key=self._secret).digest()


_FREE = ("nextPageToken", "maximumPageSize", "identity")
"""Arguments that may differ from page to page."""


def _scope(operation: str, request: Request) -> str:
    arguments = {name: request[name] for name in sorted(request) if name not in _FREE}
    return sha256(f"{operation} {encode(arguments)}".encode()).hexdigest()[:16]


def _garbage() -> Fault:
    return invalid("Invalid token")
