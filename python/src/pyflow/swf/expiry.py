"""Credentials that have expired: a role's are renewed by whoever provides them, so a long-running process waits."""

from __future__ import annotations

from pyflow.swf.faults import code_of

CODES = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_UNREADABLE = frozenset(  # botocore could not renew them just now
    {"CredentialRetrievalError", "MetadataRetrievalError", "TokenRetrievalError", "UnauthorizedSSOTokenError"}
)


def is_expired(error: BaseException) -> bool:
    """Whether the error says that credentials were good once and are not now."""
    if code_of(error) in CODES:
        return True
    return any(
        cls.__module__ == "botocore.exceptions" and cls.__name__ in _UNREADABLE for cls in type(error).__mro__
    )
