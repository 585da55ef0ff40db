"""Whoever reads docs/ finds every page of it, and in the reference every name, as the code says it."""

from __future__ import annotations

import re

import pytest
from docs.pages import DOCUMENTS, HEADING
from docs.reference import page

FEATURES = (
    *("futures", "retries", "fibers", "canceling", "signals", "determinism", "limits"),
    *("versioning", "continue-as-new", "operators", "operating"),
)


def test_the_index_links_every_page():
    linked = set(re.findall(r"\]\(([a-z-]+\.md)\)", (DOCUMENTS / "README.md").read_text()))
    assert linked == {path.name for path in DOCUMENTS.glob("*.md")} - {"README.md"}


def test_the_reference_is_what_the_code_says():
    assert (DOCUMENTS / "reference.md").read_text() == page(), "write it anew: python -m docs.reference"


@pytest.mark.parametrize("name", FEATURES)
def test_every_feature_has_its_page_in_the_history(name):
    assert f"\n{HEADING}\n" in (DOCUMENTS / f"{name}.md").read_text()
