"""What tests of workflows and workers use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyflow.testing.local import local_swf as local_swf


def __getattr__(name: str) -> Any:
    """`local_swf`, imported when it is asked for: it needs the extra `local`."""
    if name == "local_swf":
        from pyflow.testing.local import local_swf

        return local_swf
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
