"""The operator key, from a file: on a command line, every user of the machine could read it."""

from __future__ import annotations

from pathlib import Path

from pyflow.errors import PyflowException

SHORTEST = 16


def operator_key(path: str) -> bytes:
    """What the file holds, without white space around it. Raises PyflowException."""
    try:
        key = Path(path).read_bytes().strip()
    except OSError as error:
        raise PyflowException(f"key file {path} can't be read: {error.strerror}") from None
    if len(key) < SHORTEST:
        raise PyflowException(
            f"key file {path} holds {len(key)} bytes, a key has {SHORTEST} or more: openssl rand -hex 32 > {path}"
        )
    return key
