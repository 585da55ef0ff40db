"""Lambda's error documents: JSON text with errorType, errorMessage and, from a runtime, stackTrace.

Where Lambda itself writes one (an exit, a timeout, an answer too large), its words are kept.
"""

from __future__ import annotations

import json
import signal

from pyflow.local.lambdas.json_text import NotJson, json_text
from pyflow.local.lambdas.outcome import DATA_LIMIT, units

ANSWER_LIMIT = 6_291_556
"""Bytes that Lambda takes from a function, 6 MB and some room (Lambda quotas, invocation payload)."""


def document(error_type: str, message: str) -> str:
    """An error document of the host's own; what is no text in UTF-8 becomes a question mark."""
    text = json.dumps({"errorMessage": message, "errorType": error_type}, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()


def posted(body: bytes) -> str:
    """The document a process posted, as text that SWF and a strict reader take.

    One too long for SWF's details loses its stack, then the end of its message; what is no document is a message.
    """
    try:
        text = json_text(body)
    except NotJson:
        return _summary(body.decode("utf-8", "backslashreplace"))
    fits = text.lstrip().startswith("{") and units(text) <= DATA_LIMIT
    return text if fits else _summary(text)


def exited(request_id: str, status: int) -> str:
    """The document for a process that ended in mid-invocation.

    status: as subprocess has it, such as -11 for SIGSEGV.
    """
    if status == 0:
        how = "Runtime exited without providing a reason"
    elif status > 0:
        how = f"Runtime exited with error: exit status {status}"
    else:
        how = f"Runtime exited with error: signal: {_signal_name(-status)}"
    return document("Runtime.ExitError", f"RequestId: {request_id} Error: {how}")


def timed_out(request_id: str, seconds: float) -> str:
    """The document for an invocation over the function's own time limit."""
    why = f"Task timed out after {seconds:.2f} seconds"
    return document("Sandbox.Timedout", f"RequestId: {request_id} Error: {why}")


def too_large(size: int) -> str:
    """The document for an answer beyond Lambda's own limit."""
    return document(
        "Function.ResponseSizeTooLarge",
        f"Response payload size ({size} bytes) exceeded maximum allowed payload size ({ANSWER_LIMIT} bytes).",
    )


def _summary(text: str) -> str:
    """Type and message of a document, cut to SWF's details; a text that is no document is the message."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    if not isinstance(whole, dict):
        whole = {"errorType": "Runtime.Unknown", "errorMessage": text}
    error_type = str(whole.get("errorType", ""))[:256]
    message = str(whole.get("errorMessage", ""))
    while units(cut := document(error_type, message)) > DATA_LIMIT:
        message = message[: len(message) * 3 // 4] + "…"
    return cut


def _signal_name(number: int) -> str:
    """The signal in words, as `segmentation fault`; by number where this system has no words for it."""
    return (signal.strsignal(number) or f"signal {number}").lower()
