"""The shape of a signed request, which is always asked for: AWS Signature Version 4, in headers, for `swf`.

Texts as AWS's services word them, where known; but none repeats the header, which is good for five minutes.
Source: AWS General Reference, "Create a signed AWS API request".
"""

from __future__ import annotations

import calendar
import re
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from pyflow.local.engine.fault import Fault

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE, TERMINATOR = "swf", "aws4_request"
PARAMETERS = ("Credential", "SignedHeaders", "Signature")

_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_SIGNED = re.compile(r"[!#$%&'*+.^_`|~0-9a-z;-]+")
_AT = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_REGION = re.compile(r"[a-z0-9-]{1,64}")
_ACCESS_KEY = re.compile(r"[!-.0-~]{1,128}")


class Credential(NamedTuple):
    """What a signature's key was made of. day: `YYYYMMDD`."""

    access_key: str
    day: str
    region: str

    @property
    def scope(self) -> str:
        """As it is signed."""
        return f"{self.day}/{self.region}/{SERVICE}/{TERMINATOR}"


class Authorization(NamedTuple):
    """A request's `Authorization` and `X-Amz-Date`. signed: names of headers, in order; at: `YYYYMMDDTHHMMSSZ`."""

    credential: Credential
    signed: tuple[str, ...]
    signature: str
    at: str


class _Signer(NamedTuple):
    """What all requests of a client have in common, for a day."""

    credential: Credential
    signed: tuple[str, ...]


def read(headers: Mapping[bytes, bytes]) -> Authorization:
    """What a request says of its signature, well-formed. headers: by lower-case names. Raises Fault."""
    text = headers.get(b"authorization", b"").decode("latin-1").strip()
    at = headers.get(b"x-amz-date", b"").decode("latin-1")
    if not text:
        raise Fault("MissingAuthenticationTokenException", "Missing Authentication Token")
    head, found, signature = text.rpartition("Signature=")
    if not found or not at:
        raise _lacking(text, at)
    credential, signed = _signer(head)
    if not _SIGNATURE.fullmatch(signature):
        raise _incomplete("Signature must come last in the Authorization header, as 64 hexadecimal digits.")
    seconds_of(at)
    if credential.day != at[:8]:
        raise _mismatched(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{credential.day}' != '{at[:8]}', from '{at}'."
        )
    return Authorization(credential, signed, signature, at)


@lru_cache(256)
def _signer(head: str) -> _Signer:
    """All but the signature. Raises Fault."""
    given = _parameters(head)
    if not (given.get("Credential") and given.get("SignedHeaders")):
        raise _lacking(f"{head}Signature=.", at=".")
    return _Signer(_credential(given["Credential"]), _signed(given["SignedHeaders"]))


def _parameters(text: str) -> dict[str, str]:
    algorithm, _, rest = text.partition(" ")
    if algorithm != ALGORITHM:
        raise _incomplete(f"Authorization must begin with {ALGORITHM}")
    parts = (part.partition("=") for part in rest.split(","))
    return {name.strip(): value.strip() for name, _, value in parts}


def _lacking(text: str, at: str) -> Fault:
    """Everything that is not there, in one fault."""
    given = _parameters(text)
    lacking = [
        f"Authorization header requires '{name}' parameter." for name in PARAMETERS if not given.get(name)
    ]
    if not at:
        lacking.append("Authorization header requires existence of a 'X-Amz-Date' header.")
    return _incomplete(" ".join(lacking))


@lru_cache(256)
def seconds_of(at: str) -> int:
    """Seconds since 1970 of an `X-Amz-Date`. Raises Fault."""
    try:
        if _AT.fullmatch(at):
            return calendar.timegm(time.strptime(at, "%Y%m%dT%H%M%SZ"))
    except ValueError:
        pass
    raise _incomplete("X-Amz-Date must be in ISO-8601 basic format, as 20260131T235959Z.")


def _credential(text: str) -> Credential:
    parts = text.split("/")
    if len(parts) != 5:
        raise _incomplete(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term."
        )
    access_key, day, region, service, terminator = parts
    if not _ACCESS_KEY.fullmatch(access_key):
        raise _incomplete("Credential must begin with an access key id of 1 to 128 visible characters.")
    if not _REGION.fullmatch(region):
        raise _mismatched("Credential should be scoped to a valid region.")
    if service != SERVICE:
        raise _mismatched(f"Credential should be scoped to correct service: '{SERVICE}'.")
    if terminator != TERMINATOR:
        raise _mismatched(f"Credential should be scoped with a valid terminator: '{TERMINATOR}'.")
    return Credential(access_key, day, region)


def _signed(text: str) -> tuple[str, ...]:
    if not _SIGNED.fullmatch(text):
        raise _incomplete("SignedHeaders must be names of headers in lower case, with ';' between them.")
    names = tuple(text.split(";"))
    if "host" not in names:
        raise _incomplete("'Host' must be a 'SignedHeader' in the AWS Authorization.")
    return names


def _incomplete(message: str) -> Fault:
    return Fault("IncompleteSignatureException", message)


def _mismatched(message: str) -> Fault:
    return Fault("InvalidSignatureException", message)
