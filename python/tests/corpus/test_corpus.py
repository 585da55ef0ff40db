"""What earlier releases wrote, in three languages, is read for ever: protocol/corpus, whose files never change."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from codec.configured import CODECS
from codec.notation import PROTOCOL, failure, same, value
from codec.test_failure_vectors import assert_same_failure
from corpus import order

from pyflow import codec
from pyflow.codec import Reference
from pyflow.stores.configuration import configured
from pyflow.testing import replay

RELEASES = sorted(path for path in (PROTOCOL / "corpus").iterdir() if path.is_dir())
WRITTEN = [
    pytest.param(release, entry, id=f"{release.name}-{path.stem}-{entry['name']}")
    for release in RELEASES
    for path in sorted(release.glob("*.json"))
    if path.stem not in ("keys", "history")
    for entry in json.loads(path.read_text("utf-8"))
]


def test_there_is_a_release() -> None:
    assert [release.name for release in RELEASES][:1] == ["3.0.0"]
    assert len(WRITTEN) > 400


@pytest.mark.parametrize(("release", "entry"), [each for each in WRITTEN if "failure" not in each.values[1]])
def test_a_payload_means_what_it_meant(release: Path, entry: dict[str, Any]) -> None:
    read = codec.read(entry["text"], codecs=CODECS)
    if isinstance(read.value, Reference):
        stored = (release / "store" / read.value.key).read_bytes()
        assert same(codec.resolve(read.value, stored, codecs=CODECS), value(entry["value"]))
    else:
        assert same(read.value, value(entry["value"]))
    assert same(read.headers, value(entry.get("headers", {"map": []})))
    assert read.id == entry.get("id")


@pytest.mark.parametrize(("release", "entry"), [each for each in WRITTEN if "failure" in each.values[1]])
def test_a_failure_means_what_it_meant(release: Path, entry: dict[str, Any]) -> None:
    read = codec.decode_failure(entry["reason"], entry["details"], codecs=CODECS)
    assert_same_failure(read, failure(entry["failure"]))


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_a_sealed_history_is_replayed(release: Path) -> None:
    payloads = configured(str(release / "keys.json"), [str(release / "store")])
    history = json.loads((release / "history.json").read_text("utf-8"))
    assert replay(history, order.CLASSES, payloads=payloads) == []
    result = history["events"][-1]["workflowExecutionCompletedEventAttributes"]["result"]
    assert payloads.read(result).value == {"value": order.GIVEN["value"], "through": 3}


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_no_file_has_changed(release: Path) -> None:
    lines = (release / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {
        str(path.relative_to(release)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in release.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert found == sums
