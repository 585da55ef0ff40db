"""Every vector of values and payloads, echoed through a real worker of each language; the refusals are refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bare_run import Outcome, Task
from batch import Batch, chosen
from worker_processes import LANGUAGES, ROOT, Worker

from pyflow import codec
from pyflow.conformance.notation import same
from pyflow.conformance.vectors import Sent, Vector, vectors

CELLS = [
    pytest.param((language, vector), id=f"{language}-{vector.id}")
    for vector in vectors(ROOT / "protocol", frozenset({"codecs"}))  # with the test codec, and no store
    for language in LANGUAGES
]


@pytest.fixture(scope="module")
def batch(request: pytest.FixtureRequest, workers: Callable[[str, str], Worker]) -> Callable[[str], Batch]:
    """Gives a language's batch: all that is sent to its worker, asked for together."""
    batches: dict[str, Batch] = {}

    def batch(language: str) -> Batch:
        if language not in batches:
            tasks = {
                (vector.id, sent.form): Task("echo", sent.text)
                for its, vector in chosen(request, "vector")
                if its == language
                for sent in vector.sent
            }
            batches[language] = Batch(workers(language, "local"), tasks)
        return batches[language]

    return batch


@pytest.mark.parametrize("vector", CELLS)
def test_a_vector_is_echoed_or_refused(vector: tuple[str, Vector], batch: Callable[[str], Batch]) -> None:
    """In every form in which it can be sent."""
    language, it = vector
    wrong = [
        (sent.form, outcome)
        for sent in it.sent
        if not _is_right(sent, outcome := batch(language).outcome((it.id, sent.form)))
    ]
    assert not wrong, str(wrong)[:2000]


def _is_right(sent: Sent, outcome: Outcome) -> bool:
    if sent.failures:
        return outcome.event == "ActivityTaskFailed" and outcome.attributes["reason"] in sent.failures
    return outcome.event == "ActivityTaskCompleted" and same(
        codec.decode(outcome.attributes.get("result")), sent.value
    )
