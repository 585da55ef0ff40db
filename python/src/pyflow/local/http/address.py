"""Where the server listens, and by which names it is called there."""

from __future__ import annotations

import ipaddress
import socket


class AddressRefused(Exception):
    """The address can't be listened on; the message says why in one sentence."""


def listening(host: str, port: int, *, allow_remote: bool = False) -> socket.socket:
    """A socket that listens on a loopback address; on any, where others may ask. Raises AddressRefused."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise AddressRefused(f"host {host} has no address: {error.strerror}") from error
    if not allow_remote and not ipaddress.ip_address(address[0]).is_loopback:
        raise AddressRefused(
            f"host {host} is not of this machine alone: choose a loopback address such as 127.0.0.1, "
            "or let others ask with --allow-remote"
        )
    # with its protocol named: asyncio turns Nagle's algorithm off for no other socket
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(2048)
    except OSError as error:
        sock.close()
        raise AddressRefused(
            f"port {port} of {host} can't be listened on ({error.strerror}): choose another, or --port 0"
        ) from error
    sock.setblocking(False)
    return sock


def url_of(sock: socket.socket) -> str:
    """The endpoint that clients use."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def names_of(host: str) -> tuple[str, ...]:
    """What other machines may call this one, besides its addresses. host: what it was told to listen on."""
    return tuple(name for name in (host, socket.gethostname()) if not _is_address(name))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
