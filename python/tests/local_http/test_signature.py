"""Signatures, against botocore's own signer, and what of a request they hold on to."""

from __future__ import annotations

from datetime import datetime, timezone

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from pyflow.local.engine.fault import Fault
from pyflow.local.http import authorization
from pyflow.local.http.credentials import Secret
from pyflow.local.http.signature import Verifier

NOW = datetime(2026, 3, 1, 10, 11, 12, tzinfo=timezone.utc).timestamp()
SECRETS = {
    "AKIDEXAMPLE": Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    "TEMPORARY": Secret("temporary", b"token+of/it="),
}
BODY = b'{"name":"shop"}'
HEADERS = {
    b"host": b"127.0.0.1:4599",
    b"content-type": b"application/x-amz-json-1.0",
    b"x-amz-date": b"20260301T101112Z",
    b"x-amz-target": b"SimpleWorkflowService.DescribeDomain",
    b"authorization": b"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260301/us-east-1/swf/aws4_request, "
    b"SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature="
    b"cbf75a17fb029170905619bbe28e5115c75645cdfd3c206c4e3a8087934e5b1f",
}
WRONG = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
    "Key and signing method."
)


def verify(headers: dict[bytes, bytes], body: bytes = BODY, now: float = NOW) -> None:
    Verifier(SECRETS, lambda: now).verify(authorization.read(headers), headers, body)


def refusal(headers: dict[bytes, bytes], body: bytes = BODY, now: float = NOW) -> tuple[str, str]:
    with pytest.raises(Fault) as refused:
        verify(headers, body, now)
    return refused.value.type, refused.value.message


def signed(
    secret: Secret = SECRETS["AKIDEXAMPLE"], access_key: str = "AKIDEXAMPLE", **headers: str
) -> dict[bytes, bytes]:
    """A request that botocore signed, as it arrives."""
    sent = AWSRequest("POST", "http://127.0.0.1:4599/", data=BODY, headers={"Content-Type": "x", **headers})
    credentials = Credentials(access_key, secret.key, secret.token.decode() or None)
    botocore.auth.SigV4Auth(credentials, "swf", "us-east-1").add_auth(sent)
    arrived = {name.lower().encode(): value.encode("latin-1") for name, value in sent.headers.items()}
    return {b"host": b"127.0.0.1:4599", **arrived}


def signed_at(headers: dict[bytes, bytes]) -> float:
    return authorization.seconds_of(headers[b"x-amz-date"].decode())


def test_a_request_is_as_it_was_signed() -> None:
    verify(HEADERS)


@pytest.mark.parametrize(
    ("changed", "body"),
    [
        ({}, b'{"name":"shed"}'),
        ({}, b""),
        ({b"x-amz-target": b"SimpleWorkflowService.DeprecateDomain"}, BODY),
        ({b"x-amz-date": b"20260301T101113Z"}, BODY),
        ({b"host": b"localhost:4599"}, BODY),
        ({b"content-type": b"application/json"}, BODY),
        ({b"authorization": HEADERS[b"authorization"].replace(b"us-east-1", b"us-east-2")}, BODY),
        ({b"authorization": HEADERS[b"authorization"][:-1] + b"0"}, BODY),
        ({b"authorization": HEADERS[b"authorization"].replace(b"content-type;", b"")}, BODY),
    ],
)
def test_whatever_is_changed_shows(changed: dict[bytes, bytes], body: bytes) -> None:
    assert refusal({**HEADERS, **changed}, body) == ("InvalidSignatureException", WRONG)


@pytest.mark.parametrize("name", [b"x-amz-date", b"x-amz-target"])
def test_what_the_request_is_must_be_signed(name: bytes) -> None:
    header = HEADERS[b"authorization"].replace(b";" + name, b"")
    assert refusal({**HEADERS, b"authorization": header}) == (
        "InvalidSignatureException",
        f"'{name.decode()}' must be a 'SignedHeader' in the AWS Authorization.",
    )


@pytest.mark.parametrize("access_key", [b"NOBODY", b"akidexample"])
def test_a_key_must_be_known(access_key: bytes) -> None:
    header = HEADERS[b"authorization"].replace(b"AKIDEXAMPLE", access_key)
    assert refusal({**HEADERS, b"authorization": header}) == (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    )


@pytest.mark.parametrize(
    ("later", "message"),
    [
        (300, None),
        (-300, None),
        (
            301,
            "Signature expired: 20260301T101112Z is now earlier than 20260301T101113Z (20260301T101613Z - 5 min.)",
        ),
        (
            -301,
            "Signature not yet current: 20260301T101112Z is still later than 20260301T101111Z "
            "(20260301T100611Z + 5 min.)",
        ),
    ],
)
def test_a_signature_is_good_for_five_minutes(later: int, message: str | None) -> None:
    if message is None:
        verify(HEADERS, now=NOW + later)
    else:
        assert refusal(HEADERS, now=NOW + later) == ("InvalidSignatureException", message)


def test_a_payload_that_names_its_hash_must_have_it() -> None:
    lies = {**HEADERS, b"x-amz-content-sha256": b"UNSIGNED-PAYLOAD"}
    assert refusal(lies) == (
        "InvalidSignatureException",
        "The value of 'x-amz-content-sha256' does not match the payload.",
    )


def test_temporary_credentials_come_with_their_token() -> None:
    headers = signed(SECRETS["TEMPORARY"], "TEMPORARY")
    verify(headers, now=signed_at(headers))
    unknown = ("UnrecognizedClientException", "The security token included in the request is invalid.")
    assert refusal({**headers, b"x-amz-security-token": b"another"}, now=signed_at(headers)) == unknown
    del headers[b"x-amz-security-token"]
    assert refusal(headers, now=signed_at(headers)) == unknown


VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)


@given(st.dictionaries(st.sampled_from(["X-Amz-A", "X-B", "Accept", "amz-sdk-request"]), VALUES))
def test_whatever_headers_botocore_signs_it_agrees(headers: dict[str, str]) -> None:
    arrived = signed(**headers)
    verify(arrived, now=signed_at(arrived))
