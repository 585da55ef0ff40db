"""Handlers written down by the tests that run them, and processes watched until they have ended."""

from __future__ import annotations

import asyncio
import os
import select
from collections.abc import Callable
from pathlib import Path

import pytest

from pyflow.local.lambdas import Completed, Failed, HostedFunctions, TimedOut

Outcome = Completed | Failed | TimedOut


@pytest.fixture
def write_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Write app.py into a new folder, which becomes the current one."""
    monkeypatch.chdir(tmp_path)

    def write(source: str) -> None:
        (tmp_path / "app.py").write_text(source, "utf-8")

    return write


@pytest.fixture
def invoke_once(write_module: Callable[[str], None]) -> Callable[..., Outcome]:
    """Invoke app:handler of this source once; the host is closed again."""

    def invoke(source: str, payload: str = "{}", seconds: float = 20) -> Outcome:
        write_module(source)

        async def once() -> Outcome:
            functions = HostedFunctions({"app": "app:handler"})
            try:
                return await functions.invoke("app", payload, seconds)
            finally:
                await functions.close()

        return asyncio.run(once())

    return invoke


@pytest.fixture
def has_ended() -> Callable[[int], bool]:
    """Whether the process ends, within ten seconds; one that nobody has reaped has ended too."""

    def ended(pid: int) -> bool:
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return True
        try:
            readable, _, _ = select.select([descriptor], [], [], 10)
            return bool(readable)
        finally:
            os.close(descriptor)

    return ended
