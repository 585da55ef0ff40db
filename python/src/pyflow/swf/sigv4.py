"""AWS Signature Version 4 of a POST to `/`: what every call of SWF is.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Scope:
    """What a key may sign for; the date is the first eight letters of a timestamp."""

    region: str
    service: str


def authorization(
    scope: Scope, access_key: str, secret_key: str, timestamp: str, headers: Mapping[str, str], body: bytes
) -> str:
    """The Authorization header. timestamp: as `20260101T000000Z`; headers: those to sign, lower case and sorted."""
    date = timestamp[:8]
    where = f"{date}/{scope.region}/{scope.service}/aws4_request"
    signed = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = f"POST\n/\n\n{lines}\n{signed}\n{hashlib.sha256(body).hexdigest()}"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{timestamp}\n{where}\n{digest}"
    signature = _hmac(_key(secret_key, date, scope), text).hex()
    return f"AWS4-HMAC-SHA256 Credential={access_key}/{where}, SignedHeaders={signed}, Signature={signature}"


@lru_cache(maxsize=8)
def _key(secret_key: str, date: str, scope: Scope) -> bytes:
    """The key of one day."""
    key = _hmac(f"AWS4{secret_key}".encode(), date)
    for part in (scope.region, scope.service, "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
