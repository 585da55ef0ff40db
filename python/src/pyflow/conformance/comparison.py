"""Whether several workers refuse what is wrong in the same sentence: their reports, laid side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyflow.errors import PyflowException


@dataclass(frozen=True)
class Difference:
    """A refusal that is not told alike. sentences: by the name of the report."""

    id: str
    form: str
    sentences: Mapping[str, str]


def refusals(text: str, name: str) -> dict[tuple[str, str], str]:
    """The sentences of a report of the kit, by id and form. Raises PyflowException where it is none."""
    try:
        behaviours: list[dict[str, Any]] = json.loads(text)["behaviours"]
        return {(it["id"], form): told for it in behaviours for form, told in it["refusals"].items()}
    except (ValueError, LookupError, TypeError, AttributeError):
        raise PyflowException(f"{name} is no report of the kit: write one with --json") from None


def differences(reports: Mapping[str, Mapping[tuple[str, str], str]]) -> Iterator[Difference]:
    """Every refusal that two reports have in different sentences, in the order of the first."""
    for key in dict.fromkeys(key for report in reports.values() for key in report):
        told = {name: report[key] for name, report in reports.items() if key in report}
        if len(set(told.values())) > 1:
            yield Difference(*key, told)
