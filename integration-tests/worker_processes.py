"""The activity workers of workers.json, as processes."""

from __future__ import annotations

import json
import os
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path

from servers import Server

from pyflow.errors import PyflowException
from pyflow.testing.processes import Process

ROOT = Path(__file__).parents[1]
LINES = {line["language"]: line for line in json.loads((ROOT / "integration-tests/workers.json").read_text())}
LANGUAGES = tuple(LINES)


@dataclass(frozen=True)
class Worker:
    """A worker that is ready, with a domain and a task list of its own."""

    language: str
    server: Server
    domain: str
    task_list: str
    process: Process


def launch(
    language: str, server: Server, *, domain: str | None = None, arguments: tuple[str, ...] = ()
) -> Worker:
    """Starts the language's worker, with more arguments of its command line; it may not be ready yet.

    Raises PyflowException, with the command that builds it, where it is not built.
    """
    domain = domain or server.new_domain(language)
    task_list = f"{language}-{uuid.uuid4().hex[:8]}"
    command, folder = command_line(language, endpoint=server.endpoint, domain=domain, task_list=task_list)
    process = Process(f"{language}-worker", [*command, *arguments], cwd=folder)
    return Worker(language, server, domain, task_list, process)


def command_line(language: str, **values: str) -> tuple[list[str], Path]:
    """The command that starts the worker with an `endpoint`, a `domain` and a `task_list`, and where to run it.

    Raises PyflowException, with the command that builds it, where it is not built.
    """
    line = LINES[language]
    values = {"bin": str(Path(sys.executable).parent), "ruby": os.environ.get("RUBY", "ruby"), **values}
    for needed in line["needs"]:
        if not (ROOT / needed.format(**values)).exists():
            raise PyflowException(f"the {language} worker has no {needed.format(**values)}: {line['build']}")
    return [part.format(**values) for part in line["command"]], ROOT / line["directory"]
