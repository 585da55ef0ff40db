"""How much a client may ask of the server: no request, and no number of them, takes more than its share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from pyflow.local.engine.fault import Fault
from pyflow.local.wire.wire import LARGEST_REQUEST

CONNECTIONS = 10_000
"""Long polls hold one each; an idle one costs some 12 KB."""

SPARE_FILES = 128
"""Left for the database, for processes of Lambda functions and their ports."""


@dataclass(frozen=True)
class Bounds:
    """Most bytes of a request's head and their most headers; of its body; seconds until it must be there, whole; and
    connections at a time."""

    head: int = 65_536
    headers: int = 100
    body: int = LARGEST_REQUEST
    seconds: float = 30.0
    connections: int = CONNECTIONS

    def check_head(self, target: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Return if a head is within bounds. target: how long the request's is. Raises Fault."""
        if len(headers) > self.headers:
            raise _too_much(f"the request has more than {self.headers} headers")
        if target + sum(map(len, chain.from_iterable(headers))) > self.head:
            raise self.head_fault()

    def head_fault(self) -> Fault:
        """What is said of a head that is too long."""
        return _too_much(f"the head of the request is longer than {self.head} bytes")

    def check_length(self, headers: Mapping[bytes, bytes]) -> None:
        """Return if a request does not say that its body will be too long. Raises Fault."""
        # httptools lets only digits through
        if int(headers.get(b"content-length", b"0")) > self.body:
            raise self.body_fault()

    def body_fault(self) -> Fault:
        """What is said of a body that is too long."""
        return _too_much(f"the body is longer than {self.body} bytes")


def _too_much(message: str) -> Fault:
    return Fault("SerializationException", message)


try:
    import resource
except ImportError:  # not on Windows, which has no such limit

    def raise_file_limit() -> None:
        """Let this process open as many files as so many connections need, where it may."""

    def connections_allowed() -> int:
        """How many connections the open-file limit leaves room for."""
        return CONNECTIONS

else:

    def raise_file_limit() -> None:
        """Let this process open as many files as so many connections need, where it may."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = CONNECTIONS + SPARE_FILES
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            except (ValueError, OSError):
                return  # macOS says a limit that it does not keep to: fewer connections, then

    def connections_allowed() -> int:
        """How many connections the open-file limit leaves room for."""
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft == resource.RLIM_INFINITY:
            return CONNECTIONS
        return max(1, min(CONNECTIONS, soft - SPARE_FILES))
