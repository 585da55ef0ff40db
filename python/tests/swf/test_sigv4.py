"""Our signatures, against botocore's own signer."""

from __future__ import annotations

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from pyflow.swf.sigv4 import Scope, authorization

KEYS = st.text("abcXYZ019+/=", min_size=1)


@given(KEYS, KEYS, st.none() | KEYS, st.binary())
def test_it_signs_as_botocore_does(access_key, secret_key, token, body):
    request = AWSRequest(
        "POST",
        "https://swf.eu-west-1.amazonaws.com/",
        data=body,
        headers={"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "SimpleWorkflowService.X"},
    )
    SigV4Auth(Credentials(access_key, secret_key, token), "swf", "eu-west-1").add_auth(request)
    headers = {
        "content-type": "application/x-amz-json-1.0",
        "host": "swf.eu-west-1.amazonaws.com",
        "x-amz-date": request.headers["X-Amz-Date"],
        **({"x-amz-security-token": token} if token else {}),
        "x-amz-target": "SimpleWorkflowService.X",
    }
    made = authorization(
        Scope("eu-west-1", "swf"), access_key, secret_key, request.headers["X-Amz-Date"], headers, body
    )
    assert made == request.headers["Authorization"]
