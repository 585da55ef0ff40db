"""Writing payloads: a value becomes the string of an SWF field, in the first form that fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pyflow.errors import PayloadException

from . import msgpack, plain, reference, transforms, xjson
from .envelope import MARK, VERSION
from .json_write import write, write_compact, write_raw
from .limits import DATA_LIMIT, HEADERS_LIMIT, HEARTBEAT_LIMIT, MAX_DECODED_BYTES, units
from .reference import Reference
from .refusals import refusal
from .regular import is_regular
from .shown import quoted
from .transforms import ZLIB, Codecs
from .values import settle

Coding = Literal["auto", "json", "xjson", "msgpack"]

HEADERS = frozenset(
    {
        "traceparent",
        "tracestate",
        "baggage",
        "attempt",
        "heartbeat_timeout",
        "start_to_close_timeout",
        "last_heartbeat",
    }
)


@dataclass(frozen=True)
class Written:
    """The text of an SWF field, and, where it is a claim check, the bytes to store before the text is sent."""

    text: str
    claim: Reference | None = None
    stored: bytes = b""


def encode(
    value: object,
    *,
    what: str = "payload",
    limit: int = DATA_LIMIT,
    coding: Coding = "auto",
    headers: Mapping[str, Any] | None = None,
    id: str | None = None,
    codecs: Codecs | None = None,
    context: Any = None,
) -> str:
    """`value` as the text of an SWF field: plain JSON, byte for byte json.dumps's, wherever that is possible.

    what: names the value in errors, as `input of activity3`. limit: of the field, in UTF-16 units.
    coding: force one. headers, id: sent along, in an envelope; only to who speaks the contract.
    codecs: the user's, applied in their order, each called with `context`.
    Raises PayloadEncodeError for a value outside the model, PayloadTooLarge when no form fits.
    """
    if coding == "auto" and headers is None and id is None and not codecs:
        text = _bare(value, what, limit)
        if text is not None:
            return text
    return write_payload(
        value,
        what=what,
        limit=limit,
        coding=coding,
        headers=headers,
        id=id,
        codecs=codecs,
        context=context,
    ).text


def write_payload(
    value: object,
    *,
    store: str | None = None,
    what: str = "payload",
    limit: int = DATA_LIMIT,
    coding: Coding = "auto",
    headers: Mapping[str, Any] | None = None,
    id: str | None = None,
    codecs: Codecs | None = None,
    context: Any = None,
) -> Written:
    """As `encode`, and what fits in no form becomes a claim check on `store`, if that is given.

    Nothing is stored here: whoever sends the text stores the bytes first.
    """
    if coding == "auto" and headers is None and id is None and not codecs:
        text = _bare(value, what, limit)
        if text is not None:
            return Written(text)
    written = _Writing(value, what, coding, headers, id, codecs or {}, context)
    text = written.first_of_at_most(limit)
    if text is not None:
        return Written(text)
    claimed = None if store is None else written.claimed(store)
    if claimed is None or units(claimed.text) > limit:
        raise too_large(what, written.size, limit)
    return claimed


def _bare(value: object, what: str, limit: int) -> str | None:
    """The plain text, if the value has one that fits: the common case, without a `_Writing`."""
    text = plain.encode(value, what)
    if text is not None and len(text) <= limit and not (isinstance(value, dict) and MARK in value):
        return text
    return None


def encode_heartbeat(value: object, *, codecs: Codecs | None = None, context: Any = None) -> str | None:
    """The details of a heartbeat, at most 2,048 units: None for None, and a note of the length if no form fits.

    Never a claim check. Raises PayloadEncodeError for a value outside the model, never for its size.
    """
    if value is None:
        return None
    written = _Writing(value, "heartbeat", "auto", None, None, codecs or {}, context)
    text = written.first_of_at_most(HEARTBEAT_LIMIT)
    if text is None:
        return write_compact({MARK: VERSION, "enc": "json", "value": None, "dropped": written.shortest})
    return text


def too_large(what: str, length: int, limit: int) -> PayloadException:
    """The error of a value that no form makes short enough."""
    return refusal("too-large", what=what, size=length, limit=limit)


class _Writing:
    """The forms of one value, from the most readable to the shortest."""

    def __init__(
        self,
        value: object,
        what: str,
        coding: Coding,
        headers: Mapping[str, Any] | None,
        id: str | None,
        codecs: Codecs,
        context: Any,
    ) -> None:
        self.settled: Any
        self.packed: bytes | None = None
        if coding not in ("auto", "json", "xjson", "msgpack"):
            raise ValueError(f"no coding is called {coding!r}: there are auto, json, xjson and msgpack")
        self.settled, self.rich = (value, False) if is_regular(value) else settle(value, what)
        self.coding, self.codecs, self.context = coding, codecs, context
        if coding == "json" and self.rich:
            raise refusal("no-plain-form", what=what)
        self.beside = _headers(headers, what) | _identity(id, what)
        reserved = type(self.settled) is dict and MARK in self.settled
        self.bare = not (self.rich or reserved or self.beside or codecs) and coding in ("auto", "json")
        self.shortest = 0  # units of the shortest text without compression, among those tried

    def first_of_at_most(self, limit: int) -> str | None:
        for text in self.uncompressed():
            length = units(text)
            if length <= limit:
                return text
            self.shortest = min(length, self.shortest or length)
        last = self.compressed()
        return last if last is not None and units(last) <= limit else None

    def uncompressed(self) -> Iterator[str]:
        if self.bare:
            yield write(self.settled)
            yield write_raw(self.settled)
        elif self.coding == "msgpack" or self.codecs:
            yield self.data(self.enc, self.bytes(self.enc), [])
        else:
            tree = xjson.to_tree(self.settled) if self.enc == "xjson" else self.settled
            yield self.envelope(self.enc, value=tree)

    @property
    def size(self) -> int:
        """Units of what is too long, without the spaces that only Python writes."""
        return units(write_compact(self.settled)) if self.bare else self.shortest

    def compressed(self) -> str | None:
        """None where a reader would not let so many bytes come out again."""
        raw = self.bytes(self.short_enc)
        return self.data(self.short_enc, raw, [ZLIB]) if len(raw) <= MAX_DECODED_BYTES else None

    def claimed(self, store: str) -> Written | None:
        """The compressed form as a claim check; None where a reader would not take so many bytes."""
        raw = self.bytes(self.short_enc)
        if len(raw) > MAX_DECODED_BYTES:
            return None
        names = [ZLIB, *self.codecs]
        stored = transforms.transform(raw, names, self.codecs, self.context)
        if len(stored) > MAX_DECODED_BYTES:
            return None
        claim = reference.of(stored, store, self.short_enc, tuple(names))
        ref = {"store": claim.store, "key": claim.key, "size": claim.size, "sha256": claim.sha256}
        return Written(self.envelope(self.short_enc, codecs=names, ref=ref), claim, stored)

    @property
    def short_enc(self) -> str:
        return "msgpack" if self.coding == "auto" else self.coding

    @property
    def enc(self) -> str:
        if self.coding == "auto":
            return "xjson" if self.rich else "json"
        return self.coding

    def data(self, enc: str, raw: bytes, names: list[str]) -> str:
        names = [*names, *self.codecs]
        data = transforms.apply(raw, names, self.codecs, self.context)
        return self.envelope(enc, **({"codecs": names} if names else {}), data=data)

    def bytes(self, enc: str) -> bytes:
        if enc == "msgpack":
            self.packed = self.packed or msgpack.pack(self.settled)
            return self.packed
        tree = xjson.to_tree(self.settled) if enc == "xjson" else self.settled
        return write_compact(tree).encode()

    def envelope(self, enc: str, **content: Any) -> str:
        return write_compact({MARK: VERSION, "enc": enc, **content, **self.beside})


def _headers(headers: Mapping[str, Any] | None, what: str) -> dict[str, Any]:
    if headers is None:
        return {}
    for name in headers:
        if name not in HEADERS and not name.startswith("x-"):
            raise refusal("header-name", what=what, name=quoted(name))
    settled, _ = settle(dict(headers), f"headers of {what}")
    tree = {name: xjson.to_tree(value) for name, value in settled.items()}
    length = units(write_compact(tree))
    if length > HEADERS_LIMIT:
        raise refusal("headers-size", what=what, size=length)
    return {"h": tree}


def _identity(id: str | None, what: str) -> dict[str, str]:
    if id is None:
        return {}
    if not 1 <= units(id) <= 256:
        raise refusal("id-size", what=what, size=units(id))
    return {"id": id}
