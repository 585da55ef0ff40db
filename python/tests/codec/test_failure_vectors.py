"""Every failure of the contract: what is answered to SWF for one, and what SWF's two strings mean."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from typing import Any

import pytest
from codec.configured import CODECS
from codec.notation import failure, lines, maybe_text, name_of, same, text, value, vectors

from pyflow.codec import decode_failure, encode_failure, units
from pyflow.codec.codings import xjson
from pyflow.codec.payloads.transforms import undo
from pyflow.errors import Failure, UnknownCodec

READ = vectors("failures", "read")


@pytest.mark.parametrize("vector", vectors("failures", "write"), ids=name_of)
def test_a_failure_is_written_as_the_vector_says(vector: Any) -> None:
    names = vector.get("codecs", [])
    reason, details = encode_failure(
        failure(vector["failure"]),
        include_stack=vector.get("include_stack", True),
        codecs={name: CODECS[name] for name in names},
    )
    assert once(reason) == text(vector["reason"])
    assert units(reason) <= 256
    assert units(details) <= 32_768
    envelope = json.loads(details)
    assert envelope["$pyflow"] == 1
    if names:
        assert list(envelope) == ["$pyflow", "enc", "codecs", "data"]
        assert (envelope["enc"], envelope["codecs"]) == ("failure", names)
        document = json.loads(undo(b64decode(envelope["data"]), names, CODECS, None))
    else:
        assert list(envelope) == ["$pyflow", "failure"]
        document = envelope["failure"]
    assert_document(document, vector["document"])
    assert_same_failure(decode_failure(reason, details, codecs=CODECS), failure(vector["document"]))


@pytest.mark.parametrize("vector", [vector for vector in READ if "error" not in vector], ids=name_of)
def test_two_strings_mean_the_failure_that_the_vector_says(vector: Any) -> None:
    read = decode_failure(maybe_text(vector["reason"]), maybe_text(vector["details"]), codecs=CODECS)
    assert_same_failure(read, failure(vector["failure"]))


@pytest.mark.parametrize("vector", [vector for vector in READ if "error" in vector], ids=name_of)
def test_only_an_unknown_codec_is_refused(vector: Any) -> None:
    assert vector["error"] == "UnknownCodec"
    with pytest.raises(UnknownCodec, match="configured here"):
        decode_failure(vector["reason"], text(vector["details"]), codecs=CODECS)


def assert_document(document: Any, expected: Any) -> None:
    """Compare what was written with a document in the vectors' notation, key by key."""
    written = {key: part for key, part in document.items() if key != "cause"}
    if written.get("non_retryable") is False:
        del written["non_retryable"]
    assert set(written) == set(expected) - {"cause"}
    for key, part in written.items():
        if key in ("type", "message", "class", "language"):
            assert once(part) == text(expected[key])
        elif key == "stack":
            assert list(map(once, part)) == lines(expected[key])
        elif key == "details":
            assert same(xjson.from_tree(part), value(expected[key]))
        else:
            assert part == expected[key]
    assert ("cause" in document) == ("cause" in expected)
    if "cause" in document:
        assert_document(document["cause"], expected["cause"])


def assert_same_failure(one: Failure, other: Failure) -> None:
    assert (one.type, once(one.message), one.language, one.class_name) == (
        other.type,
        other.message,
        other.language,
        other.class_name,
    )
    assert list(map(once, one.stack)) == list(other.stack)
    assert (one.non_retryable, one.retry_after) == (other.non_retryable, other.retry_after)
    assert same(one.details, other.details)
    assert (one.cause is None) == (other.cause is None)
    if one.cause is not None and other.cause is not None:
        assert_same_failure(one.cause, other.cause)


def once(part: str) -> str:
    """A run of U+FFFD counts as one: languages scrub a broken sequence to one or to several."""
    return re.sub("\ufffd+", "\ufffd", part)
