"""How pyflow makes its boto3 clients: long reads for polls, and dummy credentials towards a loopback endpoint."""

from __future__ import annotations

import os
from typing import Any

from pyflow.errors import PyflowException

POLL_READ_TIMEOUT = 75  # seconds; SWF holds an empty poll for 60
LOCAL_REGION = "us-east-1"
CONNECTIONS = 50


def endpoint_of(endpoint_url: str | None = None) -> str | None:
    """The endpoint to talk to: the one given, else AWS_ENDPOINT_URL_SWF, else AWS_ENDPOINT_URL, else AWS (None)."""
    return (
        endpoint_url or os.environ.get("AWS_ENDPOINT_URL_SWF") or os.environ.get("AWS_ENDPOINT_URL") or None
    )


def is_loopback(endpoint_url: str) -> bool:
    """Whether an endpoint is on this machine, where credentials mean nothing."""
    import ipaddress  # here and below: what only some processes need, and what takes a while to import
    from urllib.parse import urlsplit

    host = urlsplit(endpoint_url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_url(text: str) -> bool:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a bracket without its partner
        return False


def client(
    *,
    endpoint_url: str | None = None,
    region: str | None = None,
    long_poll: bool = False,
    connections: int = CONNECTIONS,
) -> Any:
    """A boto3 SWF client.

    long_poll: read timeout 75 s and no retries by the SDK, since a retried poll can lose a task.
    connections: how many are kept open; calls beyond make one each, and boto3 logs a warning.
    Towards a loopback endpoint missing credentials and region get dummy values.
    Raises PyflowException for an endpoint that is no URL, and when AWS is meant and there is no region or no
    credentials.
    """
    import boto3
    from botocore.config import Config

    endpoint = endpoint_of(endpoint_url)
    if endpoint is not None and not _is_url(endpoint):
        raise PyflowException(f"endpoint {endpoint} is no URL: it looks like http://127.0.0.1:4599")
    session = boto3.Session(region_name=region)
    local = endpoint is not None and is_loopback(endpoint)
    if session.region_name is None and not local:
        raise PyflowException("no AWS region is configured: pass --region, or set AWS_DEFAULT_REGION")
    credentials: dict[str, str] = {}
    if local and not _has_own_credentials():
        credentials = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    elif session.get_credentials() is None:
        raise PyflowException(
            "no AWS credentials were found: configure them for boto3 (environment, profile or role),"
            " or point --endpoint-url at a local SWF"
        )
    config = Config(
        read_timeout=POLL_READ_TIMEOUT,
        retries={"mode": "standard", "total_max_attempts": 1 if long_poll else 5},
        max_pool_connections=connections,
        tcp_keepalive=True,
    )
    return session.client(
        "swf",
        endpoint_url=endpoint,
        region_name=session.region_name or LOCAL_REGION,
        config=config,
        **credentials,
    )


def _has_own_credentials() -> bool:
    """Cheap: environment and profile only, so that nobody waits for an instance metadata service that is not there."""
    return bool(os.environ.get("AWS_ACCESS_KEY_ID") or os.environ.get("AWS_PROFILE"))
