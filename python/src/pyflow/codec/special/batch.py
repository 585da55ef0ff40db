"""The input of a child workflow that does a part of a `map`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyflow.codec.model.limits import DATA_LIMIT
from pyflow.codec.payloads.envelope import special
from pyflow.codec.payloads.transforms import Codecs
from pyflow.errors import PayloadDecodeError

from .form import named, read_array, read_name, read_object, write_special


@dataclass(frozen=True)
class Batch:
    """step: a method or a step of the workflow class, called for each of the items, which are payload texts."""

    step: str
    items: tuple[str, ...] = ()


def encode_batch(
    step: str,
    items: Iterable[str],
    *,
    what: str = "input",
    limit: int = DATA_LIMIT,
    codecs: Codecs | None = None,
    context: Any = None,
) -> str:
    """The input of a child that calls `step` for each of the items; what is not said here is as `encode` has it.

    Raises PayloadTooLarge when no form fits, PayloadEncodeError for a step whose name is not 1 to 256 characters.
    """
    content = {"step": named(step, "step name", what), "items": list(items)}
    return write_special("batch", content, what, limit, codecs, context)


def decode_batch(text: str | None, *, codecs: Codecs | None = None, context: Any = None) -> Batch | None:
    """The part of a `map` that an input asks for; None for any other input, readable or not: `decode` says which.

    Raises PayloadDecodeError for a `batch` of the wrong shape, UnknownCodec.
    """
    tree = special(text, "batch", codecs, context)
    if tree is None:
        return None
    tree = read_object(tree, "batch")
    items = read_array(tree, "batch", "items")
    if not all(isinstance(item, str) for item in items):
        raise PayloadDecodeError("a batch has an item that is no text")
    return Batch(read_name(tree, "batch", "step"), tuple(items))
