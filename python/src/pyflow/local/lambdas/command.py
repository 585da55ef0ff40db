"""The command line that runs a function: anything that speaks the Lambda Runtime API.

For a Python handler it is AWS's own client, awslambdaric.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass


class HostingError(Exception):
    """These functions can't be hosted; the message is one sentence that says why."""


@dataclass(frozen=True)
class Command:
    """A program that asks the Runtime API for invocations; `handler` is told to it as `_HANDLER`."""

    argv: tuple[str, ...]
    handler: str = ""


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
