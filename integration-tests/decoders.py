"""The codecs of three languages as decoders that live long: a payload or a failure in, what it means out.

A line asks `payload TEXT`, `failure REASON DETAILS` or `write ASKED` (`record_corpus.py`), each text being `-` (absent) or
the base64 of its UTF-16, lone surrogates included. The answer is one of

- `read VALUE ID enveloped|plain WRITTEN [NAME VALUE]…`: the value and each header as an envelope of msgpack, which has
  one form, and how the value would be written; words are base64 of UTF-8, `=` for an empty text, `-` for none;
- `read REASON DETAILS`: of a failure, as it would be answered again;
- `read TEXT STORED`: what was written, and the bytes to store, or `read REASON DETAILS`;
- `refused TYPE MESSAGE`: by an error of the contract;
- `hurt CLASS MESSAGE`: by anything else, which never happens.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from base64 import b64decode, b64encode
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from codec.configured import CODECS
from worker_processes import ROOT

from pyflow import codec
from pyflow.errors import PayloadException

HERE = Path(__file__).parent / "decoders"
FORMS = ("enveloped", "plain")
JAR = ROOT / "java-worker/target/pyflow-worker-all.jar"
WORKER = ROOT / "integration-tests/workers/java/target/classes"  # has the user codec
COMMANDS = {
    "ruby": [os.environ.get("RUBY", "ruby"), "-W0", str(HERE / "decoder.rb")],
    "java": ["java", "-Xmx256m", "-XX:+UseSerialGC", "-cp", f"{JAR}:{WORKER}", str(HERE / "Decoder.java")],
}


@dataclass(frozen=True)
class Question:
    """A payload's text, or a failure's reason and details."""

    kind: str
    texts: tuple[str | None, ...]

    @property
    def line(self) -> str:
        return " ".join([self.kind, *(_utf16(text) for text in self.texts)])


class InProcess:
    """Python's codec."""

    def ask(self, question: Question) -> str:
        try:
            said = _ANSWERS[question.kind](*question.texts)
        except PayloadException as error:
            return f"refused {type(error).__name__} {word(str(error))}"
        except Exception as error:
            return f"hurt {type(error).__name__} {word(str(error)[:300])}"
        return f"read {' '.join(said)}"


class Process:
    """A decoder in another language."""

    def __init__(self, language: str) -> None:
        self.process = subprocess.Popen(
            COMMANDS[language], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="ascii"
        )
        assert self._line() == "ready"

    def ask(self, question: Question) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(question.line + "\n")
        self.process.stdin.flush()
        return self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def memory(self) -> int | None:
        """The most that it ever took, in megabytes, where the system tells."""
        status = Path(f"/proc/{self.process.pid}/status")
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
        return int(found[1]) // 1024 if found else None

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


def _payload(text: str | None) -> list[str]:
    read = codec.read(text, codecs=CODECS)
    claim = isinstance(read.value, codec.Reference)
    headers = [part for name, value in read.headers.items() for part in (word(name), _packed(value))]
    written = None if claim else codec.encode(read.value, limit=sys.maxsize)
    return [_packed(read.value), word(read.id), FORMS[not read.enveloped], word(written), *headers]


def _failure(reason: str | None, details: str | None) -> list[str]:
    return [word(each) for each in codec.encode_failure(codec.decode_failure(reason, details, codecs=CODECS))]


def _write(text: str | None) -> list[str]:
    asked = codec.decode(text)
    codecs = {name: CODECS[name] for name in asked["codecs"]}
    if asked["failure"]:
        return [
            word(part)
            for part in codec.encode_failure(codec.decode_failure(*asked["failure"]), codecs=codecs)
        ]
    value = codec.decode(asked["value"])
    if asked["heartbeat"]:
        return [word(codec.encode_heartbeat(value, codecs=codecs)), "-"]
    options = {key: asked[key] for key in ("limit", "coding", "id", "store")}
    written = codec.write_payload(value, headers=codec.decode(asked["headers"]), codecs=codecs, **options)
    return [word(written.text), b64encode(written.stored).decode() or "-"]


_ANSWERS: dict[str, Any] = {"payload": _payload, "failure": _failure, "write": _write}


def _packed(value: Any) -> str:
    if isinstance(value, codec.Reference):
        value = {"store": value.store, "key": value.key, "size": value.size, "sha256": value.sha256}
    return word(codec.encode(value, coding="msgpack", limit=sys.maxsize))


def meaning(question: Question, said: str) -> Any:
    """What must be equal in all languages: of a refusal its type, of what was read all but how it would be written."""
    kind, *words = said.split(" ")
    if kind != "read":
        return kind, words[0]
    if question.kind == "payload":
        return [text_of(word) if word not in FORMS else word for word in [*words[:3], *words[4:]]]
    reason, details = map(text_of, words)
    return reason, _plainly(json.loads(details or "null"))


def _plainly(document: Any) -> Any:
    """A failure document without what is written as one likes."""
    if isinstance(document, list):
        return [_plainly(item) for item in document]
    if not isinstance(document, dict):
        return document
    plain = {key: _plainly(part) for key, part in document.items() if (key, part) != ("non_retryable", False)}
    if isinstance(plain.get("retry_after"), float):
        plain["retry_after"] = round(plain["retry_after"], 9)
    if list(plain) == ["$dec"]:
        plain["$dec"] = Decimal(plain["$dec"])
    return plain


def word(text: str | None) -> str:
    """A text in an answer."""
    return "-" if text is None else b64encode(text.encode()).decode() or "="


def text_of(said: str) -> str | None:
    """The text that a word is."""
    return None if said == "-" else "" if said == "=" else b64decode(said).decode()


def _utf16(text: str | None) -> str:
    return "-" if text is None else b64encode(text.encode("utf-16-be", "surrogatepass")).decode() or "="
