"""Real clients against `--credentials`: let in by their keys and by nothing else, whatever clock the service has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from local_http.raw import ask, request

from pyflow.local.http.credentials import Secret
from pyflow.local.server import Settings
from pyflow.local.service.clock import DrivenClock
from pyflow.testing.local import START, LocalSWF, serving

SECRETS = {"AKIDEXAMPLE": Secret("wJalrXUtnFEMI/K7MDENG"), "TEMPORARY": Secret("hush", b"token")}
RIGHT = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG"}
TEMPORARY = {"aws_access_key_id": "TEMPORARY", "aws_secret_access_key": "hush"}


@pytest.fixture(scope="module")
def swf() -> Iterator[LocalSWF]:
    """A server that verifies signatures, and whose own clock is far from the wall's."""
    with serving(Settings(domains=("shop",), clock=DrivenClock(START), secrets=SECRETS)) as running:
        yield running


@pytest.mark.parametrize("keys", [RIGHT, {**TEMPORARY, "aws_session_token": "token"}])
@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_boto3_is_let_in_by_its_keys(swf: LocalSWF, keys: dict[str, str], region: str) -> None:
    client = swf.client(**keys, region_name=region)
    assert client.describe_domain(name="shop")["domainInfo"]["name"] == "shop"
    swf.advance(3600)
    assert client.describe_domain(name="shop")["domainInfo"]["name"] == "shop"


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({**RIGHT, "aws_secret_access_key": "guessed"}, "InvalidSignatureException"),
        ({**RIGHT, "aws_access_key_id": "NOBODY"}, "UnrecognizedClientException"),
        ({**RIGHT, "aws_session_token": "token"}, "UnrecognizedClientException"),
        (TEMPORARY, "UnrecognizedClientException"),
    ],
)
def test_boto3_is_kept_out_without_them(swf: LocalSWF, keys: dict[str, str], code: str) -> None:
    client = swf.client(**keys)
    with pytest.raises(ClientError) as refused:
        client.deprecate_domain(name="shop")
    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert swf.client(**RIGHT).describe_domain(name="shop")["domainInfo"]["status"] == "REGISTERED"


def test_who_does_not_sign_is_kept_out(swf: LocalSWF) -> None:
    client = swf.client(config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}))
    with pytest.raises(ClientError) as refused:
        client.describe_domain(name="shop")
    assert refused.value.response["Error"]["Code"] == "MissingAuthenticationTokenException"


def test_an_old_signature_is_refused_by_the_wall_clock(swf: LocalSWF) -> None:
    start = START.strftime("%Y%m%dT%H%M%SZ")
    old = request(X_Amz_Date=start, Authorization=authorization(START.strftime("%Y%m%d")))
    status, fault, message = ask(swf, old).fault()
    assert (status, fault) == (400, "InvalidSignatureException")
    assert message.startswith(f"Signature expired: {start} is now earlier than ")


def authorization(day: str) -> str:
    return (
        f"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{day}/us-east-1/swf/aws4_request, "
        f"SignedHeaders=host;x-amz-date;x-amz-target, Signature={'0' * 64}"
    )


def test_who_watches_needs_no_key(swf: LocalSWF) -> None:
    assert ask(swf, request("GET", "/health")).status == 200
    assert ask(swf, request("GET", "/metrics")).status == 200
