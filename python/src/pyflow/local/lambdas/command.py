"""The command line that runs a function: anything that speaks the Lambda Runtime API.

For a Python handler it is AWS's own client, awslambdaric.
"""

from __future__ import annotations

import importlib.util
import shlex
import shutil
import sys
from dataclasses import dataclass


class HostingError(Exception):
    """These functions can't be hosted; the message is one sentence that says why."""


@dataclass(frozen=True)
class Command:
    """A program that asks the Runtime API for invocations; `handler` is told to it as `_HANDLER`."""

    argv: tuple[str, ...]
    handler: str = ""

    @classmethod
    def of(cls, text: str) -> Command:
        """The command in a text: words as a shell splits them, and no shell that would expand anything.

        Raises HostingError where a quotation is left open, or there is no word.
        """
        try:
            words = shlex.split(text)
        except ValueError as error:
            raise HostingError(
                f"command {text!r} can't be split into words: {str(error).lower()}, "
                "quote as for a POSIX shell"
            ) from error
        if not words:
            raise HostingError(f"command {text!r} names no program: write one, as in 'node loop.mjs'")
        return cls(tuple(words))


def runnable(name: str, command: Command) -> Command:
    """The command, whose program is there; a path in it starts from the current directory.

    Raises HostingError where it is not.
    """
    if not command.argv or shutil.which(command.argv[0]) is None:
        program = command.argv[0] if command.argv else ""
        raise HostingError(
            f"lambda function {name!r} can't be hosted because {program!r} is no program here: "
            "write its path, or put its folder into PATH"
        )
    return command


def python_handler(name: str, target: str) -> Command:
    """The command for `module:function`, found from the current directory and PYTHONPATH.

    Raises HostingError where the target is written otherwise, or awslambdaric is missing.
    """
    module, _, function = target.partition(":")
    if not function.isidentifier() or not all(part.isidentifier() for part in module.split(".")):
        raise HostingError(
            f"lambda function {name!r} is {target!r}, not a handler: write module:function, as in app:handler"
        )
    # runtime_client is awslambdaric's compiled part, which is there on Linux alone
    for needed in ("awslambdaric", "runtime_client"):
        if importlib.util.find_spec(needed) is None:
            raise HostingError(
                f"lambda function {name!r} can't be hosted because {needed} is not installed: "
                "pip install 'pyflow-swf[local]' brings it on Linux; elsewhere use --lambda-endpoint"
            )
    handler = f"{module}.{function}"
    return Command((sys.executable, "-m", "awslambdaric", handler), handler)
