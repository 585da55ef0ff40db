"""One activity with pyflow: `pyflow worker with_pyflow --domain shop --task-list images`."""

from __future__ import annotations

from typing import Any

import pyflow


@pyflow.activity(version="1", heartbeat_timeout=30)
def resize(images: list[str]) -> dict[str, int]:
    """Goes on where the attempt before it stopped."""
    context = pyflow.current_activity()
    done = context.last_heartbeat or 0
    for number in range(done, len(images)):
        context.heartbeat(number)
        if images[number].endswith(".tiff"):
            raise pyflow.ApplicationError("no TIFF", type="Unsupported", non_retryable=True)
        shrink(images[number])
    return {"resized": len(images)}


def shrink(image: str) -> Any:
    """Stands for the work."""
