"""Every refusal is told in one sentence, which the contract writes down: its table, and the vectors."""

from __future__ import annotations

import json
from typing import Any

import pytest
from codec.notation import PROTOCOL, name_of
from codec.sentences import refused, told

from pyflow.codec.model.refusals import SENTENCES

pytestmark = pytest.mark.usefixtures("json_library")

TABLE = json.loads((PROTOCOL / "refusals.json").read_text("utf-8"))


def test_the_sentences_are_those_of_the_contract() -> None:
    assert {code: (f"pyflow.{kind}", words) for code, (kind, words) in SENTENCES.items()} == {
        code: (row["type"], row["sentence"]) for code, row in TABLE.items()
    }


@pytest.mark.parametrize("case", list(refused()), ids=lambda case: f"{case[0].stem} {name_of(case[1])}")
def test_a_refusal_is_told_in_the_sentence_of_its_vector(case: Any) -> None:
    path, vector = case
    assert told(path, vector) == vector["sentence"]
