"""Workflows as data: what a random workflow does, statement by statement, readable in a failing test.

Durations are whole seconds, all different sums of unlike parts (see `drawing`), so that no two things of a program
happen at the same time. A label names what a statement waits for, in the notes that it leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeAlias

# What a statement can start. The workflow holds a handle of each.


@dataclass(frozen=True)
class Timer:
    seconds: int


@dataclass(frozen=True)
class Activity:
    """attempts: what each comes to, and after how long: ok, fail or hang; the last is what all further ones do.

    tries: attempts of the retry policy, 1 for none; first: its seconds before the second. timeout: start-to-close.
    yields: seconds that it takes to end once a cancel was asked for; None where it does not listen.
    """

    attempts: tuple[tuple[str, int], ...]
    tries: int = 1
    first: int = 0
    timeout: int | None = None
    yields: int | None = None


@dataclass(frozen=True)
class Child:
    """A workflow of its own. on_cancel: stop or raise."""

    block: tuple[Statement, ...]
    on_cancel: str = "stop"


@dataclass(frozen=True)
class Line:
    """A spawned function."""

    block: tuple[Statement, ...]


@dataclass(frozen=True)
class Tell:
    """A signal to the run itself."""

    name: str
    value: str


@dataclass(frozen=True)
class Handler:
    """A spawned function that notes every signal of a name."""

    name: str


Operation: TypeAlias = "Timer | Activity | Child | Line | Tell | Handler"

# Statements. which: positions among the handles, counted round.


@dataclass(frozen=True)
class Sleep:
    label: str
    seconds: int


@dataclass(frozen=True)
class Start:
    label: str
    operation: Operation


@dataclass(frozen=True)
class Await:
    which: int
    raising: bool = False


@dataclass(frozen=True)
class AwaitAll:
    which: tuple[int, ...]
    limit: int | None = None


@dataclass(frozen=True)
class AwaitAny:
    which: tuple[int, ...]
    limit: int | None = None


@dataclass(frozen=True)
class Cancel:
    which: int
    wait: bool = True


@dataclass(frozen=True)
class Peek:
    which: int


@dataclass(frozen=True)
class Map:
    """A function for each item, which does the item's statements."""

    label: str
    items: tuple[tuple[Statement, ...], ...]
    width: int | None = None


@dataclass(frozen=True)
class MapSteps:
    """An activity for each item."""

    label: str
    items: tuple[Activity, ...]
    width: int | None = None


@dataclass(frozen=True)
class Scope:
    """canceled_after: by a line beside it, so many seconds after it began."""

    label: str
    block: tuple[Statement, ...]
    canceled_after: int | None = None


@dataclass(frozen=True)
class CancelScope:
    """Cancels the innermost scope around it, if there is one."""


@dataclass(frozen=True)
class Shield:
    block: tuple[Statement, ...]


@dataclass(frozen=True)
class Limit:
    label: str
    seconds: int
    block: tuple[Statement, ...]


@dataclass(frozen=True)
class Receive:
    name: str
    limit: int | None = None


@dataclass(frozen=True)
class Until:
    """Waits until so many signals and Bumps were counted."""

    count: int
    limit: int | None = None


@dataclass(frozen=True)
class Bump:
    pass


@dataclass(frozen=True)
class Once:
    label: str


@dataclass(frozen=True)
class Guard:
    """Notes an Exception of the block; of a cancel, does the clean-up behind a shield, and passes it on or not."""

    block: tuple[Statement, ...]
    clean_up: tuple[Statement, ...]
    swallows: bool


@dataclass(frozen=True)
class Fail:
    label: str


@dataclass(frozen=True)
class Renew:
    """Continues as new; the next run does the block."""

    label: str
    block: tuple[Statement, ...]


@dataclass(frozen=True)
class Clock:
    """Notes how many UNITs have passed."""


@dataclass(frozen=True)
class Patched:
    """Notes the answer, which a run's first is for good."""

    id: str


@dataclass(frozen=True)
class Version:
    """Notes the version, which is `choose` of a run's first."""

    id: str
    choose: int


@dataclass(frozen=True)
class State:
    """What is shown to whoever asks; it changes nothing."""

    label: str


Statement: TypeAlias = (
    "Sleep | Start | Await | AwaitAll | AwaitAny | Cancel | Peek | Map | MapSteps | Scope | CancelScope | Shield"
    " | Limit | Receive | Until | Bump | Once | Guard | Fail | Clock | Renew"
    " | Patched | Version | State"
)
Block: TypeAlias = "tuple[Statement, ...]"


@dataclass(frozen=True)
class Action:
    """What a client does to the run: signal or cancel. races: in the middle of the first decision from then on."""

    at: int
    what: str
    name: str = ""
    value: str = ""
    races: bool = False


UNIT = 60
"""Seconds: what happens in a program is so far apart at least, and all faults together delay it by less."""
FOREVER = 400_000 * UNIT
"""Seconds after which a program is ended that waits for something that never comes."""


def forever(parent: object) -> int:
    """The same, for a child a little later."""
    return FOREVER + 7 * UNIT if parent else FOREVER


@dataclass(frozen=True)
class Program:
    block: Block
    actions: tuple[Action, ...] = ()
    on_cancel: str = "raise"
    window: int = 1000

    def __repr__(self) -> str:
        lines = [f"a run, ON_CANCEL={self.on_cancel}, windows of {self.window}:", *_lines(self.block, 1)]
        for action in self.actions:
            lines.append(f"client: {_one(action)}")
        return "\n".join(lines)


def _lines(block: Block, depth: int) -> list[str]:
    """A block, one statement a line, what is inside of one indented."""
    found = []
    for statement in block:
        found.append("    " * depth + _one(statement))
        inner = statement.operation if isinstance(statement, Start) else statement
        for name in ("block", "clean_up"):
            if hasattr(inner, name):
                if name == "clean_up":
                    found.append("    " * depth + "clean up:")
                found += _lines(getattr(inner, name), depth + 1)
        if isinstance(inner, Map):
            for position, item in enumerate(inner.items, start=1):
                found.append("    " * depth + f"item {position}:")
                found += _lines(item, depth + 1)
    return found


def _one(each: object) -> str:
    said = []
    for field in fields(each):  # type: ignore[arg-type]
        value = getattr(each, field.name)
        if field.name in ("block", "clean_up") or (isinstance(each, Map) and field.name == "items"):
            continue
        said.append(f"{field.name}={_one(value) if hasattr(value, '__dataclass_fields__') else repr(value)}")
    return f"{type(each).__name__}({', '.join(said)})"
