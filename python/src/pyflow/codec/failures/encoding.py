"""An error as SWF's reason and details: a stable type to match on, and a document with all the rest, cut to fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyflow.codec.codings import xjson
from pyflow.codec.codings.json_write import write_compact
from pyflow.codec.model.limits import DATA_LIMIT, MAX_RETRY_AFTER, REASON_LIMIT, cut, first_units, units
from pyflow.codec.model.values import settle
from pyflow.codec.payloads import transforms
from pyflow.codec.payloads.envelope import MARK, VERSION
from pyflow.codec.payloads.transforms import Codecs
from pyflow.errors import Failure, PayloadException

_CLASS_LIMIT = 256
_OMISSION_UNITS = 32
_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")


@dataclass(frozen=True)
class Step:
    """How much of a failure is kept; units are halved for each cause further down."""

    message: int
    stack: int
    causes: int
    details: bool


LADDER = (
    Step(8192, 16384, 10, True),
    Step(4096, 8192, 5, True),
    Step(4096, 4096, 3, False),
    Step(1024, 0, 0, False),
    Step(256, 0, 0, False),
)


def encode_failure(
    failure: Failure, *, include_stack: bool = True, codecs: Codecs | None = None, context: Any = None
) -> tuple[str, str]:
    """SWF's reason, at most 256 units, and details, at most 32,768: by the first step of the ladder that fits.

    include_stack: False for who must not show where its code is. codecs: the user's, such as encryption, applied in
    their order to the document; the reason stays readable. Never raises for what a failure holds.
    """
    for step in LADDER:
        document = _document(failure, step, 0, include_stack)
        details = _details_text(document, codecs or {}, context)
        if units(details) <= DATA_LIMIT:
            break
    return _type(failure.type), details


def _details_text(document: dict[str, Any], codecs: Codecs, context: Any) -> str:
    if not codecs:
        return write_compact({MARK: VERSION, "failure": document})
    data = transforms.apply(write_compact(document).encode(), list(codecs), codecs, context)
    return write_compact({MARK: VERSION, "enc": "failure", "codecs": list(codecs), "data": data})


def _document(failure: Failure, step: Step, depth: int, include_stack: bool) -> dict[str, Any]:
    document: dict[str, Any] = {
        "type": _type(failure.type),
        "message": cut(scrub(failure.message), step.message >> depth),
    }
    if failure.language is not None:
        document["language"] = first_units(scrub(failure.language), _CLASS_LIMIT)
    if failure.class_name is not None:
        document["class"] = cut(scrub(failure.class_name), _CLASS_LIMIT)
    if failure.stack and include_stack and step.stack >> depth:
        document["stack"] = shorten_stack([scrub(line) for line in failure.stack], step.stack >> depth)
    if failure.non_retryable:
        document["non_retryable"] = True
    if failure.retry_after is not None and 0 <= failure.retry_after <= MAX_RETRY_AFTER:
        document["retry_after"] = failure.retry_after
    if failure.details is not None:
        document |= _details(failure.details) if step.details else {"details_omitted": True}
    if failure.cause is not None:
        if depth < step.causes:
            document["cause"] = _document(failure.cause, step, depth + 1, include_stack)
        else:
            document["cause_omitted"] = True
    return document


def _details(details: object) -> dict[str, Any]:
    """What goes into the document; a value outside the model is left out rather than the failure lost."""
    try:
        settled, _ = settle(details)
    except PayloadException:
        return {"details_omitted": True}
    return {"details": xjson.to_tree(settled)}


def _type(name: str) -> str:
    return first_units(scrub(name).translate(_CONTROLS), REASON_LIMIT)


def scrub(text: str) -> str:
    """The text with each surrogate that has no partner replaced by U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def shorten_stack(lines: list[str], limit: int) -> list[str]:
    """The lines if they cost `limit` units or less, else those of both ends, two innermost for one outermost.

    lines: innermost first; each costs its units and one.
    """
    costs = [units(line) + 1 for line in lines]
    if sum(costs) <= limit:
        return lines
    left = limit - _OMISSION_UNITS
    inner, outer = 0, 0
    while inner + outer < len(lines):
        takes_outer = (inner + outer) % 3 == 2
        cost = costs[-1 - outer] if takes_outer else costs[inner]
        if cost > left:
            break
        left -= cost
        outer, inner = outer + takes_outer, inner + (not takes_outer)
    omitted = len(lines) - inner - outer
    return [*lines[:inner], f"... {omitted} frames omitted ...", *lines[len(lines) - outer :]]
