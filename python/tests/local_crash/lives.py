"""A server that is killed and started again on the same file, as often as one likes."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

ZYGOTE = Path(__file__).with_name("zygote.py")


class Lives:
    """The lives of a server, one after the other. number: of the present one."""

    def __init__(self, zygote: subprocess.Popen[str]) -> None:
        self._zygote = zygote
        self._lines: Queue[str] = Queue()
        self._pid = 0
        self._ready = threading.Condition()
        self._endpoint: tuple[str, int] | None = None
        self._over = False
        self.number = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._zygote.stdout is not None
        for line in self._zygote.stdout:
            self._lines.put(line)
        self._lines.put("the zygote has ended")

    def _next(self) -> list[str]:
        return self._lines.get(timeout=60).split()

    def begin(self, *options: str) -> None:
        """Fork a server; it is not ready yet."""
        assert self._zygote.stdin is not None
        self._zygote.stdin.write(shlex.join(options) + "\n")
        self._zygote.stdin.flush()
        word, pid = self._next()
        assert word == "pid", f"{word} {pid}"
        self._pid = int(pid)
        self.number += 1

    def wait_until_ready(self) -> None:
        """Let clients go on once it is."""
        word, url = self._next()
        assert word == "ready", f"{word} {url}"
        host, port = url.removeprefix("http://").split(":")
        with self._ready:
            self._endpoint = (host, int(port))
            self._ready.notify_all()

    def kill(self) -> None:
        """End it at once, whatever it is doing; return when it has ended."""
        os.kill(self._pid, signal.SIGKILL)
        with self._ready:
            self._endpoint = None
        while (line := self._next())[0] == "ready":
            pass  # it was killed as it said so
        assert line == ["ended", "-9"], f"the server ended by itself: {line}"

    def end(self) -> None:
        """There is no other life: let clients end."""
        with self._ready:
            self._over = True
            self._ready.notify_all()

    def endpoint(self) -> tuple[str, int] | None:
        """Where the server is, once it is; None when there will be no other."""
        with self._ready:
            self._ready.wait_for(lambda: self._endpoint is not None or self._over)
            return None if self._over else self._endpoint


@contextlib.contextmanager
def zygote() -> Iterator[Lives]:
    """Lives, and an end of them."""
    process = subprocess.Popen(
        [sys.executable, str(ZYGOTE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    lives = Lives(process)
    try:
        yield lives
    finally:
        lives.end()
        process.kill()
        process.wait()
