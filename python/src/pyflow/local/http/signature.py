"""Whether a request was signed by a key that is known, over what it says, and lately.

Source: AWS General Reference, "Create a signed AWS API request".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest, digest

from pyflow.local.engine.fault import Fault
from pyflow.local.http.authorization import (
    ALGORITHM,
    SERVICE,
    TERMINATOR,
    Authorization,
    Credential,
    seconds_of,
)
from pyflow.local.http.credentials import Secret

SKEW_SECONDS = 300
"""How far a client's clock may be off, as AWS has it."""

SIGNED = ("x-amz-date", "x-amz-target")
"""Must be signed, besides `host`: else an old signature would do for another operation, or for ever."""


class Verifier:
    """Verifies signatures. secrets: by access key id. clock: seconds since 1970, the wall's whatever the service's."""

    def __init__(self, secrets: Mapping[str, Secret], clock: Callable[[], float] = time.time) -> None:
        self._secrets = secrets
        self._clock = clock
        self._key = lru_cache(256)(self._derive)

    def verify(self, authorization: Authorization, headers: Mapping[bytes, bytes], body: bytes) -> None:
        """Return if a `POST /` is as it was signed. headers: by lower-case names. Raises Fault."""
        secret = self._secrets.get(authorization.credential.access_key)
        token = headers.get(b"x-amz-security-token", b"")
        if secret is None or not compare_digest(token, secret.token):
            raise Fault(
                "UnrecognizedClientException", "The security token included in the request is invalid."
            )
        self._check_time(authorization.at)
        for name in SIGNED:
            if name.encode() in headers and name not in authorization.signed:
                raise _wrong(f"'{name}' must be a 'SignedHeader' in the AWS Authorization.")
        hashed = sha256(body).hexdigest()
        if headers.get(b"x-amz-content-sha256", hashed.encode()) != hashed.encode():
            raise _wrong("The value of 'x-amz-content-sha256' does not match the payload.")
        expected = signature(self._key(authorization.credential), authorization, headers, hashed)
        if not compare_digest(expected, authorization.signature):
            raise _wrong(
                "The request signature we calculated does not match the signature you provided. Check your AWS "
                "Secret Access Key and signing method."
            )

    def _derive(self, credential: Credential) -> bytes:
        """The key of a day, region and service."""
        key = b"AWS4" + self._secrets[credential.access_key].key.encode()
        for part in (credential.day, credential.region, SERVICE, TERMINATOR):
            key = digest(key, part.encode(), "sha256")
        return key

    def _check_time(self, at: str) -> None:
        now = self._clock()
        signed = seconds_of(at)
        if signed < now - SKEW_SECONDS:
            limit = f"{_iso(now - SKEW_SECONDS)} ({_iso(now)} - 5 min.)"
            raise _wrong(f"Signature expired: {at} is now earlier than {limit}")
        if signed > now + SKEW_SECONDS:
            limit = f"{_iso(now + SKEW_SECONDS)} ({_iso(now)} + 5 min.)"
            raise _wrong(f"Signature not yet current: {at} is still later than {limit}")


def signature(key: bytes, authorization: Authorization, headers: Mapping[bytes, bytes], hashed: str) -> str:
    """The signature of a `POST /`. key: of its day; hashed: of its body, in hexadecimal."""
    signed = b"".join(
        b"%s:%s\n" % (name, b" ".join(headers.get(name, b"").split()))
        for name in map(str.encode, authorization.signed)
    )
    names = ";".join(authorization.signed).encode()
    request = b"POST\n/\n\n%s\n%s\n%s" % (signed, names, hashed.encode())
    lines = (ALGORITHM, authorization.at, authorization.credential.scope, sha256(request).hexdigest())
    return digest(key, "\n".join(lines).encode(), "sha256").hex()


def _iso(seconds: float) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))


def _wrong(message: str) -> Fault:
    return Fault("InvalidSignatureException", message)
