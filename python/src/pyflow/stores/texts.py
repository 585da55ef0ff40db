"""Payload texts of a history, opened so that a reader without keys and stores can read them, and sealed again.

A decider's core does no I/O and draws no nonces. So its shell opens what SWF holds before a turn, and seals what the
turn asks for; what lies between is as long as it likes.
"""

from __future__ import annotations

import sys
from base64 import b64encode
from typing import Any

from pyflow import codec
from pyflow.codec.codings.json_write import write_compact
from pyflow.codec.model.limits import DATA_LIMIT, units
from pyflow.codec.model.refusals import refusal
from pyflow.codec.model.shown import byte
from pyflow.codec.payloads import transforms
from pyflow.codec.payloads.encoding import too_large
from pyflow.codec.payloads.envelope import MARK, VERSION, data_bytes, envelope_of, undone
from pyflow.codec.payloads.reference import of as reference_to
from pyflow.codec.payloads.reference import parse as parse_reference
from pyflow.codec.payloads.transforms import ZLIB
from pyflow.errors import PayloadDecodeError

from .payloads import Payloads


def open_text(text: str, payloads: Payloads) -> str:
    """The same payload without claim checks and codecs of the user's; any other text as it is.

    Raises PayloadDecodeError for bad content, UnknownCodec, PayloadUnavailable.
    """
    tree = whole_envelope(text)
    if tree is None:
        return text
    enc, names = tree.get("enc", "json"), tree.get("codecs", [])
    if not isinstance(enc, str) or not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        return text  # its reader says what is wrong
    if "ref" in tree:
        claim = parse_reference(tree["ref"], enc, tuple(names))
        stored = claim.verified(payloads.fetch(claim))
        raw = undone(enc, stored, tuple(names), payloads.codecs, None)
    elif "data" in tree and any(name != ZLIB for name in names):
        raw = data_bytes(tree, tuple(names), payloads.codecs, None)
    else:
        return _with_inner_opened(text, enc, payloads)
    beside: dict[str, Any] = {key: tree[key] for key in ("h", "id") if key in tree}
    return _with_inner_opened(_bare(raw, enc, beside), enc, payloads)


def seal_text(text: str, payloads: Payloads, *, what: str = "payload", limit: int = DATA_LIMIT) -> str:
    """The same payload as SWF is to hold it: encrypted if keys say so, stored if it does not fit.

    Text that is no payload stays as it is. Raises PayloadTooLarge, PayloadUnavailable.
    """
    if not payloads.applied and units(text) <= limit:
        return text
    tree = whole_envelope(text)
    if tree is None:
        try:
            value = codec.decode(text, lenient=True)
        except PayloadDecodeError:
            return text
        return payloads.write(value, what=what, limit=limit)
    if "ref" in tree or any(name != ZLIB for name in tree.get("codecs", [])):
        return text  # sealed by who wrote it
    enc = "failure" if "failure" in tree else tree.get("enc", "json")
    if enc in ("json", "xjson", "msgpack"):
        payload = codec.read(text)
        headers = payload.headers
        if payloads.applied and "last_heartbeat" in headers:
            headers = {**headers, "last_heartbeat": payloads.heartbeat(headers["last_heartbeat"])}
        return payloads.write(payload.value, what=what, limit=limit, headers=headers or None, id=payload.id)
    return _seal_special(enc, _content(tree), payloads, what, limit)


def seal_failure(reason: str | None, details: str | None, payloads: Payloads) -> str | None:
    """The details of a failure as SWF is to hold them, whether they are a document or plain text."""
    if not payloads.applied or details is None:
        return details
    return payloads.failure(codec.decode_failure(reason, details, codecs=payloads.codecs))[1]


def whole_envelope(text: str) -> dict[str, Any] | None:
    """The envelope of version 1 that the text is, with its one content; None for any other text."""
    tree = envelope_of(text)
    return tree if tree and sum(key in tree for key in ("value", "data", "ref", "failure")) == 1 else None


def _bare(raw: bytes, enc: str, beside: dict[str, Any]) -> str:
    """The bytes of a coding as the plainest text that says the same."""
    if enc == "json" and not beside and MARK.encode() not in raw and b"\\u" not in raw:
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            raise refusal("utf8", where=byte(error.start)) from None
    data = b64encode(raw).decode()
    return write_compact({MARK: VERSION, "enc": enc, "data": data, **beside})


def _with_inner_opened(text: str, enc: str, payloads: Payloads) -> str:
    """Payloads that an opened payload carries, opened: the input and signals of a start, the items of a batch."""
    if enc == "start" and (start := codec.decode_start(text)) is not None:
        signals = [
            codec.CarriedSignal(signal.name, _maybe(signal.input, payloads), signal.id)
            for signal in start.signals
        ]
        if (_maybe(start.input, payloads), *signals) != (start.input, *start.signals):
            return codec.encode_start(_maybe(start.input, payloads), signals, limit=sys.maxsize)
    if enc == "batch" and (batch := codec.decode_batch(text)) is not None:
        items = tuple(open_text(item, payloads) for item in batch.items)
        if items != batch.items:
            return codec.encode_batch(batch.step, items, limit=sys.maxsize)
    return text


def _maybe(text: str | None, payloads: Payloads) -> str | None:
    return None if text is None else open_text(text, payloads)


def _content(tree: dict[str, Any]) -> bytes:
    if "data" in tree:
        return data_bytes(tree, tuple(tree.get("codecs", [])), {}, None)
    return write_compact(tree["failure"] if "failure" in tree else tree["value"]).encode()


def _seal_special(enc: str, raw: bytes, payloads: Payloads, what: str, limit: int) -> str:
    """As `write_payload` tries its forms, for JSON whose coding only some readers know."""
    size = 0
    for names in ([*payloads.applied], [ZLIB, *payloads.applied]):
        data = transforms.apply(raw, names, payloads.codecs, None)
        text = write_compact(
            {MARK: VERSION, "enc": enc, **({"codecs": names} if names else {}), "data": data}
        )
        if units(text) <= limit:
            return text
        size = size or units(text)  # without compression: protocol/refusals.md
    if payloads.writes_to is None:
        raise too_large(what, size, limit)
    stored = transforms.transform(raw, names, payloads.codecs, None)
    claim = reference_to(stored, payloads.writes_to, enc, tuple(names))
    ref = {"store": claim.store, "key": claim.key, "size": claim.size, "sha256": claim.sha256}
    text = write_compact({MARK: VERSION, "enc": enc, "codecs": names, "ref": ref})
    return payloads.keep(codec.Written(text, claim, stored), what)
