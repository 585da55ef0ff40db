"""Who polls, as histories say it."""

from __future__ import annotations

import os
import socket

LIMIT = 256


def of_this_process() -> str:
    """Language, host and process id, as `python@shop-1:4711`."""
    return f"python@{socket.gethostname()}:{os.getpid()}"[:LIMIT]
