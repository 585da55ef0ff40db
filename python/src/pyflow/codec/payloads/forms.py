"""The forms of one value, from the most readable to the shortest, as protocol/payload.md has them tried."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from pyflow.codec.codings import msgpack, xjson
from pyflow.codec.codings.json_write import write, write_compact, write_raw
from pyflow.codec.model.limits import HEADERS_LIMIT, MAX_DECODED_BYTES, units
from pyflow.codec.model.refusals import refusal
from pyflow.codec.model.regular import is_regular
from pyflow.codec.model.shown import quoted
from pyflow.codec.model.values import settle

from . import reference, transforms
from .amount import may_be_read
from .envelope import MARK, VERSION
from .reference import Reference
from .transforms import ZLIB, Codecs

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


class _Form(NamedTuple):
    """How long a text is, and how to make it: most that are too long need not be made to know that."""

    units: int
    text: Callable[[], str]


def _form(text: str) -> _Form:
    return _Form(units(text), lambda: text)


class Writing:
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
        """The text of the first form that has no more units; None if none is so short."""
        for form in self._uncompressed():
            if form.units <= limit:
                return form.text()
            self.shortest = min(form.units, self.shortest or form.units)
        last = self._compressed()
        return last.text() if last is not None and last.units <= limit else None

    @property
    def size(self) -> int:
        """Units of what is too long, without the spaces that only Python writes."""
        return units(write_compact(self.settled)) if self.bare else self.shortest

    def claimed(self, store: str) -> Written | None:
        """The compressed form as a claim check; None where a reader would not take what is stored."""
        raw = self._bytes(self._short_enc)
        if not may_be_read(self._short_enc, raw):
            return None
        names = [ZLIB, *self.codecs]
        stored = transforms.transform(raw, names, self.codecs, self.context)
        if len(stored) > MAX_DECODED_BYTES:
            return None
        claim = reference.of(stored, store, self._short_enc, tuple(names))
        ref = {"store": claim.store, "key": claim.key, "size": claim.size, "sha256": claim.sha256}
        return Written(self._envelope(self._short_enc, codecs=names, ref=ref), claim, stored)

    def _uncompressed(self) -> Iterator[_Form]:
        if self.bare:
            yield _form(write(self.settled))
            yield _form(write_raw(self.settled))
        elif self.coding == "msgpack" or self.codecs:
            yield self._data(self._enc, self._bytes(self._enc), [])
        else:
            tree = xjson.to_tree(self.settled) if self._enc == "xjson" else self.settled
            yield _form(self._envelope(self._enc, value=tree))

    def _compressed(self) -> _Form | None:
        """None where a reader would not read what came out again."""
        raw = self._bytes(self._short_enc)
        return self._data(self._short_enc, raw, [ZLIB]) if may_be_read(self._short_enc, raw) else None

    @property
    def _short_enc(self) -> str:
        return "msgpack" if self.coding == "auto" else self.coding

    @property
    def _enc(self) -> str:
        if self.coding == "auto":
            return "xjson" if self.rich else "json"
        return self.coding

    def _data(self, enc: str, raw: bytes, names: list[str]) -> _Form:
        names = [*names, *self.codecs]
        data = transforms.transform(raw, names, self.codecs, self.context)
        coded = {"codecs": names} if names else {}
        return _Form(
            units(self._envelope(enc, **coded, data="")) + -(-len(data) // 3) * 4,
            lambda: self._envelope(enc, **coded, data=b64encode(data).decode()),
        )

    def _bytes(self, enc: str) -> bytes:
        if enc == "msgpack":
            self.packed = self.packed or msgpack.pack(self.settled)
            return self.packed
        tree = xjson.to_tree(self.settled) if enc == "xjson" else self.settled
        return write_compact(tree).encode()

    def _envelope(self, enc: str, **content: Any) -> str:
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
