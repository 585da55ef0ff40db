"""scenarios/*.json: what is asked of an activity, and what must come of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bare_run import Outcome
from codings import ENCODINGS

from pyflow import codec
from pyflow.errors import Failure

FOLDER = Path(__file__).parent / "scenarios"
RAW = "raw"  # the encoding of scenarios that give the input's text


@dataclass(frozen=True)
class Scenario:
    """One of them; README.md describes the keys."""

    name: str
    activity: str
    encodings: tuple[str, ...]
    given: Any
    expected: dict[str, Any]
    options: dict[str, str] = field(default_factory=dict)
    cancel: bool = False
    moto_lacks: str = ""

    def input(self, encoding: str) -> str | None:
        """The text to send."""
        text: str | None = self.given if encoding == RAW else ENCODINGS[encoding](self.given)
        return text

    def servers(self) -> tuple[str, ...]:
        """The servers that can do it."""
        return ("local",) if self.moto_lacks else ("local", "moto")

    def check(self, outcome: Outcome, language: str) -> None:
        """Asserts that this is what must come of it at a worker in that language."""
        CHECKS[next(iter(self.expected))](self.expected, outcome, language)


def scenarios() -> list[Scenario]:
    """All, in the order of the files."""
    return [
        _scenario(item) for path in sorted(FOLDER.glob("*.json")) for item in json.loads(path.read_text())
    ]


def _scenario(item: dict[str, Any]) -> Scenario:
    known = {
        key: item.pop(key) for key in ("name", "activity", "options", "cancel", "moto_lacks") if key in item
    }
    if "text" in item:
        encodings, given = (RAW,), item.pop("text")
    else:
        encodings, given = tuple(item.pop("encodings", ENCODINGS)), item.pop("value")
    assert len(item) == 1, f"{known['name']}: one expectation, not {sorted(item)}"
    assert item.keys() <= CHECKS.keys(), f"{known['name']}: no scenario expects {sorted(item)}"
    return Scenario(encodings=encodings, given=given, expected=item, **known)


def _completed(expected: dict[str, Any], outcome: Outcome, language: str) -> None:
    assert outcome.event == "ActivityTaskCompleted", outcome
    assert codec.decode(outcome.attributes.get("result")) == expected["completed"]


def _completed_bytes(expected: dict[str, Any], outcome: Outcome, language: str) -> None:
    assert outcome.event == "ActivityTaskCompleted", outcome
    value = codec.decode(outcome.attributes["result"])
    assert isinstance(value, bytes)
    assert len(value) == expected["completed_bytes"]


def _failed(expected: dict[str, Any], outcome: Outcome, language: str) -> None:
    assert outcome.event == "ActivityTaskFailed", outcome
    reason = outcome.attributes["reason"]
    failure = codec.decode_failure(reason, outcome.attributes.get("details"))
    wanted = dict(expected["failed"])
    kind = wanted["type"] = wanted["type"][language] if isinstance(wanted["type"], dict) else wanted["type"]
    assert reason == kind
    assert failure.language == language
    assert {key: _part(failure, key) for key in wanted} == wanted


def _part(failure: Failure, key: str) -> Any:
    if key.startswith("has_"):
        return bool(getattr(failure, key.removeprefix("has_")))
    return getattr(failure, key)


def _canceled(expected: dict[str, Any], outcome: Outcome, language: str) -> None:
    assert outcome.event == "ActivityTaskCanceled", outcome
    assert _matches(expected["canceled"], codec.decode(outcome.attributes.get("details"))), outcome


def _timed_out(expected: dict[str, Any], outcome: Outcome, language: str) -> None:
    assert outcome.event == "ActivityTaskTimedOut", outcome
    assert outcome.attributes["timeoutType"] == expected["timed_out"]["type"]
    last = codec.decode(outcome.attributes.get("details"))
    assert _matches(expected["timed_out"]["last_heartbeat"], last), outcome


def _matches(pattern: Any, value: Any) -> bool:
    """Whether the value is the pattern, in which `{"at_least": n}` stands for an integer."""
    if isinstance(pattern, dict) and pattern.keys() == {"at_least"}:
        return type(value) is int and value >= pattern["at_least"]
    if isinstance(pattern, dict) and isinstance(value, dict):
        return pattern.keys() == value.keys() and all(_matches(pattern[key], value[key]) for key in pattern)
    return bool(pattern == value)


CHECKS = {
    "completed": _completed,
    "completed_bytes": _completed_bytes,
    "failed": _failed,
    "canceled": _canceled,
    "timed_out": _timed_out,
}
