"""What is published: every behaviour pins a sentence that stands in the documents, and every step is one of the kit's."""

from __future__ import annotations

import re

import pytest

from pyflow.conformance.published import PROTOCOL, behaviours
from pyflow.conformance.steps import STEPS
from pyflow.conformance.wire import FAULTS
from pyflow.errors import PyflowException

README = PROTOCOL / "conformance" / "README.md"


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("behaviour", behaviours(), ids=lambda it: it.id)
def test_the_sentence_stands_where_the_behaviour_says(behaviour):
    document, _, anchor = behaviour.see.partition("#")
    text = (PROTOCOL / document).read_text("utf-8")
    assert behaviour.sentence in squeezed(text)
    headings = {
        re.sub(r"[^\w\- ]", "", it.lower()).replace(" ", "-") for it in re.findall("^#+ (.*)$", text, re.M)
    }
    assert not anchor or f'<a id="{anchor}">' in text or anchor in headings


@pytest.mark.parametrize("name", [*STEPS, *FAULTS])
def test_the_readme_describes_every_step_and_fault(name):
    assert f"`{name}`" in README.read_text("utf-8")


def test_the_readme_lists_every_activity_that_is_scheduled():
    text = README.read_text("utf-8")
    for behaviour in behaviours():
        for step, argument in behaviour.steps:
            for task in (
                (argument if isinstance(argument, list) else [argument]) if step == "schedule" else []
            ):
                assert f"`{task['activity']}`" in text


WRONG = {
    "a step that is none": (
        "- {id: a, see: b, sentence: c, steps: [{jump: 1}]}",
        "x.yaml: a: {'jump': 1} is no step",
    ),
    "an unknown key": (
        "- {id: a, see: b, sentence: c, steps: [], when: now}",
        "x.yaml: a has unknown keys: when",
    ),
    "a missing key": ("- {id: a, see: b, steps: []}", "x.yaml: a lacks sentence"),
    "one id twice": (
        "- &it {id: a, see: b, sentence: c, steps: []}\n- *it",
        "several behaviours are called a",
    ),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_what_is_written_wrongly_is_refused_by_a_sentence(text, said, tmp_path):
    folder = tmp_path / "conformance"
    folder.mkdir()
    (folder / "x.yaml").write_text(f"section: x\nbehaviours:\n{text}\n")
    with pytest.raises(PyflowException) as refused:
        behaviours(tmp_path)
    assert str(refused.value).startswith(said)


def test_the_documents_and_the_data_are_part_of_the_package():
    assert (PROTOCOL / "worker.md").exists()
