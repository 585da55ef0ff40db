"""Fixtures of the local SWF's tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from local.direct import Direct

Command = Callable[..., tuple["subprocess.Popen[str]", Any]]


@pytest.fixture
def swf(monkeypatch: pytest.MonkeyPatch) -> Direct:
    """A service in memory whose clock stands still."""
    direct = Direct()
    direct.monkeypatch = monkeypatch
    return direct


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Where a database may be made."""
    return str(tmp_path / "swf.db")


@pytest.fixture
def command() -> Iterator[Command]:
    """Starts the command with some options; gives the process and a client once it is ready."""
    started = []

    def start(*options: str) -> tuple[subprocess.Popen[str], Any]:
        process = subprocess.Popen(
            [sys.executable, "-m", "pyflow.local", "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        ready, url = process.stdout.readline().split()
        assert ready == "ready"
        return process, client_of(url)

    yield start
    for process in started:
        process.kill()
        process.communicate()


def client_of(url: str) -> Any:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "y", "region_name": "us-east-1"}
    config = Config(read_timeout=70, retries={"total_max_attempts": 1})
    return boto3.Session().client("swf", endpoint_url=url, config=config, **keys)
