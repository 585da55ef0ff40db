"""Every link between the documents leads somewhere, and what they show as JSON or Python is that."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PARTS = ("docs", "examples", "integration-tests", "java-worker", "protocol", "python", "ruby-worker")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(path for part in PARTS for path in (ROOT / part).rglob("*.md"))])
OURS = [
    path for path in DOCUMENTS if not {"target", "build", "node_modules", ".pytest_cache"} & set(path.parts)
]
LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
FENCE = re.compile(r"^```(json|python)\b[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def anchors(document: Path) -> set[str]:
    """What a fragment may name: headings, as GitHub turns them into anchors, and anchors as such."""
    text = document.read_text("utf-8")
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings} | set(
        re.findall(r'<a id="([^"]+)">', text)
    )


@pytest.mark.parametrize("document", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path):
    for target, fragment in LINK.findall(document.read_text("utf-8")):
        found = (document.parent / target).resolve() if target else document
        assert found.exists(), f"{document.name} links to {target}"
        assert not fragment or fragment in anchors(found), f"{document.name} links to {target}#{fragment}"


@pytest.mark.parametrize("document", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_shown_is_well_formed(document: Path):
    for language, text in FENCE.findall(document.read_text("utf-8")):
        if language == "json":
            json.loads(text)
        else:
            compile(text, str(document), "exec")
