"""Lambda functions behind another endpoint: AWS itself, or anything that speaks Lambda's Invoke.

urllib3 in a thread each: it blocks, but unlike a boto3 client it can be told each request's own time limit.
Source: Lambda API, Invoke, 2015-03-31.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from pyflow.local.lambdas.command import HostingError
from pyflow.local.lambdas.documents import posted
from pyflow.local.lambdas.hosted import completed, event_of
from pyflow.local.lambdas.inflight import InFlight
from pyflow.local.lambdas.outcome import Completed, Failed, TimedOut

Outcome = Completed | Failed | TimedOut

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class ForwardedFunctions:
    """Every function of a Lambda Invoke endpoint; requests are signed as boto3 would sign them.

    endpoint_url: as `http://127.0.0.1:9001`. Credentials and region are found as boto3 finds them; a loopback
    endpoint needs none. Raises HostingError where they are missing, or the URL is not one.
    """

    def __init__(self, endpoint_url: str) -> None:
        import urllib3  # here and below: half of boto3's import time, of no use where functions are hosted

        host = urlsplit(endpoint_url).hostname
        if urlsplit(endpoint_url).scheme not in ("http", "https") or not host:
            raise HostingError(f"lambda endpoint {endpoint_url!r} is not an http URL: write http://host:port")
        self._endpoint = endpoint_url.rstrip("/")
        self._sign = _signer(endpoint_url, loopback=host in LOOPBACK)
        self._http = urllib3.PoolManager(maxsize=16, retries=False)
        self._in_flight = InFlight()

    async def invoke(self, name: str, payload: str, seconds: float) -> Outcome:
        """See `Functions.invoke`; a function that runs too long is left to its endpoint."""
        if name in (".", ".."):  # the one thing that quoting leaves a way to elsewhere
            return Failed("ResourceNotFoundException", f"Function not found: {name}")
        event = event_of(payload)
        if isinstance(event, Failed):
            return event
        return await self._in_flight.within(seconds, self._invoke(name, event, seconds))

    async def close(self) -> None:
        """Give up what is under way; its threads end with their requests, and never outlive this process."""
        await self._in_flight.close()
        self._http.clear()

    async def _invoke(self, name: str, event: bytes, seconds: float) -> Outcome:
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[Outcome] = loop.create_future()

        def settle(value: Outcome) -> None:
            if not outcome.done():
                outcome.set_result(value)

        def post() -> None:
            value = self._post(name, event, seconds)
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(settle, value)

        # no executor: its threads are joined at exit, for as long as a function may run
        threading.Thread(target=post, name=f"lambda {name}", daemon=True).start()
        return await outcome

    def _post(self, name: str, event: bytes, seconds: float) -> Outcome:
        import urllib3

        url = f"{self._endpoint}/2015-03-31/functions/{quote(name, safe='')}/invocations"
        try:
            response = self._http.request(
                "POST",
                url,
                body=event,
                headers=self._sign(url, event),
                timeout=urllib3.Timeout(total=seconds),
                redirect=False,
            )
        except urllib3.exceptions.ReadTimeoutError:
            return TimedOut()
        except urllib3.exceptions.HTTPError as error:
            return Failed("SdkClientException", f"lambda endpoint {self._endpoint} does not answer: {error}")
        return outcome_of(name, response.status, response.headers, response.data)


def outcome_of(name: str, status: int, headers: Mapping[str, str], body: bytes) -> Completed | Failed:
    """What an Invoke response says."""
    if kind := headers.get("X-Amz-Function-Error"):  # Unhandled, or Handled
        return Failed(f"{kind}Error"[:256], posted(body))
    if status == 200:
        return completed(name, body)
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        told = {"message": body.decode("utf-8", "replace")}
    code = (
        headers.get("x-amzn-ErrorType") or told.get("__type") or ("ServiceException" if status >= 500 else "")
    )
    message = str(told.get("message") or told.get("Message") or "")
    return Failed(
        str(code).partition(":")[0][:256] or "SdkClientException",
        message[:16_000] or f"lambda endpoint answered {status}",
    )


def _signer(endpoint_url: str, *, loopback: bool) -> Callable[[str, bytes], dict[str, str]]:
    """What gives a request its headers, signature included."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
    from botocore.session import get_session

    session = get_session()
    credentials: Any = session.get_credentials()
    region = session.get_config_variable("region")
    if loopback:
        credentials = credentials or Credentials("local", "local")
        region = region or "us-east-1"
    if credentials is None or region is None:
        missing = "credentials" if credentials is None else "a region"
        raise HostingError(
            f"lambda endpoint {endpoint_url} needs {missing}: set them as for boto3, such as AWS_PROFILE"
        )

    def sign(url: str, body: bytes) -> dict[str, str]:
        request = AWSRequest(
            "POST",
            url,
            data=body,
            headers={"Content-Type": "application/json", "X-Amz-Invocation-Type": "RequestResponse"},
        )
        SigV4Auth(credentials.get_frozen_credentials(), "lambda", region).add_auth(request)
        return dict(request.headers.items())

    return sign
