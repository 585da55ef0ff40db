"""One sentence for an error that SWF or the network answered: what it said, and what would help."""

from __future__ import annotations

from pyflow.swf.faults import code_of, is_transient, message_of

_CREDENTIALS = "check the AWS credentials that boto3 finds (environment, profile or role)"
_PERMISSION = "give the credentials' role the permission, see docs/aws.md"

HELP = {  # error code: what a user can do; where SWF's own words say it, a code is not here
    "AccessDeniedException": _PERMISSION,
    "DomainDeprecatedFault": "undeprecate the domain, or name another",
    "ExpiredTokenException": _CREDENTIALS,
    "IncompleteSignature": _CREDENTIALS,
    "InvalidClientTokenId": _CREDENTIALS,
    "InvalidSignatureException": _CREDENTIALS,
    "MissingAuthenticationToken": _CREDENTIALS,
    "OperationNotPermittedFault": _PERMISSION,
    "TypeDeprecatedFault": "undeprecate the type, or name another version",
    "UnknownResourceFault": "check names, --domain and endpoint; a decider or worker registers its types when it starts",
    "UnrecognizedClientException": _CREDENTIALS,
}


def sentence_of(error: Exception) -> str | None:
    """The sentence for an error of boto3's, which is imported by whoever raised it; None for any other error."""
    if (code := code_of(error)) is not None:
        return ": ".join(part for part in (message_of(error), HELP.get(code)) if part)
    if not type(error).__module__.startswith(("botocore", "boto3")):
        return None
    sentence = " ".join(str(error).split())
    return f"{sentence}: is SWF there, and is the endpoint right?" if is_transient(error) else sentence
