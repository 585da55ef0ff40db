"""Finding the user's code: modules by name, from the current directory too."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pyflow.errors import PyflowException

if TYPE_CHECKING:
    from pyflow.flow.workflow import Workflow


def load_module(name: str) -> ModuleType:
    """Imports a module. Raises PyflowException where there is none of the name, or its own import fails."""
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and name.split(".")[0] == error.name.split(".")[0]:
            raise PyflowException(
                f"there is no module {name}: call pyflow from the directory that has it, or set PYTHONPATH"
            ) from None
        raise PyflowException(f"module {name} can't be imported: {error}") from error
    except (Exception, SystemExit) as error:
        raise PyflowException(f"module {name} can't be imported: {type(error).__name__}: {error}") from error


def load_attribute(spec: str) -> Any:
    """What `module:attribute` names. Raises PyflowException."""
    module_name, _, attribute = spec.partition(":")
    if not module_name or not attribute:
        raise PyflowException(f"{spec or 'an empty text'} is not MODULE:CLASS, as orders:OrderWorkflow")
    module = load_module(module_name)
    try:
        return getattr(module, attribute)
    except AttributeError:
        raise PyflowException(f"module {module_name} has no {attribute}") from None


def load_workflows(specs: Iterable[str]) -> list[type[Workflow]]:
    """The workflow classes that each `module:class` names. Raises PyflowException."""
    from pyflow.flow.workflow import Workflow

    found = []
    for spec in specs:
        each = load_attribute(spec)
        if not (isinstance(each, type) and issubclass(each, Workflow)):
            raise PyflowException(f"{spec} is not a subclass of pyflow.Workflow")
        found.append(each)
    return found
