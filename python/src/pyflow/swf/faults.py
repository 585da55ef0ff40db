"""What an error of an SWF call means for its caller: gone, refused, or worth another try.

Errors that SWF answered are known by their code, never by their class, so that any client with boto3's methods will do.
"""

from __future__ import annotations

from pyflow.errors import PyflowException

UNKNOWN_RESOURCE = "UnknownResourceFault"
TYPE_ALREADY_EXISTS = "TypeAlreadyExistsFault"
ALREADY_STARTED = "WorkflowExecutionAlreadyStartedFault"

# What may pass by itself although the HTTP status is 400. Source: botocore's retry handlers.
THROTTLING = frozenset(
    {
        "BandwidthLimitExceeded",
        "LimitExceededFault",  # of pollers, on a task list
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "Throttling",
        "ThrottledException",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_LOST_CONNECTION = ("ConnectionError", "HTTPClientError")  # botocore's two roots of what the network does


def code_of(error: BaseException) -> str | None:
    """The error code that SWF answered, such as `UnknownResourceFault`; None when it was not SWF who answered."""
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        return None
    code = response.get("Error", {}).get("Code")
    return code if isinstance(code, str) else None


def is_fault(error: BaseException, code: str) -> bool:
    """Whether SWF answered with that code."""
    return code_of(error) == code


def is_transient(error: BaseException) -> bool:
    """Whether the same call may succeed later: throttling, SWF's own troubles, a lost connection."""
    code = code_of(error)
    if code is None:
        return isinstance(error, OSError) or any(
            cls.__module__ == "botocore.exceptions" and cls.__name__ in _LOST_CONNECTION
            for cls in type(error).__mro__
        )
    status = getattr(error, "response", {}).get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
    return code in THROTTLING or status >= 500 or code.startswith(("InternalFailure", "ServiceUnavailable"))


def message_of(error: BaseException) -> str:
    """One line for a log or an error: code and message as SWF answered them, else the error's class and text."""
    if (code := code_of(error)) is not None:
        message = getattr(error, "response", {}).get("Error", {}).get("Message", "")
        return " ".join(f"{code}: {message}".split())
    return " ".join(f"{type(error).__name__}: {error}".split())


class UnknownDomain(PyflowException):
    """SWF knows no domain of that name in this account and region."""

    def __init__(self, domain: str) -> None:
        super().__init__(
            f"SWF knows no domain {domain} here: register it (aws swf register-domain --name {domain}"
            " --workflow-execution-retention-period-in-days 30), or check --domain, region and endpoint"
        )
