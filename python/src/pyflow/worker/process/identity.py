"""Who polls, as histories say it."""

from __future__ import annotations

import os

LIMIT = 256


def of_this_process() -> str:
    """Language, host and process id, as `python@shop-1:4711`."""
    import socket

    return f"python@{socket.gethostname()}:{os.getpid()}"[:LIMIT]
