"""What tests of workflows and workers use."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from pyflow.errors import PyflowException

if TYPE_CHECKING:
    from pyflow.testing.activity import ActivityEnvironment as ActivityEnvironment
    from pyflow.testing.environment import WorkflowEnvironment as WorkflowEnvironment
    from pyflow.testing.fakes import after as after
    from pyflow.testing.fakes import no_answer as no_answer
    from pyflow.testing.guarding import GuardViolation as GuardViolation
    from pyflow.testing.guarding import guard as guard
    from pyflow.testing.local import local_swf as local_swf
    from pyflow.testing.replaying import replay as replay
    from pyflow.testing.service import local_service as local_service

_WHERE = {
    "ActivityEnvironment": "pyflow.testing.activity",
    "GuardViolation": "pyflow.testing.guarding",
    "WorkflowEnvironment": "pyflow.testing.environment",
    "after": "pyflow.testing.fakes",
    "guard": "pyflow.testing.guarding",
    "local_service": "pyflow.testing.service",
    "local_swf": "pyflow.testing.local",
    "no_answer": "pyflow.testing.fakes",
    "replay": "pyflow.testing.replaying",
}


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
