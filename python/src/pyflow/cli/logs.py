"""What long-running verbs say of their work on stderr: one line each, as text or as JSON."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, TypeVar

import click

from pyflow.worker.process.about import KEYS, about_of

F = TypeVar("F", bound=Callable[..., Any])

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "error": logging.ERROR,
}


def logs(command: F) -> F:
    """Adds --log-format and --log-level."""
    for option in (
        click.option(
            "--log-level",
            type=click.Choice(list(LEVELS)),
            default="info",
            show_default=True,
            help="On stderr.",
        ),
        click.option(
            "--log-format",
            type=click.Choice(["text", "json"]),
            default="text",
            show_default=True,
            help="Of the log on stderr; json is an object a line, with ids.",
        ),
    ):
        command = option(command)
    return command


def log_to_stderr(format: str = "text", level: str = "info") -> None:
    """Begins the log; a root logger that has handlers already keeps them."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if format == "json" else logging.Formatter(TEXT))
    logging.basicConfig(level=LEVELS[level], handlers=[handler])
    for library in ("asyncio", "boto3", "botocore", "urllib3"):
        logging.getLogger(library).setLevel(logging.WARNING)


class JsonFormatter(logging.Formatter):
    """`{"time", "level", "message"}`, the ids of what the line is about, `error` and `stack` where it tells of one."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        time = datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds")
        told = {
            "time": time.replace("+00:00", "Z"),
            "level": next(
                (name for name, least in reversed(LEVELS.items()) if record.levelno >= least), "debug"
            ),
            "message": record.getMessage(),
        }
        about = about_of(record)
        told.update({key: about[key] for key in KEYS if key in about})
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            told["error"] = f"{type(error).__name__}: {error}"
            told["stack"] = self.formatException(record.exc_info)
        elif record.exc_text:  # of a process whose activity failed
            told["error"] = record.exc_text.rpartition("\n")[2]
            told["stack"] = record.exc_text
        return json.dumps(told, ensure_ascii=False)
