"""Real processes for tests and demos: started, waited for until they say `ready`, and always ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from pyflow.errors import PyflowException

LOCAL_ENVIRONMENT = {  # so that no client of any language looks for credentials or a region elsewhere
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


class Process:
    """A process that prints a line beginning with `ready` when it can be used.

    Its stderr, and its stdout after that line, go to `log`, a temporary file. `with` stops it.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.ready_line = ""
        descriptor, log = tempfile.mkstemp(prefix=f"pyflow-{name}-", suffix=".log")
        self.log = Path(log)
        self._log = os.fdopen(descriptor, "wb")
        try:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd,
                env={**os.environ, **LOCAL_ENVIRONMENT, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._log,
            )
        except OSError as error:
            self._close_log()
            raise PyflowException(f"{name} can't be started: {error}") from None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._is_ready = threading.Event()
        self._reader.start()

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
        self.forget()

    def wait_until_ready(self, seconds: float = 120) -> str:
        """The ready line. Raises PyflowException with what the process said when it ends or takes too long."""
        self._is_ready.wait(seconds)
        if not self.ready_line:
            ended = self.process.poll()
            how = (
                f"ended with status {ended}" if ended is not None else f"was not ready within {seconds:.0f} s"
            )
            self.stop()
            raise PyflowException(f"{self.name} {how}: {self.said().strip()[-2000:] or 'it said nothing'}")
        return self.ready_line

    def said(self) -> str:
        """What it wrote to stderr, and to stdout after the ready line."""
        with contextlib.suppress(ValueError):
            self._log.flush()
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def ask_to_stop(self) -> None:
        """SIGTERM; returns at once."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float = 90) -> int:
        """Its exit status, once it has ended; killed, and reported as -9, when that takes longer."""
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self._reader.join(5)
        return status

    def stop(self, seconds: float = 30) -> int:
        """SIGTERM, and its exit status."""
        self.ask_to_stop()
        return self.wait(seconds)

    def kill(self) -> int:
        """SIGKILL, as a crash would."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        return self.wait()

    def forget(self) -> None:
        """Removes the log."""
        self._close_log()
        self.log.unlink(missing_ok=True)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if not self.ready_line and line.startswith(b"ready"):
                self.ready_line = line.decode().strip()
                self._is_ready.set()
            else:
                with contextlib.suppress(ValueError):
                    self._log.write(line)
        self._is_ready.set()

    def _close_log(self) -> None:
        with contextlib.suppress(OSError):
            self._log.close()


@contextlib.contextmanager
def local_swf_process(*arguments: str, cwd: Path | None = None) -> Iterator[tuple[Process, str]]:
    """`python -m pyflow.local --port 0` with more arguments; the process and its endpoint URL."""
    command = [sys.executable, "-m", "pyflow.local", "--port", "0", *arguments]
    with Process("local-swf", command, cwd=cwd) as process:
        yield process, process.wait_until_ready().split()[1]
