"""What a function prints, told to our stderr line by line, each behind the function's name."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys

LINE_LIMIT = 65_536
"""Bytes after which a line is broken, so that a handler which prints no newline can't fill the memory."""

# awslambdaric ends the lines of one log record with \r and indents them with no-break spaces
_LINE_END = re.compile(rb"\r?\n|\r")


class Output:
    """A pipe to give to a process as its stdout and stderr.

    A pipe of our own: asyncio's would hold back the news of an exit for as long as anyone has it open.
    """

    def __init__(self, name: str) -> None:
        self._prefix = f"[{name}] "
        self._partial = b""
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._read_end, self._take)

    def started(self) -> None:
        """The process has its copy of the write end: close ours."""
        if self.write_end >= 0:
            os.close(self.write_end)
            self.write_end = -1

    def close(self) -> None:
        """Tell what is left, and close."""
        self.started()
        if self._read_end < 0:
            return
        for _ in range(16):  # a pipe holds at most 1 MiB (pipe(7)): enough, whoever still writes to it
            if not self._take():
                break
        if self._partial:
            self._tell([self._partial])
            self._partial = b""
        self._loop.remove_reader(self._read_end)
        os.close(self._read_end)
        self._read_end = -1

    def _take(self) -> bool:
        """Tell the whole lines that are there; False at the end, or when nothing is there."""
        try:
            chunk = os.read(self._read_end, LINE_LIMIT)
        except BlockingIOError:
            return False
        if not chunk:
            self._loop.remove_reader(self._read_end)
            return False
        *lines, self._partial = _LINE_END.split(self._partial + chunk)
        if len(self._partial) > LINE_LIMIT:
            lines, self._partial = [*lines, self._partial], b""
        self._tell(lines)
        return True

    def _tell(self, lines: list[bytes]) -> None:
        texts = [line.decode("utf-8", "backslashreplace").replace("\u00a0", " ") for line in lines]
        # our stderr may be closed, or may not know a character: a handler's print is no reason to fail
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write("".join(f"{self._prefix}{text}\n" for text in texts))
            sys.stderr.flush()
