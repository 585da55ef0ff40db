"""What a raw request says of its signature: well-formed, and verified by nobody without `--credentials`."""

from __future__ import annotations

SIGNED = {
    "X-Amz-Date": "20260101T000000Z",
    "Authorization": "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/swf/aws4_request, "
    f"SignedHeaders=host;x-amz-date;x-amz-target, Signature={'0' * 64}",
}
CALL = {"Content-Type": "application/x-amz-json-1.0", **SIGNED}
"""Headers of a call, but for its target."""

LINES = "".join(f"{name}: {value}\r\n" for name, value in CALL.items())
"""The same as text."""
