"""Payloads and failures that somebody might send: well formed, nearly so, and not at all.

Each is made from the inside out (a value, its coding, its transforms, its envelope, its spelling), and at each of these
layers something may go wrong; or a text of the vectors, or one that a codec wrote, is mutated.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from typing import Any

from codec.configured import CODECS, KEYS
from codec.notation import VECTORS, raw, text
from fuzz.drawing import SEED
from fuzz.packed import Packed
from fuzz.trees import Members, nested

from pyflow.codec import Aes256Gcm, KeyRing

LONGEST = 20_000  # characters: what is longer shows nothing that this does not
TRANSFORMS = (
    [],
    [],
    [],
    ["zlib"],
    ["zlib"],
    ["test-xor"],
    ["zlib", "test-xor"],
    ["zlib", "aes-256-gcm"],
    ["zlib"] * 2,
)


class Hostile(Packed):
    """A stream of payloads and failures; each call draws one, and the same seed gives the same."""

    def __init__(self, seed: int = SEED) -> None:
        super().__init__(seed)
        self.known = known_texts()
        keys = KeyRing(
            KEYS, encrypt_with="2026-11"
        )  # the nonces are drawn here, so that a stream comes again
        self.codecs = {**CODECS, "aes-256-gcm": Aes256Gcm(keys, nonce=lambda: self.random.randbytes(12))}

    def learn(self, written: str) -> None:
        """Takes a text, such as one that a codec wrote, to be mutated later in place of another."""
        if len(written) <= LONGEST:
            self.known[self.below(len(self.known))] = written

    def payload(self) -> str:
        """What an SWF field might hold."""
        made = self.choose((self.plain, self.envelope, self.envelope, self.envelope, self.mutant))()
        return str(self.perhaps(0.15, self.mutated, made))[:LONGEST]

    def failure(self) -> tuple[str | None, str | None]:
        """A reason and details, in Unicode: how broken text comes from the wire is the SDK's affair."""
        made = self.choose((self.document, self.document, self.mutant, self.payload))()
        details = self.choose((None, "", made, *[self.perhaps(0.2, self.mutated, made)] * 8))
        reason = self.choose((None, "", "ValueError", "Acme::Declined", "a\x00b", "😀" * 128, self.text()))
        return reason, details and details.encode("utf-16", "replace").decode("utf-16")

    def plain(self) -> str:
        return self.spelled(self.tree())

    def envelope(self) -> str:
        members = Members([("$pyflow", 1)])
        enc = self.choose(("json", "xjson", "msgpack"))
        if enc != "json" or self.chance(0.5):
            members.append(("enc", enc))
        members += self.content(enc)
        if self.chance(0.3):
            names = ("traceparent", "attempt", "last_heartbeat", "x-user", "unknown", "$ts", "")
            members.append(("h", Members((self.choose(names), self.tree(2)) for _ in range(self.below(3)))))
        if self.chance(0.2):
            members.append(("id", self.choose(("s1", "i" * 256, "😀" * 128, self.text()))))
        if self.chance(0.1):
            members.append((self.choose(("type", "dropped", "unknown", "x")), self.tree()))
        return self.spelled(self.perhaps(0.25, self.spoiled, members))

    def content(self, enc: str) -> Members:
        names = list(self.choose(TRANSFORMS))
        if self.chance(0.03):
            names.append(self.choose(("acme-kms", "", "ZLIB", "java.util.zip")))
        if enc != "msgpack" and not names and self.chance(0.6):
            return Members([("value", self.tree())])
        if self.chance(0.08):
            return Members([("ref", self.claim()), ("codecs", names)])
        data = self.packed() if enc == "msgpack" else self.plain().encode("utf-8", "surrogatepass")
        members = Members([("data", self.transformed(self.perhaps(0.12, self.mutated_bytes, data), names))])
        if names or self.chance(0.2):
            members.append(("codecs", names))
        return members

    def transformed(self, data: bytes, names: list[str]) -> str:
        """The bytes after these transforms, in base64; between two of them something may happen."""
        for name in names:
            data = self.perhaps(0.04, self.mutated_bytes, data)
            data = zlib.compress(data, self.below(10)) if name == "zlib" else data
            data = self.codecs[name].encode(data, None) if name in self.codecs else data
        return b64encode(self.perhaps(0.04, self.mutated_bytes, data)).decode()

    def claim(self) -> Members:
        digest = f"{self.random.getrandbits(256):064x}"
        right = f"sha256/{digest[:2]}/{digest}"
        keys = (right, right, "../x", "a..b", "/etc", "", "x" * 512, "x" * 513, "é", "a\n", "a/./b")
        claim = Members(
            [
                ("store", self.choose(("default", "default", "a" * 65, "", "http://x", "x\n"))),
                ("key", self.choose(keys)),
                ("size", self.choose((8, 8, 0, -1, 1.0, True, 2**53 - 1, 2**53, 10**400, "8"))),
                ("sha256", self.choose((digest, digest, digest.upper(), digest[1:], digest + "\n"))),
            ]
        )
        return Members(self.perhaps(0.1, self.spoiled, claim))

    def document(self) -> str:
        failure = self.failure_members(self.below(4))
        members = [("failure", failure)]
        if self.chance(0.2):
            names = self.choose((["test-xor"], ["zlib"], ["acme-kms"], ["aes-256-gcm"], []))
            data = self.spelled(failure).encode("utf-8", "surrogatepass")
            members = [("enc", "failure"), ("codecs", names), ("data", self.transformed(data, names))]
        return self.spelled(self.perhaps(0.15, self.spoiled, Members([("$pyflow", 1), *members])))

    def failure_members(self, causes: int) -> Members:
        parts: dict[str, Any] = {
            "message": self.text(),
            "language": self.choose(("ruby", "x" * 300, self.text())),
            "class": self.text(),
            "stack": [self.text() for _ in range(self.below(5))],
            "non_retryable": self.choose((True, False)),
            "retry_after": self.choose((0, 1, 30, 0.5, 1e300, -1, 10**9, 10**9 + 1, 10**30, 1e-9, 0.1)),
            "details": self.tree(),
            "unknown": self.leaf(),
        }
        kept = [(name, part) for name, part in parts.items() if self.chance(0.5)]
        cause = [("cause", self.failure_members(causes - 1))] if causes else []
        return Members(self.perhaps(0.15, self.spoiled, Members([("type", self.text()), *kept, *cause])))

    def spoiled(self, members: Members) -> Members:
        """One member changed, lost, said twice, nested, or added."""
        place = self.below(len(members))
        key, value = members[place]
        odd = self.choose(
            (1, 2, -1, 1.0, True, None, "1", 10**30, [], Members(), "json", "yaml", "failure", self.leaf())
        )
        others = Members([*members[:place], *members[place + 1 :]])
        changes = (
            others,
            [*members, (key, value)],
            [*members, (self.piece("keys"), odd)],
            [*others, (key, nested(value, 300))],
        )
        return Members(self.choose((*changes, *[[*others, (key, odd)]] * 3)))

    def mutant(self) -> str:
        return self.mutated(self.choose(self.known))

    def mutated(self, made: str) -> str:
        """Some characters changed, lost, repeated, or those of another text put in."""
        for _ in range(self.choose((1, 1, 1, 2, 4))):
            start = self.below(len(made) + 1)
            end = min(len(made), start + self.choose((0, 1, 1, 2, 8, 40)))
            other = self.choose(self.known)
            place = self.below(len(other) + 1)
            some = (
                self.piece("words"),
                self.piece("numbers"),
                other[place : place + 30],
                "\ud800",
                "\\ud800",
            )
            more = (
                "",
                self.character(),
                self.choose('[]{}",:\\0123456789.eE+-$ '),
                made[start:end] * self.choose((2, 100)),
            )
            made = made[:start] + self.choose((*some, *more, *more)) + made[end:]
        return made[:LONGEST]

    def mutated_bytes(self, data: bytes) -> bytes:
        """The same with bytes."""
        start = self.below(len(data) + 1)
        end = start + self.choose((0, 1, 1, 2, 5))
        middle = (b"", self.random.randbytes(1), bytes.fromhex(self.piece("bytes")), data[start:end] * 2)
        return data[:start] + self.choose(middle) + data[end:]


def known_texts() -> list[str]:
    """The texts of the vectors: payloads, values in each coding, details of failures."""
    found = []
    for path in sorted(path for path in VECTORS.glob("*/*.json") if path.parent.name != "histories"):
        for vector in json.loads(path.read_text("utf-8")):
            found += [
                text(vector[key])
                for key in ("text", "plain", "xjson", "details")
                if vector.get(key) is not None
            ]
            if isinstance(vector.get("msgpack"), (str, dict)):
                data = b64encode(raw(vector["msgpack"])).decode()
                found.append(json.dumps({"$pyflow": 1, "enc": "msgpack", "data": data}))
    return [each for each in found if len(each) <= LONGEST]
