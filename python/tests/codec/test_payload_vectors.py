"""Every payload of the contract: what a string of SWF means, and what a value becomes."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import pytest
from codec.configured import CODECS
from codec.notation import maybe_text, name_of, raw, same, same_json, text, value, vectors

from pyflow import errors
from pyflow.codec import (
    Payload,
    Reference,
    Written,
    encode_heartbeat,
    encode_plain,
    read,
    resolve,
    units,
    write_payload,
)
from pyflow.codec.payloads.transforms import undo

pytestmark = pytest.mark.usefixtures("json_library")

READ = vectors("payloads", "read")
WRITTEN = [vector for vector in vectors("payloads", "write") if "writes" in vector]
UNWRITABLE = [vector for vector in vectors("payloads", "write") if "error" in vector]


def refused(vector: Any) -> bool:
    return "error" in vector and "reference" not in vector


@pytest.mark.parametrize("vector", [vector for vector in READ if not refused(vector)], ids=name_of)
def test_a_payload_means_what_the_vector_says(vector: Any) -> None:
    payload = read(maybe_text(vector["text"]), codecs=CODECS)
    assert same(payload.headers, value(vector.get("headers", {"map": []})))
    assert payload.id == maybe_text(vector.get("id"))
    assert payload.enveloped == vector.get("enveloped", payload.enveloped)
    if "reference" in vector:
        assert_claims(payload, vector)
    else:
        assert same(payload.value, value(vector["value"]))


def assert_claims(payload: Payload, vector: Any) -> None:
    claim, expected = payload.value, vector["reference"]
    assert isinstance(claim, Reference)
    assert (claim.store, claim.key, claim.size, claim.sha256) == (
        expected["store"],
        text(expected["key"]),
        expected["size"],
        expected["sha256"],
    )
    if "error" in vector:
        with pytest.raises(errors.PayloadException) as refusal:
            resolve(claim, raw(vector["stored"]), codecs=CODECS)
        assert type(refusal.value).__name__ == vector["error"]
    elif "stored" in vector:
        assert same(resolve(claim, raw(vector["stored"]), codecs=CODECS), value(vector["value"]))


@pytest.mark.parametrize("vector", [vector for vector in READ if refused(vector)], ids=name_of)
def test_a_payload_is_refused_by_the_error_that_the_vector_names(vector: Any) -> None:
    with pytest.raises(errors.PayloadException) as refusal:
        read(maybe_text(vector["text"]), codecs=CODECS)
    assert type(refusal.value).__name__ == vector["error"]
    assert len(str(refusal.value)) < 300
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("vector", WRITTEN, ids=name_of)
def test_a_value_is_written_in_the_form_that_the_vector_says(vector: Any) -> None:
    given, limit = value(vector["value"]), vector.get("limit", 32_768)
    written = write(vector)
    payload = read(written.text, codecs=CODECS)
    assert (written.claim is not None) == ("stored" in vector["writes"])
    if written.claim is not None:
        assert units(written.text) <= limit
        assert_stored(written, vector)
        assert payload.value == written.claim
        assert same(resolve(written.claim, written.stored, codecs=CODECS), given)
    else:
        assert_form(written.text, vector["writes"], limit)
        assert same(payload.value, given)
    assert same(payload.headers, value(vector.get("headers", {"map": []})))
    assert payload.id == maybe_text(vector.get("id"))


@pytest.mark.parametrize("vector", UNWRITABLE, ids=name_of)
def test_a_value_that_can_not_be_written_is_refused(vector: Any) -> None:
    with pytest.raises(errors.PayloadException) as refusal:
        write(vector)
    assert type(refusal.value).__name__ == vector["error"]


@pytest.mark.parametrize("vector", vectors("payloads", "heartbeat"), ids=name_of)
def test_heartbeat_details_are_written_as_the_vector_says(vector: Any) -> None:
    written = encode_heartbeat(value(vector["value"]), codecs=configured(vector))
    expected = vector["writes"]
    if expected is None:
        assert written is None
    elif "dropped" in expected:
        envelope = {"$pyflow": 1, "enc": "json", "value": None, "dropped": expected["dropped"]}
        assert same_json(written or "", json.dumps(envelope))
    else:
        assert written is not None
        assert_form(written, expected, 2_048)


@pytest.mark.parametrize("vector", vectors("payloads", "lambda"), ids=name_of)
def test_towards_lambda_a_value_is_plain_or_refused(vector: Any) -> None:
    if "error" in vector:
        with pytest.raises(errors.PayloadException) as refusal:
            encode_plain(value(vector["value"]))
        assert type(refusal.value).__name__ == vector["error"]
    else:
        assert same_json(encode_plain(value(vector["value"])), text(vector["text"]))


def configured(vector: Any) -> Any:
    """The codecs that the vector applies."""
    return {name: CODECS[name] for name in vector.get("codecs", [])}


def write(vector: Any) -> Written:
    headers = vector.get("headers")
    return write_payload(
        value(vector["value"]),
        store=vector.get("store"),
        limit=vector.get("limit", 32_768),
        coding=vector.get("coding", "auto"),
        headers=None if headers is None else value(headers),
        id=maybe_text(vector.get("id")),
        codecs=configured(vector),
    )


def assert_stored(written: Written, vector: Any) -> None:
    claim, form = written.claim, vector["writes"]
    assert claim is not None
    assert claim.store == vector["store"]
    assert claim.key == f"sha256/{claim.sha256[:2]}/{claim.sha256}"
    assert (claim.enc, list(claim.codecs)) == (form["enc"], form["codecs"])
    content = undo(claim.verified(written.stored), claim.codecs, CODECS, None)
    assert content.hex() == raw(form["stored"]).hex()


def assert_form(written: str, form: Any, limit: int) -> None:
    assert units(written) <= limit
    assert units(written) == form.get("units", units(written))
    written.encode()
    tree = json.loads(written)
    if "plain" in form:
        assert same_json(written, text(form["plain"]))
        assert not (isinstance(tree, dict) and "$pyflow" in tree)
        return
    assert next(iter(tree)) == "$pyflow"
    assert tree["$pyflow"] == 1
    assert tree.get("enc", "json") == form["enc"]
    assert tree.get("codecs", []) == form.get("codecs", [])
    if "value" in form:
        assert same_json(json.dumps(tree["value"]), text(form["value"]))
    else:
        content = undo(b64decode(tree["data"], validate=True), tree.get("codecs", []), CODECS, None)
        if form["enc"] == "msgpack":
            assert content.hex() == raw(form["bytes"]).hex()
        else:
            assert same_json(content.decode(), raw(form["bytes"]).decode())
    named = {"$pyflow", "enc", "codecs", "h", "id", "value" if "value" in form else "data"}
    assert set(tree) <= named
