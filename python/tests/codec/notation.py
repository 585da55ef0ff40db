"""The vectors, and what the kit's notation has not: failures, JSON compared, lines of a stack."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from pyflow.conformance.notation import maybe_text, raw, same, text, value
from pyflow.errors import Failure

__all__ = [
    "PROTOCOL",
    "VECTORS",
    "failure",
    "lines",
    "maybe_text",
    "name_of",
    "raw",
    "same",
    "same_json",
    "text",
    "value",
    "vectors",
]

PROTOCOL = Path(__file__).parents[3] / "protocol"
VECTORS = PROTOCOL / "vectors"


def vectors(folder: str, kind: str = "") -> list[Any]:
    """The vectors of a folder whose files' names begin with `kind`."""
    found = [
        vector
        for path in sorted((VECTORS / folder).glob(f"{kind}*.json"))
        for vector in json.loads(path.read_text("utf-8"))
    ]
    assert found, f"no vectors in {folder}/{kind}*.json"
    return found


def name_of(vector: Any) -> str:
    """How a test of this vector is called."""
    return re.sub(r"[^\w -]", "", vector["name"])


def same_json(one: str, other: str) -> bool:
    """Whether two JSON texts hold the same, `$dec` being compared by number."""
    return same(_tree(one), _tree(other))


def _tree(written: str) -> Any:
    def decimal(entries: dict[str, Any]) -> Any:
        if list(entries) == ["$dec"] and isinstance(entries["$dec"], str):
            return Decimal(entries["$dec"])
        return entries

    return json.loads(written, object_hook=decimal)


def failure(notation: Any) -> Failure:
    """A failure from its notation; what was omitted is not part of it."""
    return Failure(
        type=text(notation["type"]),
        message=text(notation.get("message", "")),
        language=maybe_text(notation.get("language")),
        class_name=maybe_text(notation.get("class")),
        stack=tuple(lines(notation.get("stack", []))),
        non_retryable=notation.get("non_retryable", False),
        retry_after=notation.get("retry_after"),
        details=value(notation.get("details")),
        cause=_cause(notation.get("cause")),
    )


def _cause(notation: Any) -> Failure | None:
    if notation is None:
        return None
    if "chain" not in notation:
        return failure(notation)
    one, count = notation["chain"]
    cause = None
    for _ in range(count):
        cause = replace(failure(one), cause=cause)
    return cause


def lines(notation: Any) -> list[str]:
    """The lines of a stack from their notation."""
    if isinstance(notation, list):
        return [text(line) for line in notation]
    ((kind, content),) = notation.items()
    if kind == "repeat":
        return lines(content[0]) * int(content[1])
    return [line for part in content for line in lines(part)]
