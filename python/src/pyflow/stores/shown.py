"""Payloads for who looks at a run from outside: opened where that can be, else a sentence that says what would help."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TypeVar

from pyflow import codec
from pyflow.errors import Failure, PayloadException, PayloadUnavailable, UnknownCodec
from pyflow.history.event import Event

from .decisions import opened
from .payloads import Payloads
from .texts import open_text, whole_envelope

E = TypeVar("E", bound=PayloadException)

HELP: dict[type[PayloadException], str] = {
    UnknownCodec: "name the keys, by --key-file or in payloads=",
    PayloadUnavailable: "name the store, by --store or in payloads=",
}


def not_here(what: str, error: E) -> E:
    """The same error, with what it is about and what would help."""
    help = HELP.get(type(error))
    return type(error)(": ".join([f"{what} can't be read here", str(error), *([help] if help else [])]))


def open_events(events: Sequence[Event], payloads: Payloads) -> list[Event]:
    """The events with their payloads opened; what can't be opened here stays as it is."""

    def opened_or_kept(text: str, what: str) -> str:
        try:
            return open_text(text, payloads)
        except PayloadException:
            return text

    return [opened(event, opened_or_kept) for event in events]


def show_events(events: Sequence[Event], payloads: Payloads) -> tuple[list[Event], list[str]]:
    """The events with their payloads as people read them, and a sentence for each that can't be read here."""
    unreadable: list[str] = []

    def show(text: str, what: str) -> str:
        try:
            return _shown(text, payloads)
        except PayloadException as error:
            unreadable.append(str(not_here(what, error)))
            return "(can't be read here)"

    return [opened(event, show) for event in events], unreadable


def show_text(text: str, payloads: Payloads, what: str = "it") -> str:
    """A payload as JSON where it lies in a store or is encoded; any other text as it is.

    What can't be read here becomes a sentence in brackets.
    """
    try:
        return _shown(text, payloads)
    except PayloadException as error:
        return f"({not_here(what, error)})"


def _shown(text: str, payloads: Payloads) -> str:
    tree = whole_envelope(text)
    if tree is None or not {"data", "ref"} & set(tree):
        return text
    if tree.get("enc") == "failure":
        return codec.encode_failure(codec.decode_failure("", text, codecs=payloads.codecs))[1]
    clear = open_text(text, payloads)
    if tree.get("enc") in ("start", "batch"):
        return clear
    value = codec.decode(clear, lenient=True)
    return json.dumps(json.loads(codec.encode(value, limit=sys.maxsize)), ensure_ascii=False)


def read_failure(reason: str | None, details: str | None, payloads: Payloads) -> Failure:
    """What reason and details say; where the details can't be read here, the reason, and what would help."""
    try:
        return codec.decode_failure(reason, details, codecs=payloads.codecs)
    except UnknownCodec as error:
        return Failure(type=reason or "", message=str(not_here("its details", error)))
