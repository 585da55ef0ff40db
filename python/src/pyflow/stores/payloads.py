"""Values as SWF's strings and back, with what a process is configured with: keys, codecs, stores. This does I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pyflow import codec
from pyflow.codec import Aes256Gcm, KeyRing, PayloadCodec, Reference
from pyflow.codec.model.limits import DATA_LIMIT, MAX_DECODED_BYTES
from pyflow.codec.model.refusals import refusal
from pyflow.codec.model.shown import known, quoted
from pyflow.codec.payloads.aes_gcm import NAME as AES
from pyflow.codec.payloads.reference import STORE
from pyflow.errors import Failure, PyflowException

from .store import PayloadStore

_ENVELOPE = '{"$pyflow":1,'


class Payloads:
    """Reads and writes as protocol/payload.md says; threads share it.

    keys: decrypt with any, and encrypt everything if one of them is for that. codecs: the user's by name, applied in
    their order, before encryption; apply: those that are, the others are only read. stores: by name; what does not fit
    SWF is written to the first, and read from all.
    """

    def __init__(
        self,
        *,
        keys: KeyRing | None = None,
        codecs: Mapping[str, PayloadCodec] | None = None,
        apply: Iterable[str] | None = None,
        stores: Mapping[str, PayloadStore] | None = None,
    ) -> None:
        self.codecs: dict[str, PayloadCodec] = dict(codecs or {})
        applied = self.codecs.keys() if apply is None else {*apply}
        if unknown := sorted({*applied} - self.codecs.keys()):
            raise PyflowException(f"codecs to apply that there are none of: {', '.join(unknown)}")
        if keys is not None:
            self.codecs[AES] = Aes256Gcm(keys)
        self.applied = {
            name: each
            for name, each in self.codecs.items()
            if (name in applied if name != AES or keys is None else keys.encrypt_with is not None)
        }
        self.stores = dict(stores or {})
        for name in self.stores:
            if STORE.fullmatch(name) is None:
                raise PyflowException(f"a store has the name {name[:80]!r}, which must match {STORE.pattern}")
        self.writes_to = next(iter(self.stores), None)

    def __repr__(self) -> str:
        """By names alone; keys are never shown."""
        return "PLAIN" if self.plain else f"Payloads(codecs={[*self.codecs]}, stores={[*self.stores]})"

    @property
    def plain(self) -> bool:
        """Whether nothing is configured."""
        return not self.codecs and not self.stores

    @property
    def room(self) -> int:
        """Units of a text before it is sealed: on its way to a store so many that its bytes, in any coding, do fit."""
        return MAX_DECODED_BYTES // 3 if self.stores else DATA_LIMIT

    def read(self, text: str | None) -> codec.Payload:
        """What the field holds, fetched where it is a claim check.

        Raises PayloadDecodeError, UnsupportedPayloadVersion, UnknownCodec, PayloadUnavailable.
        """
        payload = codec.read(text, codecs=self.codecs)
        value, headers = payload.value, self._opened(payload.headers)
        if isinstance(value, Reference):
            value = codec.resolve(value, self.fetch(value), codecs=self.codecs)
        return codec.Payload(value, headers, payload.id, payload.enveloped)

    def _opened(self, headers: dict[str, Any]) -> dict[str, Any]:
        """The headers with a last heartbeat that was sealed opened (protocol/worker.md, "Keys and stores")."""
        last = headers.get("last_heartbeat")
        if not isinstance(last, str) or not last.startswith(_ENVELOPE) or '"codecs":' not in last:
            return headers
        return {**headers, "last_heartbeat": codec.decode(last, codecs=self.codecs)}

    def write(self, value: object, *, what: str = "payload", limit: int = DATA_LIMIT, **options: Any) -> str:
        """The value as a field's text; what does not fit is in the store once this returns.

        options: `headers` and `id`, as codec.encode takes them. Raises PayloadEncodeError, PayloadTooLarge,
        PayloadUnavailable.
        """
        written = codec.write_payload(
            value, what=what, limit=limit, codecs=self.applied, store=self.writes_to, **options
        )
        return self.keep(written, what)

    def heartbeat(self, details: object) -> str | None:
        """The details of a heartbeat, never stored; None for None."""
        return codec.encode_heartbeat(details, codecs=self.applied)

    def failure(self, failure: Failure) -> tuple[str, str]:
        """A failure as reason and details."""
        return codec.encode_failure(failure, codecs=self.applied)

    def keep(self, written: codec.Written, what: str) -> str:
        """Stores what has to be, and gives the text. Raises PayloadUnavailable."""
        if written.claim is not None:
            try:
                self.stores[written.claim.store].put(written.claim.key, written.stored)
            except Exception as error:
                store = quoted(written.claim.store)
                raise refusal("store-write", what=what, store=store, why=_told(error)) from error
        return written.text

    def fetch(self, claim: Reference) -> bytes:
        """The stored bytes, which are not verified yet. Raises PayloadUnavailable; PayloadDecodeError for too many."""
        if claim.size > MAX_DECODED_BYTES:
            raise refusal("claim-size", size=claim.size)
        store, name = self.stores.get(claim.store), quoted(claim.store)
        if store is None:
            raise refusal("store-unknown", store=name, known=known(self.stores))
        try:
            stored = store.get(claim.key, claim.size)
        except Exception as error:
            raise refusal("store-read", store=name, why=_told(error)) from error
        if stored is None:
            raise refusal("object-missing", store=name, key=claim.key)
        return stored


def _told(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


PLAIN = Payloads()
