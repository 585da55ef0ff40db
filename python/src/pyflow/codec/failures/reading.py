"""SWF's reason and details as a failure, whoever wrote them: reading one refuses nothing but an unknown codec."""

from __future__ import annotations

from typing import Any

from pyflow.codec.codings import xjson
from pyflow.codec.codings.json_read import parse
from pyflow.codec.model.limits import MAX_RETRY_AFTER
from pyflow.codec.payloads.envelope import data_bytes, envelope_of
from pyflow.codec.payloads.transforms import Codecs
from pyflow.errors import Failure, PayloadException, UnknownCodec


def decode_failure(
    reason: str | None, details: str | None, *, codecs: Codecs | None = None, context: Any = None
) -> Failure:
    """The failure that a document in `details` describes; of any other text, type is the reason, message the details.

    Raises UnknownCodec where the document is encoded by a codec that is not configured here.
    """
    try:
        return _failure(_document(details or "", codecs, context))
    except UnknownCodec:
        raise
    except (PayloadException, ValueError, RecursionError):
        return Failure(type=reason or "", message=details or "")


def _document(details: str, codecs: Codecs | None, context: Any) -> Any:
    tree = envelope_of(details)
    if tree is None:
        raise ValueError("no envelope of version 1")
    if sum(name in tree for name in ("value", "data", "ref", "failure")) != 1:
        raise ValueError("not one content")
    if "failure" in tree:
        return tree["failure"]
    if tree.get("enc") != "failure" or "data" not in tree:
        raise ValueError("an ordinary payload")
    names = tree.get("codecs", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("codecs are texts")
    return parse(data_bytes(tree, tuple(names), codecs, context).decode())


def _failure(document: Any) -> Failure:
    if type(document) is not dict:
        raise ValueError("no failure document")
    kind, message = document.get("type"), document.get("message", "")
    if not isinstance(kind, str) or not isinstance(message, str):
        raise ValueError("type and message are texts")
    cause = document.get("cause")
    return Failure(
        type=kind,
        message=message,
        language=_text(document.get("language")),
        class_name=_text(document.get("class")),
        stack=_texts(document.get("stack")),
        non_retryable=document.get("non_retryable") is True,
        retry_after=_seconds(document.get("retry_after")),
        details=xjson.from_tree(document.get("details")),
        cause=None if cause is None else _failure(cause),
    )


def _text(part: object) -> str | None:
    return part if isinstance(part, str) else None


def _texts(part: object) -> tuple[str, ...]:
    return tuple(part) if isinstance(part, list) and all(isinstance(line, str) for line in part) else ()


def _seconds(part: object) -> float | None:
    if not isinstance(part, (int, float)) or isinstance(part, bool):
        return None
    return part if 0 <= part <= MAX_RETRY_AFTER else None
