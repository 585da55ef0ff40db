"""The process group of a function's process: who is in it, the memory it holds, and whose a connection is.

Linux tells this in /proc. Where there is none, as on macOS, nothing is measured and nobody is turned away.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from pyflow.local.lambdas.sockets import Address, inode

_PROC = Path("/proc")
_LINUX = sys.platform == "linux"
_GONE = (FileNotFoundError, ProcessLookupError)


class ProcessGroup:
    """All processes that share the group of this one; a process may leave it, by `setsid`, and is then not seen."""

    def __init__(self, leader: int) -> None:
        self._leader = leader

    def kill(self) -> None:
        """End every process of it now."""
        # the leader may be gone while a process that it started is left
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._leader, signal.SIGKILL)

    def memory(self, limit: int) -> int:
        """Bytes of memory that its processes hold together; exact where it is more than the limit.

        What they share, as after a fork, is counted for each of them unless it matters: the exact sum costs
        milliseconds for a gigabyte, the other one a read for each process.
        """
        pids = list(self._pids())
        held = sum(map(_resident, pids))
        return held if held <= limit else sum(map(_share, pids))

    def holds(self, here: Address, there: Address) -> bool:
        """Whether the connection from `there`, on this machine, to `here` is one of its processes'."""
        if not _LINUX:
            return True
        socket = inode(there, here)
        if socket is None:
            return inode(here, there) is None  # our own end, which is there: this kernel tells nothing
        return any(_has_socket(pid, socket) for pid in self._pids())

    def _pids(self) -> Iterator[int]:
        """The leader first, who mostly is all."""
        yield self._leader
        for name in os.listdir(_PROC) if _LINUX else ():  # noqa: PTH208 - no Path for each process, ten times a second
            if name.isdecimal() and (pid := int(name)) != self._leader:
                with contextlib.suppress(ProcessLookupError):
                    if os.getpgid(pid) == self._leader:
                        yield pid


def _resident(pid: int) -> int:
    """Bytes of the process in memory, whoever else has them too (proc(5), statm)."""
    try:
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except _GONE:
        return 0


def _share(pid: int) -> int:
    """Bytes of the process in memory, each page divided by the processes that have it (proc(5), smaps_rollup)."""
    try:
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except PermissionError:  # a process that took another user's rights
        return _resident(pid)
    except _GONE:
        pass
    return 0


def _has_socket(pid: int, inode: int) -> bool:
    """Whether the process has the socket open; one that can't be looked into is believed."""
    try:
        for descriptor in (_PROC / str(pid) / "fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                if str(descriptor.readlink()) == f"socket:[{inode}]":
                    return True
    except PermissionError:
        return True
    except _GONE:
        pass
    return False
