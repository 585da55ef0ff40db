"""What only deciders read, as the contract has it: inputs that carry more than an input, and operators' orders."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import pytest
from codec.configured import CODECS
from codec.notation import maybe_text, name_of, raw, same, text, vectors

from pyflow import errors
from pyflow.codec import (
    Batch,
    CarriedSignal,
    Order,
    Start,
    decode,
    decode_batch,
    decode_start,
    encode_batch,
    encode_order,
    encode_start,
    units,
    verify_order,
)
from pyflow.codec.payloads.transforms import undo

pytestmark = pytest.mark.usefixtures("json_library")

SPECIAL = [(kind, vector) for kind in ("start", "batch") for vector in vectors("payloads", f"{kind}-")]
ORDERS = vectors("payloads", "operator-")
READERS = {"start": decode_start, "batch": decode_batch}


def carried(kind: str, notation: Any) -> Start | Batch | None:
    if notation is None:
        return None
    if kind == "batch":
        return Batch(text(notation["step"]), tuple(map(text, notation["items"])))
    signals = [{name: text(part) for name, part in signal.items()} for signal in notation["signals"]]
    return Start(maybe_text(notation.get("input")), tuple(CarriedSignal(**signal) for signal in signals))


def write(vector: Any, it: Start | Batch | None) -> str:
    options: Any = {
        "limit": vector.get("limit", 32_768),
        "codecs": {name: CODECS[name] for name in vector.get("codecs", [])},
    }
    if isinstance(it, Batch):
        return encode_batch(it.step, it.items, **options)
    assert it is not None
    return encode_start(it.input, it.signals, **options)


def content(envelope: Any) -> Any:
    if "value" in envelope:
        return envelope["value"]
    return json.loads(undo(b64decode(envelope["data"]), envelope.get("codecs", []), CODECS, None))


def name(case: Any) -> str:
    return name_of(case[1]) if isinstance(case, tuple) else name_of(case)


@pytest.mark.parametrize("case", [each for each in SPECIAL if "error" not in each[1]], ids=name)
def test_an_input_carries_what_the_vector_says(case: Any) -> None:
    kind, vector = case
    it = READERS[kind](maybe_text(vector["text"]), codecs=CODECS)
    assert it == carried(kind, vector[kind])


@pytest.mark.parametrize(
    "case",
    [each for each in SPECIAL if "error" not in each[1] and each[1][each[0]] and "direction" not in each[1]],
    ids=name,
)
def test_what_is_carried_is_written_as_the_vector_says(case: Any) -> None:
    kind, vector = case
    written = write(vector, carried(kind, vector[kind]))
    expected, envelope = json.loads(text(vector["text"])), json.loads(written)
    assert units(written) <= vector.get("limit", 32_768)
    assert next(iter(envelope)) == "$pyflow"
    assert (envelope["enc"], envelope.get("codecs")) == (kind, expected.get("codecs"))
    assert same(content(envelope), content(expected))


@pytest.mark.parametrize("case", [each for each in SPECIAL if "error" in each[1]], ids=name)
def test_what_is_wrong_is_refused_by_the_error_that_the_vector_names(case: Any) -> None:
    kind, vector = case
    with pytest.raises(errors.PayloadException) as refusal:
        if "text" in vector:
            READERS[kind](maybe_text(vector["text"]), codecs=CODECS)
        else:
            write(vector, carried(kind, vector[kind]))
    assert type(refusal.value).__name__ == vector["error"]
    assert len(str(refusal.value)) < 300
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("case", [each for each in SPECIAL if each[1].get(each[0])], ids=name)
def test_the_reader_of_ordinary_inputs_refuses_it(case: Any) -> None:
    if "text" in case[1]:
        with pytest.raises(errors.PayloadDecodeError):
            decode(text(case[1]["text"]), lenient=True, codecs=CODECS)


def order_of(notation: Any) -> Order | None:
    if notation is None:
        return None
    value = notation.get("value")
    if isinstance(value, dict) and not value.keys() & {"repeat", "concat", "utf16_hex"}:
        value = {name: text(part) for name, part in value.items()}
    return Order(
        **{**notation, "value": value if isinstance(value, dict) and "reason" in value else maybe_text(value)}
    )


@pytest.mark.parametrize("vector", [each for each in ORDERS if "text" in each], ids=name)
def test_a_signed_order_is_taken_and_any_other_ignored(vector: Any) -> None:
    order = verify_order(maybe_text(vector["text"]), raw(vector["key"]), vector["run_id"])
    assert order == order_of(vector["order"])


@pytest.mark.parametrize(
    "vector",
    [each for each in ORDERS if each.get("text") and each["order"] and "direction" not in each],
    ids=name,
)
def test_an_order_is_written_as_the_vector_says(vector: Any) -> None:
    order = order_of(vector["order"])
    assert order is not None
    written = encode_order(order, raw(vector["key"]), vector["run_id"])
    assert json.loads(written) == json.loads(text(vector["text"]))


@pytest.mark.parametrize("vector", [each for each in ORDERS if "error" in each], ids=name)
def test_an_order_that_can_not_be_given_is_refused(vector: Any) -> None:
    order = order_of(vector["order"])
    assert order is not None
    with pytest.raises(errors.PayloadException) as refusal:
        encode_order(order, raw(vector["key"]), vector["run_id"])
    assert type(refusal.value).__name__ == vector["error"]


def test_no_prefix_of_an_order_and_no_changed_character_is_taken() -> None:
    document, key = text(ORDERS[0]["text"]), raw(ORDERS[0]["key"])
    for place in range(len(document)):
        changed = f"{document[:place]}~{document[place + 1 :]}"
        assert verify_order(changed, key, ORDERS[0]["run_id"]) is None
        assert verify_order(document[:place], key, ORDERS[0]["run_id"]) is None
