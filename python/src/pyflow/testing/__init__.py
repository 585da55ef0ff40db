"""What tests of workflows and workers use."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyflow.testing.local import local_swf as local_swf
    from pyflow.testing.service import local_service as local_service

_WHERE = {"local_service": "pyflow.testing.service", "local_swf": "pyflow.testing.local"}


def __getattr__(name: str) -> Any:
    """Imported when it is asked for: `local_swf` needs the extra `local`, and both need boto3."""
    if name in _WHERE:
        return getattr(importlib.import_module(_WHERE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
