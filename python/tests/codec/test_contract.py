"""The contract's own files agree: prose, vectors, schemas and the table of what pins what."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from codec.configured import CODECS
from codec.notation import PROTOCOL, VECTORS, failure, maybe_text, name_of, text, value, vectors
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from pyflow.codec import encode_failure, write_payload

FILES = sorted(path for path in VECTORS.glob("*/*.json") if path.parent.name != "histories")
DOCUMENTS = ["value-model.md", "payload.md", "failure.md", "tracing.md"]
PINNED = [*DOCUMENTS, "history.md"]  # what a decider does over time is held by recorded histories as well


def schema(path: str) -> Any:
    return json.loads((PROTOCOL / path).read_text("utf-8"))


def sentences() -> Iterator[tuple[str, str]]:
    """Each sentence of the contract that has an anchor, or is a section's heading: `document#anchor`, its words."""
    for document in PINNED:
        prose = (PROTOCOL / document).read_text("utf-8")
        for line in prose.splitlines():
            anchors = re.findall(r'<a id="([a-z0-9-]+)"></a>', line)
            assert len(anchors) <= 1, line
            heading = line.startswith("#") and line.lstrip("# ").lower().replace(" ", "-")
            if heading and f'<a id="{heading}">' not in prose:
                yield f"{document}#{heading}", line
            elif anchors:
                yield f"{document}#{anchors[0]}", line


def pinned() -> dict[str, list[tuple[Path, Any]]]:
    """The vectors that pin each sentence, with their files."""
    found = defaultdict(list)
    for path in FILES:
        for vector in json.loads(path.read_text("utf-8")):
            found[vector["see"]].append((path, vector))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(VECTORS)))
def test_a_file_of_vectors_is_what_their_schema_says(path: Path) -> None:
    folder = path.parent.name
    kind = folder if folder == "values" else f"{folder}-{path.stem.split('-')[0]}"
    definitions = schema("vectors/schema.json")
    assert kind in definitions["$defs"]
    Draft202012Validator({**definitions, "$ref": f"#/$defs/{kind}"}).validate(
        json.loads(path.read_text("utf-8"))
    )


def test_no_two_vectors_have_one_name() -> None:
    names = [vector["name"] for found in pinned().values() for _, vector in found]
    assert len(names) >= 200
    assert sorted(names) == sorted(set(names))


def test_every_vector_points_to_a_sentence() -> None:
    assert set(pinned()) <= {anchor for anchor, _ in sentences()}


def test_every_must_has_an_anchor_and_a_vector() -> None:
    found = pinned()
    for document in DOCUMENTS:
        for line in (PROTOCOL / document).read_text("utf-8").splitlines():
            assert "MUST" not in line or '<a id="' in line, line
    musts = [
        anchor for anchor, words in sentences() if "MUST" in words and not anchor.startswith("history.md")
    ]
    assert [anchor for anchor in musts if anchor not in found] == []


def test_no_anchor_is_given_twice() -> None:
    anchors = [anchor for anchor, words in sentences() if "<a id" in words]
    assert sorted(anchors) == sorted(set(anchors))


def test_the_table_of_coverage_is_what_the_vectors_pin() -> None:
    rows = []
    for anchor, _ in sentences():
        found = pinned().get(anchor, [])
        if found:
            files = sorted({str(path.relative_to(VECTORS)) for path, _ in found})
            refused = sum("error" in vector for _, vector in found)
            rows.append(f"| [{anchor}]({anchor}) | {len(found)} | {refused or ''} | {', '.join(files)} |")
    table = (PROTOCOL / "coverage.md").read_text("utf-8").splitlines()
    assert [line for line in table if line.startswith("| [")] == rows


