"""The behaviours of protocol/conformance/*.yaml, read and checked: data about what a worker does, without code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from pyflow.conformance.steps import STEPS
from pyflow.errors import PyflowException

PROTOCOL = Path(__file__).parent / "protocol"
REQUIRED = {"id", "see", "sentence", "steps"}
KEYS = REQUIRED | {"worker", "unless"}


@dataclass(frozen=True)
class Behaviour:
    """One of them.

    see: `document` or `document#anchor` in protocol/, where the sentence stands. steps: the name of each, and what it
    is given. needs, unless: a feature without, or with, which it is skipped. worker: `own` gets a process to itself,
    which the behaviour may end.
    """

    id: str
    section: str
    see: str
    sentence: str
    steps: tuple[tuple[str, Any], ...]
    needs: str | None = None
    unless: str | None = None
    worker: Literal["shared", "own"] = "shared"


def behaviours(protocol: Path = PROTOCOL) -> list[Behaviour]:
    """All, in the order of the files. Raises PyflowException for one that is written wrongly."""
    paths = sorted((protocol / "conformance").glob("*.yaml"))
    found = [behaviour for path in paths for behaviour in _read(path)]
    twice = {it.id for it in found if sum(it.id == other.id for other in found) > 1}
    if twice:
        raise PyflowException(f"several behaviours are called {', '.join(sorted(twice))}")
    return found


def _read(path: Path) -> Iterator[Behaviour]:
    document = yaml.safe_load(path.read_text("utf-8"))
    for item in document["behaviours"]:
        name = f"{path.name}: {item.get('id', 'a behaviour without an id')}"
        if missing := REQUIRED - item.keys():
            raise PyflowException(f"{name} lacks {', '.join(sorted(missing))}")
        if unknown := item.keys() - KEYS:
            raise PyflowException(f"{name} has unknown keys: {', '.join(sorted(unknown))}")
        steps = tuple(_step(step, name) for step in item["steps"])
        yield Behaviour(section=document["section"], needs=document.get("needs"), **{**item, "steps": steps})


def _step(step: Any, name: str) -> tuple[str, Any]:
    if not isinstance(step, dict) or len(step) != 1 or not step.keys() <= STEPS.keys():
        raise PyflowException(f"{name}: {step!r} is no step: one of {', '.join(STEPS)}")
    [(kind, argument)] = step.items()
    return kind, argument
