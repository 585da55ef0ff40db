"""JSON on the command line: what options are given, and what verbs print."""

from __future__ import annotations

import json
import sys
from typing import Any

from pyflow import codec
from pyflow.errors import PayloadDecodeError, PyflowException, UnknownCodec, UnsupportedPayloadVersion


def check(text: str, option: str) -> None:
    """Raises PyflowException for an input that no decider could read: one whose run would only fail, or wait."""
    try:
        value_of(text, option)
    except UnknownCodec:  # the decider's affair: it may have it
        return


def value_of(text: str, option: str) -> Any:
    """The value that an option's text means. Raises PyflowException, UnknownCodec among them."""
    if not text:
        raise PyflowException(f"{option} is empty: leave it out, or give JSON such as null or '\"Hello\"'")
    try:
        return codec.decode(text)
    except UnsupportedPayloadVersion as error:
        raise PyflowException(f"{option} can't be read: {error}") from None
    except PayloadDecodeError as error:
        raise PyflowException(
            f"{option} can't be read: {error}; it takes JSON, in which a text has quotes of its own, as '\"Hello\"'"
        ) from None


def signal_of(text: str) -> tuple[str, Any]:
    """Name and value of `NAME=JSON`, or of `NAME` alone."""
    name, given, value = text.partition("=")
    return name, value_of(value, f"--signal {name}=JSON") if given else None


def json_of(value: Any) -> Any:
    """A value as `json.dumps` takes it: plain where it has a plain form, else an envelope that says what it is."""
    return json.loads(codec.encode(value, limit=sys.maxsize))
