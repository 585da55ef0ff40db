"""Who may ask, by a request's headers alone: programs, and no page that somebody's browser shows.

A page reaches a port of its reader's machine in two ways. By a name of its own that leads here (DNS rebinding):
then the `Host` is that name. Across sites, as forms and `fetch` do: then the browser says so in `Origin` or
`Sec-Fetch-Site` (Fetch standard; W3C Fetch Metadata), which no program sends. Nothing here ever answers with a
header of CORS, so that a page may neither send what needs leave, as `X-Amz-Target` does, nor read an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address

from pyflow.local.engine.fault import Fault

ONCE = (
    b"host",
    b"origin",
    b"sec-fetch-site",
    b"content-type",
    b"content-length",
    b"authorization",
    b"x-amz-date",
    b"x-amz-target",
    b"x-amz-security-token",
    b"x-amz-content-sha256",
)
"""Headers that a request must not have twice: which of them would count?"""

JSON = (b"application/x-amz-json-1.0", b"application/json")
"""The types of a call; the other one is old SDKs'. A form can send neither, and a page a POST without any."""

_HOST = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253}))(?::[0-9]{1,5})?", re.IGNORECASE)


class Guard:
    """Lets requests in, or says why not.

    names: what this machine may be called by others, besides any IP address, which no name server can bend;
    None where only this machine itself may ask, by `localhost` or a loopback address.
    """

    def __init__(self, names: Iterable[str] | None = None) -> None:
        self._names = None if names is None else frozenset(name.lower() for name in names)
        self._ours = lru_cache(256)(self._is_ours)

    def admit(self, method: str, headers: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
        """The headers by their lower-case names. Raises Fault."""
        fields = dict(headers)
        if len(fields) != len(headers):
            fields = _joined(headers)
        host = fields.get(b"host")
        if host is None:
            raise Fault("SerializationException", "the request has no Host header")
        if not self._ours(host):
            raise _denied(f"Host {_shown(host)} is no name of this machine: {self._advice()}")
        if b"origin" in fields:
            raise _denied(f"a page of {_shown(fields[b'origin'])} may not ask: no browser page may")
        if fields.get(b"sec-fetch-site", b"none") != b"none":
            raise _denied("a browser page may not ask, only programs may")
        if (
            method == "POST"
            and fields.get(b"content-type", b"").partition(b";")[0].strip().lower() not in JSON
        ):
            sent = _shown(fields.get(b"content-type", b"(none)"))
            raise _denied(
                f"Content-Type {sent} is what a browser page can send: calls are {JSON[0].decode()}"
            )
        return fields

    def _is_ours(self, host: bytes) -> bool:
        found = _HOST.fullmatch(host.decode("latin-1"))
        if found is None:
            return False
        name = (found[1] or found[2]).lower()
        try:
            address = ip_address(name)
        except ValueError:
            return name == "localhost" or (self._names is not None and name in self._names)
        return (address.version == 6) == (found[1] is not None) and (
            address.is_loopback or self._names is not None
        )

    def _advice(self) -> str:
        if self._names is None:
            return "use localhost or 127.0.0.1"
        return f"use its address, or {' or '.join(sorted(self._names | {'localhost'}))}"


def _joined(headers: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Headers some of which came more than once, as one each (RFC 9110, 5.3)."""
    fields: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in fields and name in ONCE:
            raise Fault("SerializationException", f"the request has more than one {name.decode()} header")
        fields[name] = b",".join((fields[name], value)) if name in fields else value
    return fields


def _denied(message: str) -> Fault:
    return Fault("AccessDeniedException", message)


def _shown(value: bytes) -> str:
    text = value.decode("latin-1")
    return text if len(text) <= 64 else f"{text[:64]}..."
