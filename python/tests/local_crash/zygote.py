"""Forks servers that have everything imported already, one after the other: a start costs no more than the server's own.

A line of arguments on stdin starts `pyflow local` with them. On stdout come `pid N`, what the server says, and, once
it has ended, `ended STATUS`.
"""

from __future__ import annotations

import os
import shlex
import sys

from pyflow.local.__main__ import local


def main() -> None:
    """Serve until stdin ends."""
    for line in iter(sys.stdin.readline, ""):
        child = os.fork()
        if child == 0:
            print(f"pid {os.getpid()}", flush=True)
            local.main(shlex.split(line), prog_name="pyflow local")
        _, status = os.waitpid(child, 0)
        print(f"ended {os.waitstatus_to_exitcode(status)}", flush=True)


if __name__ == "__main__":
    main()
