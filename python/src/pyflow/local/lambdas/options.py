"""What the command line says about Lambda functions, and the functions that come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from pyflow.local.lambdas.command import Command, HostingError
from pyflow.local.lambdas.forwarded import ForwardedFunctions
from pyflow.local.lambdas.function import LONGEST, MEMORY, Limits
from pyflow.local.lambdas.hosted import HostedFunctions
from pyflow.local.lambdas.outcome import Functions


def functions_of(
    handlers: Sequence[str] = (),
    commands: Sequence[str] = (),
    memory: Sequence[str] = (),
    timeouts: Sequence[str] = (),
    concurrency: int = 4,
    endpoint: str | None = None,
) -> Callable[[], Functions | None]:
    """What makes the functions that were asked for, once a loop runs; it makes None where none were.

    handlers: `NAME=module:function`; commands: `NAME=COMMAND`; memory, timeouts: `NAME=NUMBER`, or a number for every
    function. Raises HostingError, with the option.
    """
    targets = dict(_targets(handlers, commands))
    if targets and endpoint:
        raise HostingError(
            "--lambda-endpoint excludes --lambda and --lambda-command: functions are hosted or forwarded"
        )
    megabytes = _numbers("--lambda-memory", memory, "MB", targets)
    seconds = _numbers("--lambda-timeout", timeouts, "SECONDS", targets)
    limits = {
        name: Limits(
            megabytes.get(name, megabytes.get("", MEMORY)), seconds.get(name, seconds.get("", LONGEST))
        )
        for name in targets
    }
    if endpoint:
        return lambda: ForwardedFunctions(endpoint)
    if targets:
        return lambda: HostedFunctions(targets, concurrency=concurrency, limits=limits)
    return lambda: None


def _targets(handlers: Sequence[str], commands: Sequence[str]) -> Iterable[tuple[str, str | Command]]:
    seen: set[str] = set()
    for option, texts, form in (
        ("--lambda", handlers, "NAME=module:function"),
        ("--lambda-command", commands, "NAME=COMMAND"),
    ):
        for text in texts:
            name, equals, target = text.partition("=")
            if not (name and equals) or (option == "--lambda" and ":" not in target):
                raise HostingError(f"{option} {text} is not {form}")
            if name in seen:
                raise HostingError(f"{option} {text}: there is a function {name} already, give it once")
            seen.add(name)
            yield name, target if option == "--lambda" else _command(text, target)


def _command(text: str, target: str) -> Command:
    try:
        return Command.of(target)
    except HostingError as error:
        raise HostingError(f"--lambda-command {text}: {error}") from error


def _numbers(option: str, texts: Sequence[str], unit: str, functions: Mapping[str, object]) -> dict[str, int]:
    """The number for each function that has one of its own, and under no name that of all others."""
    numbers: dict[str, int] = {}
    for text in texts:
        name, equals, number = text.rpartition("=")
        if (equals and not name) or not (number.isascii() and number.isdecimal()):
            raise HostingError(f"{option} {text} is not {unit} or NAME={unit}, in whole numbers")
        if name and name not in functions:
            raise HostingError(f"{option} {text}: no function {name} is hosted, name one that is")
        if name in numbers:
            raise HostingError(f"{option} {text}: there is one for {name or 'all'} already, give it once")
        numbers[name] = int(number)
    return numbers
