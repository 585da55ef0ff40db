"""Fixtures: real processes, started when first asked for and ended at the end. No fixed ports, no sleeps.

`local_swf` is the session's local SWF, `servers` gives one of the two implementations by name, `workers` a worker by
language and server. `launched` starts a worker and `start` any process for one test. All are ready when a test gets
them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import known_failing
import pytest
from servers import SERVERS, Server
from worker_processes import Worker, launch

from pyflow.testing.processes import Process

HERE = Path(__file__).parent
SAID = 4000  # characters of each process's log beside a failed test

_running: list[Process] = []


@pytest.fixture(scope="session")
def servers() -> Iterator[Callable[[str], Server]]:
    """Gives a server by name, started when first asked for."""
    started: dict[str, Server] = {}
    with contextlib.ExitStack() as stack:

        def server(name: str) -> Server:
            if name not in started:
                started[name] = stack.enter_context(SERVERS[name]())
                _running.append(started[name].process)
            return started[name]

        yield server


@pytest.fixture(scope="session")
def local_swf(servers: Callable[[str], Server]) -> Server:
    """The session's local SWF: `.endpoint`, `.client` (boto3), `.new_domain(about)`."""
    return servers("local")


@pytest.fixture(scope="session")
def workers(servers: Callable[[str], Server]) -> Iterator[Callable[[str, str], Worker]]:
    """Gives a worker by language and server, started when first asked for. All drain together at the end."""
    started: dict[tuple[str, str], Worker] = {}
    with contextlib.ExitStack() as stack:

        def worker(language: str, server: str) -> Worker:
            if (language, server) not in started:
                it = launch(language, servers(server))
                _run(stack, it.process)
                started[language, server] = it
            return started[language, server]

        yield worker
        for it in started.values():
            it.process.ask_to_stop()


@pytest.fixture
def launched() -> Iterator[Callable[..., Worker]]:
    """Launches a worker for this test alone, with the arguments of `worker_processes.launch`."""
    with contextlib.ExitStack() as stack:

        def launch_one(*arguments: Any, **options: Any) -> Worker:
            it = launch(*arguments, **options)
            _run(stack, it.process)
            return it

        yield launch_one


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    """Starts a command for this test alone: `start(name, command, cwd=…, environment=…)`; it prints `ready`."""
    with contextlib.ExitStack() as stack:

        def start_one(name: str, command: Sequence[str | Path], **options: Any) -> Process:
            return _run(stack, Process(name, command, **options))

        yield start_one


def _run(stack: contextlib.ExitStack, process: Process) -> Process:
    """Waits until it is ready; it ends with the test."""
    _running.append(process)
    stack.enter_context(process)
    stack.callback(_running.remove, process)
    process.wait_until_ready()
    return process


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks what known-failing.txt lists."""
    given = [Path(argument).resolve() for argument in config.args]
    known_failing.mark(items, whole=given == [HERE])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Puts beside a failure what the processes said."""
    report: Any = yield
    if report.failed:
        for process in _running:
            report.sections.append((f"{process.name} said", process.said()[-SAID:]))
    return report
