"""Whatever one codec accepts, all accept, with the same value; what one refuses, all refuse, by the same error.

Three decoders that live long are sent one stream of payloads and failures, hostile ones for the most part. The usual run
takes a few thousand; `PYFLOW_FUZZ=200000` takes so many, and `PYFLOW_FUZZ_SEED=n` others.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest
from decoders import FORMS, JAR, InProcess, Process, Question, meaning, text_of
from fuzz.drawing import SEED, count
from fuzz.hostile import Hostile

AT_ONCE = 250  # questions
PATIENCE = 60.0  # seconds for so many: each takes a fraction of a millisecond
MEGABYTES = 400  # that a decoder may ever take, virtual machine and all
SHOWN = 5  # differences


@pytest.fixture
def processes() -> Iterator[dict[str, Process]]:
    """The decoders beside Python's."""
    assert JAR.exists(), f"{JAR} is not built: make --directory java-worker setup"
    started = {language: Process(language) for language in ("ruby", "java")}
    yield started
    for process in started.values():
        process.close()


def all_answers(decoder: InProcess | Process, questions: list[Question]) -> list[str]:
    return [decoder.ask(question) for question in questions]


def stream(hostile: Hostile) -> Iterator[Question]:
    while True:
        if hostile.chance(0.7):
            yield Question("payload", (hostile.payload(),))
        else:
            yield Question("failure", hostile.failure())


def test_three_codecs_read_a_hostile_stream_alike(processes: dict[str, Process]) -> None:
    """And what any of them would write of a value that it read, all read as that value: it comes again in the stream."""
    hostile = Hostile()
    questions = stream(hostile)
    wanted, seen, read, wrong = count(3000), 0, 0, []
    decoders = {"python": InProcess(), **processes}
    with ThreadPoolExecutor(len(decoders)) as pool:
        while seen < wanted and len(wrong) < SHOWN:
            some = list(islice(questions, AT_ONCE))
            answers = {
                language: pool.submit(all_answers, decoder, some) for language, decoder in decoders.items()
            }
            said = zip(*(answer.result(PATIENCE) for answer in answers.values()), strict=True)
            for question, lines in zip(some, said, strict=True):
                wrong += differences(question, dict(zip(answers, lines, strict=True)))
                if question.kind == "payload" and lines[0].startswith("read "):
                    read += 1
                    hostile.learn(text_of(hostile.choose(lines).split(" ")[4]) or "null")
            seen += len(some)
    assert not wrong, f"seed {SEED}, among the first {seen}:\n" + "\n".join(wrong[:SHOWN])
    assert read > seen / 10, "most is refused, and not all"
    assert {
        language: it.memory() or 0 for language, it in processes.items() if (it.memory() or 0) > MEGABYTES
    } == {}


def differences(question: Question, said: dict[str, str]) -> list[str]:
    """What is not as it must be about one question's answers."""
    meanings = [meaning(question, line) for line in said.values()]
    if all(each == meanings[0] for each in meanings) and not any(
        line.startswith("hurt") for line in said.values()
    ):
        if question.kind == "failure" or not said["python"].startswith("read "):
            return []
        return [
            f"{question} is {meanings[0][0]}, and what {language} writes of it {again}"
            for language, line in said.items()
            if (again := rewritten(line)) not in (None, meanings[0][0])
        ]
    return [
        f"{question.kind} {question.texts!r}: "
        + "; ".join(f"{key}: {shown(line)}" for key, line in said.items())
    ]


def rewritten(line: str) -> str | None:
    """The value of the text that a language would write, by Python's codec; None where there is none."""
    written = text_of(line.split(" ")[4])
    if written is None:
        return None
    again = Question("payload", (written,))
    [value, *_] = meaning(again, InProcess().ask(again))
    return str(value)


def shown(line: str) -> str:
    """An answer for people."""
    kind, *words = line.split(" ")
    said = [
        word if word in FORMS or (kind != "read" and word == words[0]) else repr(text_of(word))[:200]
        for word in words
    ]
    return " ".join([kind, *said])
