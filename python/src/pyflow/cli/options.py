"""Options that several verbs share, and how an error becomes one sentence and an exit status."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from pyflow.cli.sentences import sentence_of
from pyflow.errors import PyflowException, WaitTimedOutException

F = TypeVar("F", bound=Callable[..., Any])

EXIT_FAILED = 1  # the work failed or was abandoned
EXIT_BAD_INPUT = 2
EXIT_STILL_OPEN = 3  # what was waited for did not happen in time


def connection(command: F) -> F:
    """Adds --domain, --endpoint-url and --region."""
    for option in (
        click.option("--region", help="AWS region; default: boto3's own configuration."),
        click.option(
            "--endpoint-url",
            help="SWF endpoint; default: AWS_ENDPOINT_URL_SWF, then AWS_ENDPOINT_URL, then AWS.",
        ),
        click.option("--domain", envvar="PYFLOW_DOMAIN", required=True, help="SWF domain; or PYFLOW_DOMAIN."),
    ):
        command = option(command)
    return command


def payloads(command: F) -> F:
    """Adds --key-file and --store."""
    for option in (
        click.option(
            "--store",
            "stores",
            multiple=True,
            metavar="[NAME=]WHERE",
            help="Folder or s3://BUCKET/PREFIX for what SWF can't hold; repeatable, the first is written to;"
            " or PYFLOW_STORE.",
        ),
        click.option(
            "--key-file",
            metavar="FILE",
            help="JSON of the keys that payloads are encrypted with; or PYFLOW_KEY_FILE.",
        ),
    ):
        command = option(command)
    return command


def one_sentence(command: F) -> F:
    """Turns the errors that a user can mend into one sentence on stderr and exit status 2."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except WaitTimedOutException as error:
            fail(str(error), EXIT_STILL_OPEN)
        except PyflowException as error:
            fail(str(error))
        except Exception as error:
            if (sentence := sentence_of(error)) is None:
                raise
            fail(sentence)

    return wrapped  # type: ignore[return-value]


def fail(sentence: str, status: int = EXIT_BAD_INPUT) -> None:
    """Says the sentence on stderr and ends the process with the status."""
    click.echo(f"pyflow: {sentence}", err=True)
    sys.exit(status)
