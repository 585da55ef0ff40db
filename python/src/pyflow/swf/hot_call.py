"""One operation of a boto3 client, made with plain JSON.

It does what botocore does, in the same order and with the same events, apart from validation and parsing.
Source: botocore's client.py, `_make_api_call`, and endpoint.py, `_send_request` and `_do_get_response`.
"""

from __future__ import annotations

import json
import time
from typing import Any
from uuid import uuid4

from botocore import parsers
from botocore.exceptions import ConnectionClosedError

from pyflow.swf.quick_request import QuickRequest


class HotCall:
    """Beyond botocore's public names it uses, of the client, `_endpoint`, `_request_signer`, and once
    `_resolve_endpoint_ruleset` and `_convert_to_request_dict`.
    """

    def __init__(self, client: Any, operation: str, params: dict[str, Any]) -> None:
        """params: of a call; what is kept of the request that botocore makes of them is the same for all calls."""
        self._client = client
        self._operation = operation
        self._events = client.meta.events
        self._signer = client._request_signer
        self._model = model = client.meta.service_model.operation_model(operation)
        self._context: dict[str, Any] = {
            "client_region": client.meta.region_name,
            "client_config": client.meta.config,
            "has_streaming_input": False,
            "auth_type": getattr(model, "resolved_auth_type", model.auth_type),
            "unsigned_payload": getattr(model, "unsigned_payload", None),
            "auth_options": client.meta.service_model.metadata.get("auth"),
        }
        url, headers, properties = client._resolve_endpoint_ruleset(model, params, self._context)
        if properties:
            self._context["endpoint_properties"] = properties
        self._request: dict[str, Any] = client._convert_to_request_dict(
            api_params=params,
            operation_model=model,
            endpoint_url=url,
            context=self._context,
            headers=headers,
        )
        self._quick: QuickRequest | None = None
        # in this mode the retry handlers learn from what goes well, too
        self._adaptive = (client.meta.config.retries or {}).get("mode") == "adaptive"

    def make(self, params: dict[str, Any]) -> Any:
        """Makes the call. Raises what boto3 raises."""
        model, context = self._model, dict(self._context)
        given = self._emit("provide-client-params", params=params, model=model, context=context)
        params = params if given is None else given
        self._emit("before-parameter-build", params=params, model=model, context=context)
        request = {
            **self._request,
            "headers": dict(self._request["headers"]),
            "body": json.dumps(params).encode(),
            "context": context,
        }
        signer = self._client._request_signer
        answer = self._emit(
            "before-call", model=model, params=request, request_signer=signer, context=context
        )
        if answer is None:
            repeatable = not self._operation.startswith("PollFor") or "nextPageToken" in params
            try:
                answer = self._send(request, repeatable)
            except Exception as error:
                self._emit("after-call-error", exception=error, context=context)
                raise
        http, parsed = answer
        self._emit("after-call", http_response=http, parsed=parsed, model=model, context=context)
        if http.status_code >= 300:
            code = context.get("error_code_override") or parsed.get("Error", {}).get("Code")
            raise self._client.exceptions.from_code(code)(parsed, self._operation)
        return parsed

    def _emit(self, event: str, **values: Any) -> Any:
        """Emits an event of this operation; the first answer of its hooks that is not None."""
        for _, answer in self._events.emit(f"{event}.swf.{self._operation}", **values):
            if answer is not None:
                return answer
        return None

    def _send(self, request: dict[str, Any], repeatable: bool) -> Any:
        """Sends the request until it has an answer or the client's retry handlers have had enough."""
        retries: dict[str, Any] = {"attempt": 1, "invocation-id": str(uuid4())}
        request["context"]["retries"] = retries
        while True:
            answer, error = self._try(request)
            pause = None
            if repeatable and (self._adaptive or error is not None or answer[0].status_code >= 300):
                pause = self._emit(
                    "needs-retry",
                    response=answer,
                    endpoint=self._client._endpoint,
                    operation=self._model,
                    attempts=retries["attempt"],
                    caught_exception=error,
                    request_dict=request,
                )
            if pause is None or pause is False:
                break
            time.sleep(pause)
            retries["attempt"] += 1
        if error is not None:
            raise error
        answer[1]["ResponseMetadata"]["RetryAttempts"] = retries["attempt"] - 1
        return answer

    def _try(self, request: dict[str, Any]) -> tuple[Any, Exception | None]:
        """The response and what it says, or what kept it from coming."""
        prepared = self._prepare(request)
        answer, response, error = None, None, None
        try:
            http = self._emit("before-send", request=prepared)
            if http is None:
                http = self._client._endpoint.http_session.send(prepared)
            response = {
                "headers": http.headers,
                "status_code": http.status_code,
                "body": http.content,
                "context": {"operation_name": self._operation},
            }
            custom: dict[str, Any] = {}
            self._emit(
                "before-parse",
                operation_model=self._model,
                response_dict=response,
                customized_response_dict=custom,
            )
            answer = http, {**self._parse(response, prepared.url), **custom}
        except Exception as caught:
            error = caught
        self._emit(
            "response-received",
            response_dict=response,
            parsed_response=answer and answer[1],
            context=request["context"],
            exception=error,
        )
        return answer, error

    def _prepare(self, request: dict[str, Any]) -> Any:
        """The request, signed: as the first one was where nothing but its body and time can differ, else by botocore."""
        quick = self._quick
        if quick is not None and quick.fits(self._client, request):
            return quick.signed(self._client, request)
        prepared = self._client._endpoint.create_request(request, self._model)
        if quick is None:
            self._quick = QuickRequest.like(self._client, self._operation, request, prepared)
        return prepared

    def _parse(self, response: dict[str, Any], url: str) -> dict[str, Any]:
        if response["status_code"] >= 300:
            refused: dict[str, Any] = parsers.create_parser("json").parse(response, self._model.output_shape)
            return refused
        try:
            parsed: dict[str, Any] = dict(json.loads(response["body"] or b"{}"))
        except (TypeError, ValueError) as error:  # cut off on its way, or not from SWF
            raise ConnectionClosedError(endpoint_url=url, error=error) from error
        headers = response["headers"]
        parsed["ResponseMetadata"] = {
            "RequestId": headers.get("x-amzn-requestid"),
            "HTTPStatusCode": response["status_code"],
            "HTTPHeaders": headers,
        }
        return parsed
