"""No text hurts a decoder: it is read, or refused by an error of the contract, in bounded memory.

The same stream each time; `PYFLOW_FUZZ=100000` takes so many, `PYFLOW_FUZZ_SEED=n` others; `make fuzz` asks atheris.
"""

from __future__ import annotations

import json
import sys
import tracemalloc
import zlib
from base64 import b64encode
from typing import Any

import pytest
from codec.configured import CODECS
from fuzz.drawing import PIECES, SEED, count
from fuzz.hostile import Hostile, known_texts
from fuzz.judge import judge_failure, judge_payload
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from pyflow import codec
from pyflow.codec import Reference
from pyflow.codec.codings import json_orjson
from pyflow.errors import PayloadDecodeError, PayloadException

KNOWN = known_texts()
AS_MANY = settings(
    max_examples=count(300), deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def test_a_hostile_stream_of_payloads_is_read_or_refused() -> None:
    hostile = Hostile()
    read = sum(judge_payload(hostile.payload()) for _ in range(count(3000)))
    assert read > count(3000) / 10


def test_a_hostile_stream_of_failures_is_read() -> None:
    hostile = Hostile()
    for _ in range(count(1500)):
        judge_failure(*hostile.failure())


def test_the_same_seed_gives_the_same_stream() -> None:
    one, other = Hostile(7), Hostile(7)
    assert [one.payload() for _ in range(300)] == [other.payload() for _ in range(300)]


def test_orjson_changes_nothing_but_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert json_orjson.read is not None
    monkeypatch.setattr(json_orjson, "SMALL", -1)
    hostile = Hostile()
    texts = [hostile.payload() for _ in range(count(3000))]
    taken = sum(json_orjson.read(text) is not None for text in texts)
    found = [outcome(text) for text in texts]
    monkeypatch.setattr(json_orjson, "read", None)
    monkeypatch.setattr(json_orjson, "vouches", None)
    assert found == [outcome(text) for text in texts]
    assert taken > count(3000) / 4


def outcome(text: str) -> str:
    """The value that it holds and how that is written, or how it is refused."""
    try:
        value = codec.decode(text, codecs=CODECS)
    except PayloadException as refusal:
        return repr(refusal)
    return f"{value!r} {value if isinstance(value, Reference) else codec.encode(value, limit=sys.maxsize)}"


@st.composite
def mutants(draw: Any) -> str:
    """A text of the vectors with pieces of others, and of what is likely to hurt, in it."""
    text = draw(st.sampled_from(KNOWN))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 40)))
        piece = st.sampled_from([*PIECES["words"], *PIECES["numbers"], *PIECES["keys"]]) | st.text(max_size=8)
        text = text[:start] + draw(piece) + text[end:]
    return text


@given(mutants())
@AS_MANY
@seed(SEED)
def test_a_mutated_text_of_the_vectors_is_read_or_refused(text: str) -> None:
    judge_payload(text)
    judge_failure("Reason", text)


@given(
    st.binary(max_size=200),
    st.sampled_from(["json", "xjson", "msgpack"]),
    st.lists(st.sampled_from(["zlib", *CODECS])),
)
@AS_MANY
@seed(SEED)
def test_any_bytes_in_an_envelope_are_read_or_refused(data: bytes, enc: str, names: list[str]) -> None:
    for name in names:
        data = zlib.compress(data) if name == "zlib" else CODECS[name].encode(data, None)
    judge_payload(json.dumps({"$pyflow": 1, "enc": enc, "codecs": names, "data": b64encode(data).decode()}))


@pytest.mark.parametrize("claim", [piece for piece in PIECES["bytes"] if piece.endswith("f")])
@pytest.mark.parametrize("before", ["", "92", "81a161", "9301"])
def test_a_count_that_the_bytes_do_not_hold_allocates_nothing(claim: str, before: str) -> None:
    data = bytes.fromhex(before + claim)
    text = json.dumps({"$pyflow": 1, "enc": "msgpack", "data": b64encode(data).decode()})
    with pytest.raises(PayloadDecodeError):
        codec.decode(text)  # what is imported at first is not counted
    assert peak(text) < 100_000


@pytest.mark.parametrize("names", [["zlib"], ["zlib", "zlib"], ["zlib", "zlib", "zlib"]], ids=len)
def test_a_bomb_is_cut_off_at_its_limit(names: list[str]) -> None:
    data = bytes(64 * 1024 * 1024)
    for _ in names:
        data = zlib.compress(data)
    text = json.dumps({"$pyflow": 1, "enc": "json", "codecs": names, "data": b64encode(data).decode()})
    assert peak(text) < 3 * 16 * 1024 * 1024


def peak(text: str) -> int:
    """The bytes that reading it takes at most, whatever comes of it."""
    tracemalloc.start()
    try:
        codec.decode(text)
    except PayloadException:
        pass
    finally:
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return most
