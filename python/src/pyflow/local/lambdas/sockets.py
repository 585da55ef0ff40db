"""Which socket has the other end of a loopback connection, as Linux tells it.

By one netlink question (sock_diag(7)): /proc/net/tcp has the same answer, and costs the kernel milliseconds.
"""

from __future__ import annotations

import socket
import struct

Address = tuple[str, int]

_SOCK_DIAG = 4  # linux/netlink.h
_BY_FAMILY = 20  # linux/sock_diag.h
_HEADER = struct.Struct("=IHHII")  # struct nlmsghdr
_REQUEST = struct.Struct("=BBBBI")  # struct inet_diag_req_v2, up to its id
_PORTS = struct.Struct("!HH16s16s")  # struct inet_diag_sockid, which ends with an interface and a cookie
_ANY_COOKIE = struct.pack("=III", 0, 0xFFFFFFFF, 0xFFFFFFFF)
_INODE = struct.Struct("=16x68xI")  # after nlmsghdr, where struct inet_diag_msg has it
_ALL_STATES = 0xFFFFFFFF


def inode(local: Address, remote: Address) -> int | None:
    """The inode of the TCP socket that is at `local` and connected to `remote`, 0 if no process has it any more.

    IPv4 addresses; a socket for IPv6 that speaks IPv4, as a JVM's, is found by them too. None where there is none, or
    this kernel does not tell.
    """
    (host, port), (remote_host, remote_port) = local, remote
    ends = _PORTS.pack(port, remote_port, socket.inet_aton(host), socket.inet_aton(remote_host))
    request = _REQUEST.pack(socket.AF_INET, socket.IPPROTO_TCP, 0, 0, _ALL_STATES) + ends + _ANY_COOKIE
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _SOCK_DIAG) as kernel:
            kernel.send(_HEADER.pack(_HEADER.size + len(request), _BY_FAMILY, 1, 1, 0) + request)
            answer = kernel.recv(4096)
    except OSError:
        return None
    _, kind, _, _, _ = _HEADER.unpack_from(answer)
    if kind != _BY_FAMILY:  # an error: ENOENT
        return None
    [found] = _INODE.unpack_from(answer)
    return int(found)
