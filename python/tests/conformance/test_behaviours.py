"""protocol/behaviours.yaml: how a worker behaves, and the test of each language that holds it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
SECTIONS: list[dict[str, Any]] = yaml.safe_load((ROOT / "protocol/behaviours.yaml").read_text("utf-8"))
ROWS = [row for section in SECTIONS for row in section["behaviours"]]
KIT = {
    behaviour["id"]
    for path in sorted((ROOT / "protocol/conformance").glob("*.yaml"))
    for behaviour in yaml.safe_load(path.read_text("utf-8"))["behaviours"]
}


def in_python(test: str) -> bool:
    path, name = test.split("::")
    return f"def {name}(" in (ROOT / "python" / path).read_text("utf-8")


def in_ruby(test: str) -> bool:
    """Named by its full description, which ends as the example's own words do; what these look up is anything."""
    path, description = test.split(": ", 1)
    found = re.findall(r"\bit (['\"])(.+)\1[ ,]", (ROOT / "ruby-worker" / path).read_text("utf-8"))
    for _, words in found:
        parts = re.split(r"#\{[^}]*\}", words.replace("\\'", "'"))
        if re.search(f" {'.+'.join(map(re.escape, parts))}$", description):
            return True
    return False


def in_java(test: str) -> bool:
    name, method = test.split("#")
    path = ROOT / "java-worker/src/test/java" / (name.replace(".", "/") + ".java")
    return f"void {method}(" in path.read_text("utf-8")


LANGUAGES = {"python": in_python, "ruby": in_ruby, "java": in_java}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_behaviour_has_a_test_in_every_language(row: dict[str, Any], language: str) -> None:
    assert LANGUAGES[language](row[language])


def test_what_a_row_names_of_the_kit_is_there_and_every_behaviour_of_the_kit_is_named() -> None:
    named = {name for row in ROWS for name in row.get("kit", [])}
    assert named - KIT == set()
    whole = ("failures.", "codecs.", "claim-check.", "answers.", "vectors.")  # of the other pages
    assert {name for name in KIT - named if not name.startswith(whole)} == set()


def test_no_behaviour_stands_twice() -> None:
    ids = [row["id"] for row in ROWS]
    assert sorted(ids) == sorted(set(ids))
