"""What tests of workflows and workers use."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from pyflow.errors import PyflowException

if TYPE_CHECKING:
    from pyflow.testing.local import local_swf as local_swf
    from pyflow.testing.service import local_service as local_service

_WHERE = {"local_service": "pyflow.testing.service", "local_swf": "pyflow.testing.local"}


def __getattr__(name: str) -> Any:
    """Imported when it is asked for: `local_swf` needs the extra `local`, and both need boto3."""
    if name in _WHERE:
        try:
            return getattr(importlib.import_module(_WHERE[name]), name)
        except ModuleNotFoundError as missing:
            raise PyflowException(
                f"pyflow.testing.{name} needs {missing.name}, which is not installed: pip install 'pyflow-swf[local]'"
            ) from None
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
