"""The input of a run that carries signals: of continue-as-new, and of signal-with-start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyflow.codec.model.limits import DATA_LIMIT
from pyflow.codec.payloads.envelope import special
from pyflow.codec.payloads.transforms import Codecs

from .form import named, read_array, read_name, read_object, read_text, write_special


@dataclass(frozen=True)
class CarriedSignal:
    """A signal inside a run's input. input: payload text, None for none; id: by which a repeat is dropped."""

    name: str
    input: str | None = None
    id: str | None = None


@dataclass(frozen=True)
class Start:
    """An input, as payload text, and the signals that come before any in the run's history."""

    input: str | None = None
    signals: tuple[CarriedSignal, ...] = ()


def encode_start(
    input: str | None,
    signals: Iterable[CarriedSignal],
    *,
    what: str = "input",
    limit: int = DATA_LIMIT,
    codecs: Codecs | None = None,
    context: Any = None,
) -> str:
    """The input of a run that carries signals over; what is not said here is as `encode` has it.

    Raises PayloadTooLarge when no form fits, PayloadEncodeError for a name or an id that is not 1 to 256 characters.
    """
    content = {**_given("input", input), "signals": [_tree(signal, what) for signal in signals]}
    return write_special("start", content, what, limit, codecs, context)


def decode_start(text: str | None, *, codecs: Codecs | None = None, context: Any = None) -> Start | None:
    """What a run's input carries; None for any other input, readable or not: `decode` says which.

    Raises PayloadDecodeError for a `start` of the wrong shape, UnknownCodec.
    """
    tree = special(text, "start", codecs, context)
    if tree is None:
        return None
    tree = read_object(tree, "start")
    signals = tuple(_signal(each) for each in read_array(tree, "start", "signals"))
    return Start(read_text(tree, "start", "input"), signals)


def _tree(signal: CarriedSignal, what: str) -> dict[str, str]:
    name = named(signal.name, "signal name", what)
    identity = None if signal.id is None else named(signal.id, "signal id", what)
    return {**_given("id", identity), "name": name, **_given("input", signal.input)}


def _given(key: str, text: str | None) -> dict[str, str]:
    return {} if text is None else {key: text}


def _signal(tree: Any) -> CarriedSignal:
    tree = read_object(tree, "signal")
    identity = read_name(tree, "signal", "id") if "id" in tree else None
    return CarriedSignal(read_name(tree, "signal", "name"), read_text(tree, "signal", "input"), identity)
