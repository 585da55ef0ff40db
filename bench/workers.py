"""The workers of three languages, and bare loops on their clients, as processes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from plain_http import Connection
from servers import DOMAIN, HERE, Process, modules_here

ROOT = HERE.parent
CLASSES = ROOT / ".build" / "bench-classes"
"""Where `make setup` compiles this folder's Java to."""

RUBY = os.environ.get("RUBY", "ruby")
JAR = ROOT / "java-worker" / "target" / "pyflow-worker-all.jar"
RUNNER = ROOT / "java-worker" / "bin" / "pyflow-worker"
JAVA_FLAGS = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]  # the runner's
WORKERS: dict[str, list[str | Path]] = {
    "python": [sys.executable, "-m", "pyflow", "worker", "bench_activities"],
    "ruby": [
        RUBY,
        ROOT / "ruby-worker" / "exe" / "pyflow-worker",
        "-r",
        HERE / "activities" / "bench_activities.rb",
    ],
    "java": [RUNNER, "--classpath", CLASSES, "--activities", "BenchActivities"],
}
BARE: dict[str, list[str | Path]] = {
    "python": [sys.executable, HERE / "bare" / "loop.py"],
    "ruby": [RUBY, "-I", ROOT / "ruby-worker" / "lib", HERE / "bare" / "loop.rb"],
    "java": ["java", *JAVA_FLAGS, "-cp", f"{CLASSES}:{JAR}", "Loop"],
}
CODING: dict[str, list[str | Path]] = {
    "ruby": [RUBY, "-I", ROOT / "ruby-worker" / "lib", HERE / "coding_of" / "coding.rb"],
    "java": ["java", "-Xbatch", "-cp", f"{CLASSES}:{JAR}", "Coding"],
}
LANGUAGES = tuple(WORKERS)
COMPILED = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(ROOT / ".build" / "bench-bytecode")}
"""Python's modules are compiled once, as an installer does or the first start, whatever the environment says."""

QUIET = {"ruby": ["--log-level", "warn"]}
"""Ruby's worker writes a line a task unless told otherwise; the others don't."""


def started(language: str, endpoint_url: str, task_list: str, *options: str) -> Process:
    """The language's worker, on a task list of domain `bench`; it may not be ready yet."""
    where = ["--domain", DOMAIN, "--endpoint-url", endpoint_url, "--task-list", task_list]
    command = [*WORKERS[language], *where, *QUIET.get(language, []), *options]
    return Process(f"{language}-worker", command, environment={**modules_here("activities"), **COMPILED})


@contextmanager
def worker(language: str, endpoint_url: str, task_list: str, *options: str) -> Iterator[Process]:
    """The same, ready; killed at the end, since a stop would wait for its polls."""
    with started(language, endpoint_url, task_list, *options) as process:
        try:
            process.wait_until_ready()
            yield process
        finally:
            process.kill()


@contextmanager
def bare(language: str, endpoint_url: str, task_list: str, threads: int, *options: str) -> Iterator[Process]:
    """The language's bare loop, in so many threads."""
    command = [*BARE[language], endpoint_url, task_list, str(threads), *options]
    with Process(f"{language}-loop", command, environment=modules_here()) as process:
        try:
            process.wait_until_ready()
            yield process
        finally:
            process.kill()


class NullSwf:
    """A server of `null_swf.py`, and a connection to it."""

    def __init__(self, process: Process) -> None:
        self.endpoint_url = process.wait_until_ready().split()[1]
        self._connection = Connection(self.endpoint_url)

    def offer(self, task_list: str, count: int) -> None:
        """Hands out so many tasks; returns once all are completed."""
        self._ask("Offer", task_list, count=count)

    def await_poll(self, task_list: str) -> None:
        """Returns once a poll waits."""
        self._ask("AwaitPoll", task_list)

    def _ask(self, operation: str, task_list: str, **more: Any) -> None:
        self._connection.call(operation, taskList={"name": task_list}, **more)


@contextmanager
def null_swf() -> Iterator[NullSwf]:
    """The server that hands out tasks that do nothing."""
    with Process("null-swf", [sys.executable, HERE / "null_swf.py"]) as process:
        yield NullSwf(process)