@pytest.mark.parametrize("document", ["payload.md", "failure.md", "vectors/README.md"])
def test_an_example_in_the_prose_is_a_vector(document: str) -> None:
    """An example of JSON is the text of a vector, or the whole vector."""
    known = [vector for found in pinned().values() for _, vector in found]
    for key in ("text", "details"):
        known += [json.loads(vector[key]) for vector in known if is_json(vector.get(key))]
    examples = re.findall(r"```json\n(.*?)```", (PROTOCOL / document).read_text("utf-8"), re.DOTALL)
    assert examples
    for example in examples:
        assert json.loads(example) in known


def is_json(text: Any) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (TypeError, ValueError, RecursionError):
        return False


def envelopes_read() -> list[Any]:
    read = [
        vector for vector in vectors("payloads", "read") if vector.get("enveloped") and "error" not in vector
    ]
    failures = [
        vector
        for kind in ("read-documents", "read-encrypted")
        for vector in vectors("failures", kind)
        if "failure" in vector
    ]
    return [(vector, text(vector.get("text", vector.get("details")))) for vector in [*read, *failures]]


def validator() -> Draft202012Validator:
    failures = Resource.from_contents(schema("schema/failure.schema.json"))
    registry: Any = Registry().with_resource("urn:pyflow:v1:failure", failures)
    return Draft202012Validator(schema("schema/envelope.schema.json"), registry=registry)


@pytest.mark.parametrize(
    "envelope", [envelope for _, envelope in envelopes_read()], ids=lambda text: text[:60]
)
def test_an_envelope_that_can_be_read_is_valid_by_the_schema(envelope: str) -> None:
    tree = json.loads(envelope)
    if part_of_the_wrong_type(tree.get("failure", {})):
        assert not validator().is_valid(tree)  # read all the same, without that part
    else:
        validator().validate(tree)


def part_of_the_wrong_type(document: Any) -> bool:
    parts = {"language": str, "class": str, "stack": list, "non_retryable": bool, "retry_after": (int, float)}
    return any(
        key in document
        and (
            not isinstance(document[key], kind)
            or (key == "stack" and not all(isinstance(line, str) for line in document[key]))
            or (key == "retry_after" and (isinstance(document[key], bool) or not 0 <= document[key] <= 10**9))
        )
        for key, kind in parts.items()
    )


@pytest.mark.parametrize(
    "vector",
    [vector for vector in vectors("payloads", "write") if "enc" in vector.get("writes", {})],
    ids=name_of,
)
def test_an_envelope_that_is_written_is_valid_by_the_schema(vector: Any) -> None:
    headers = vector.get("headers")
    written = write_payload(
        value(vector["value"]),
        store=vector.get("store"),
        limit=vector.get("limit", 32_768),
        coding=vector.get("coding", "auto"),
        headers=None if headers is None else value(headers),
        id=maybe_text(vector.get("id")),
        codecs={name: CODECS[name] for name in vector.get("codecs", [])},
    ).text
    validator().validate(json.loads(written))


@pytest.mark.parametrize("vector", vectors("failures", "write"), ids=name_of)
def test_a_document_that_is_written_is_valid_by_the_schema(vector: Any) -> None:
    codecs = {name: CODECS[name] for name in vector.get("codecs", [])}
    validator().validate(json.loads(encode_failure(failure(vector["failure"]), codecs=codecs)[1]))


@pytest.mark.parametrize(
    "envelope",
    [
        '{"$pyflow":2,"value":1}',
        '{"$pyflow":1}',
        '{"$pyflow":1,"value":1,"data":"MQ=="}',
        '{"$pyflow":1,"codecs":["zlib"],"value":1}',
        '{"$pyflow":1,"enc":"yaml","value":1}',
        '{"$pyflow":1,"data":"_-8="}',
        '{"$pyflow":1,"ref":{"store":"default","key":"a/../b","size":1,"sha256":""}}',
        '{"$pyflow":1,"failure":{"message":"no type"}}',
        '{"$pyflow":1,"value":1,"id":""}',
    ],
)
def test_the_schema_refuses_what_is_no_envelope(envelope: str) -> None:
    assert not validator().is_valid(json.loads(envelope))
