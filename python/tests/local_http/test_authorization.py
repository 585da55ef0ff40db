"""The shape of a signature, and how each flaw of it is called."""

from __future__ import annotations

import pytest

from pyflow.local.engine.fault import Fault
from pyflow.local.http.authorization import Authorization, Credential, read

DAY = "20260301"
SCOPE = f"AKIDEXAMPLE/{DAY}/us-east-1/swf/aws4_request"
WHOLE = f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host;x-amz-date, Signature={'ab' * 32}"
AT = f"{DAY}T101112Z"

INCOMPLETE, INVALID = "IncompleteSignatureException", "InvalidSignatureException"
SIGNATURE = "Signature must come last in the Authorization header, as 64 hexadecimal digits."
SIGNED = "SignedHeaders must be names of headers in lower case, with ';' between them."
HOST = "'Host' must be a 'SignedHeader' in the AWS Authorization."
FIVE = "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term."
ACCESS_KEY = "Credential must begin with an access key id of 1 to 128 visible characters."
TIME = "X-Amz-Date must be in ISO-8601 basic format, as 20260131T235959Z."


def requires(*names: str) -> str:
    return " ".join(f"Authorization header requires '{name}' parameter." for name in names)


NO_DATE = "Authorization header requires existence of a 'X-Amz-Date' header."

ROWS = [
    ("", AT, "MissingAuthenticationTokenException", "Missing Authentication Token"),
    ("  ", AT, "MissingAuthenticationTokenException", "Missing Authentication Token"),
    ("Bearer abc", AT, INCOMPLETE, "Authorization must begin with AWS4-HMAC-SHA256"),
    (WHOLE.replace("-SHA256", "-SHA1"), AT, INCOMPLETE, "Authorization must begin with AWS4-HMAC-SHA256"),
    (
        WHOLE.replace("AWS4-HMAC-SHA256", "AWS4-X"),
        AT,
        INCOMPLETE,
        "Authorization must begin with AWS4-HMAC-SHA256",
    ),
    ("AWS4-HMAC-SHA256", AT, INCOMPLETE, requires("Credential", "SignedHeaders", "Signature")),
    (WHOLE, "", INCOMPLETE, NO_DATE),
    (
        "AWS4-HMAC-SHA256 x",
        "",
        INCOMPLETE,
        f"{requires('Credential', 'SignedHeaders', 'Signature')} {NO_DATE}",
    ),
    (WHOLE.replace("Credential=", "Cred="), AT, INCOMPLETE, requires("Credential")),
    (
        WHOLE.replace("SignedHeaders=host;x-amz-date", "SignedHeaders="),
        AT,
        INCOMPLETE,
        requires("SignedHeaders"),
    ),
    (WHOLE.partition(", Signature")[0], AT, INCOMPLETE, requires("Signature")),
    (WHOLE[:-1], AT, INCOMPLETE, SIGNATURE),
    (WHOLE[:-1] + "g", AT, INCOMPLETE, SIGNATURE),
    (WHOLE.replace("ab" * 32, "AB" * 32), AT, INCOMPLETE, SIGNATURE),
    (WHOLE + ", Color=red", AT, INCOMPLETE, SIGNATURE),
    (WHOLE.replace("host;x-amz-date", "x-amz-date"), AT, INCOMPLETE, HOST),
    (WHOLE.replace("host;x", "Host;X"), AT, INCOMPLETE, SIGNED),
    (WHOLE.replace("host;x", "host x"), AT, INCOMPLETE, SIGNED),
    (WHOLE.replace(SCOPE, "AKIDEXAMPLE"), AT, INCOMPLETE, FIVE),
    (WHOLE.replace("/swf/", "/swf/x/"), AT, INCOMPLETE, FIVE),
    (WHOLE.replace("AKIDEXAMPLE", ""), AT, INCOMPLETE, ACCESS_KEY),
    (WHOLE.replace("AKIDEXAMPLE", "AKID EXAMPLE"), AT, INCOMPLETE, ACCESS_KEY),
    (WHOLE.replace("AKIDEXAMPLE", "A" * 129), AT, INCOMPLETE, ACCESS_KEY),
    (WHOLE.replace("us-east-1", ""), AT, INVALID, "Credential should be scoped to a valid region."),
    (WHOLE.replace("us-east-1", "US"), AT, INVALID, "Credential should be scoped to a valid region."),
    (WHOLE.replace("/swf/", "/sqs/"), AT, INVALID, "Credential should be scoped to correct service: 'swf'."),
    (
        WHOLE.replace("aws4_request", "aws5_request"),
        AT,
        INVALID,
        "Credential should be scoped with a valid terminator: 'aws4_request'.",
    ),
    (WHOLE, "Sun, 01 Mar 2026 10:11:12 GMT", INCOMPLETE, TIME),
    (WHOLE, "20260301T101112", INCOMPLETE, TIME),
    (WHOLE, "20261301T101112Z", INCOMPLETE, TIME),
    (WHOLE, "20260301T251112Z", INCOMPLETE, TIME),
    (
        WHOLE,
        "20260302T000000Z",
        INVALID,
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
        "'20260301' != '20260302', from '20260302T000000Z'.",
    ),
]
"""`Authorization`, `X-Amz-Date`, and the fault that they are."""


@pytest.mark.parametrize(("authorization", "at", "fault", "message"), ROWS)
def test_a_flaw_is_called_by_its_name(authorization: str, at: str, fault: str, message: str) -> None:
    headers = {b"authorization": authorization.encode(), b"x-amz-date": at.encode()}
    with pytest.raises(Fault) as refused:
        read({name: value for name, value in headers.items() if value})
    assert (refused.value.type, refused.value.message) == (fault, message)


def test_nothing_of_a_signature_is_repeated() -> None:
    assert not [message for *_, message in ROWS if "abab" in message]


@pytest.mark.parametrize("separator", [", ", ",", " , "])
def test_a_signature_is_read(separator: str) -> None:
    headers = {b"authorization": WHOLE.replace(", ", separator).encode(), b"x-amz-date": AT.encode()}
    assert read(headers) == Authorization(
        Credential("AKIDEXAMPLE", "20260301", "us-east-1"),
        ("host", "x-amz-date"),
        "ab" * 32,
        "20260301T101112Z",
    )
