"""docs/reference.md, made of the code: `python -m docs.reference`, from python/tests, writes it anew."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap

from docs.pages import DOCUMENTS

import pyflow
import pyflow.testing
from pyflow.flow.scopes import Limit, Shield
from pyflow.testing.activity import ActivityEnvironment
from pyflow.testing.environment import WorkflowEnvironment
from pyflow.testing.environment_run import WorkflowRun

INTRODUCTION = """# Reference

A line for each name that authors use; `help(pyflow.Future)` and the like say more.
This page is made of the docstrings, by `python/tests/docs/reference.py`.
"""
SECTIONS = {
    "`self.swf`": (pyflow.WorkflowInvocationHelper, ()),
    "A future": (pyflow.Future, ("invocation_id", "attempts")),
    "A child's future, besides": (pyflow.ChildFuture, ("started",)),
    "The signals of a name": (pyflow.SignalChannel, ()),
    "`scope()`": (pyflow.CancelScope, ()),
    "`timeout()`, besides": (Limit, ("expired",)),
    "`shielded()`": (Shield, ()),
    "A workflow class": (pyflow.Workflow, ()),
    "A running activity": (pyflow.ActivityContext, ()),
    "`pyflow.ActivityCompletion`": (pyflow.ActivityCompletion, ()),
    "`pyflow.ActivityWorker`": (pyflow.ActivityWorker, ()),
    "`pyflow.testing.ActivityEnvironment`": (ActivityEnvironment, ("deferred",)),
    "`pyflow.testing.WorkflowEnvironment`": (WorkflowEnvironment, ("calls_of", "client", "swf")),
    "A run of it": (WorkflowRun, ()),
}
"""What is listed: a class, and those of its attributes that are meant for authors."""
INTERNAL = {"Future": {"settle", "outcome"}, "Limit": {"is_own"}}
"""Public for pyflow's own parts alone."""
TESTING = ("after", "guard", "local_service", "local_swf", "no_answer", "replay")
MANY = 5
"""Of more parameters than so many, those are shown that have to be given."""
CLIENTS = (
    "start_workflow",
    "signal_workflow",
    "signal_with_start",
    "get_workflow_result",
    "get_workflow_status",
    "cancel_workflow",
    "terminate_workflow",
)


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION]
    for title, (kind, attributes) in SECTIONS.items():
        parts.append(f"## {title}\n\n{paragraph(inspect.getdoc(kind))}\n")
        if rows := [*rows_of(kind, attributes)]:
            parts.append(table(rows))
    parts.append("## Clients\n\nMore in [clients.md](clients.md).\n")
    parts.append(table(row(name, getattr(pyflow, name)) for name in CLIENTS))
    parts.append("## Tests besides\n\nIn `pyflow.testing`; more in [testing.md](testing.md).\n")
    parts.append(table(row(name, getattr(pyflow.testing, name)) for name in TESTING))
    parts.append("## Errors\n\nWhat each of them has, `help` says.\n")
    parts.append(table((f"`{name}`", sentence(getattr(pyflow, name).__doc__)) for name in errors()))
    return "\n".join(parts)


def errors() -> list[str]:
    """The public names of exceptions."""
    found = [(name, getattr(pyflow, name)) for name in pyflow.__all__]
    return [name for name, each in found if isinstance(each, type) and issubclass(each, BaseException)]


def rows_of(kind, attributes):
    """What a class adds to those above it that have a section of their own."""
    above = {each for each, _ in SECTIONS.values() if each is not kind and issubclass(kind, each)}
    inherited = {name for each in above for name in dir(each)}
    documented = documented_attributes(kind)
    for name in sorted({*dir(kind), *attributes} - inherited, key=lambda name: (name.isupper(), name)):
        member = inspect.getattr_static(kind, name, None)
        if name in attributes:
            yield f"`{name}`", sentence(documented[name])
        elif name.startswith("_") or name.isupper() or name in INTERNAL.get(kind.__name__, ()):
            continue
        elif isinstance(member, property):
            yield f"`{name}`", sentence(member.__doc__)
        elif inspect.isfunction(member):
            yield row(name, member)


def row(name, function):
    """A function's name with its parameters, and what it does."""
    parameters = [each for each in inspect.signature(function).parameters.values() if each.name != "self"]
    shown = [spelled(each) for each in parameters]
    if len(shown) > MANY:
        shown = [each.name for each in parameters if each.default is each.empty] + ["…"]
    return f"`{name}({', '.join(shown)})`", sentence(function.__doc__)


def spelled(parameter) -> str:
    """A parameter as a caller sees it: `timeout=None`."""
    star = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
    return f"{star}{parameter.name}{default}"


def documented_attributes(kind) -> dict[str, str]:
    """The attributes that `__init__` sets and says something of, in the text behind."""
    found = {}
    [initializer] = ast.parse(textwrap.dedent(inspect.getsource(kind.__init__))).body
    for set_, text in zip(initializer.body, initializer.body[1:], strict=False):
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            target = set_.target if isinstance(set_, ast.AnnAssign) else set_.targets[0]
            found[target.attr] = text.value.value
    return found


def paragraph(text: str) -> str:
    """The first paragraph of a docstring, as one line."""
    return " ".join(inspect.cleandoc(text).partition("\n\n")[0].split())


def sentence(text: str) -> str:
    """The first sentence of a docstring."""
    return re.match(r".+?(?:[.](?= |$)|$)", paragraph(text)).group()


def table(rows) -> str:
    """Two columns."""
    lines = [f"| {name.replace('|', '&#124;')} | {text.replace('|', '&#124;')} |" for name, text in rows]
    return "\n".join(["| | |", "|---|---|", *lines, ""])


if __name__ == "__main__":
    (DOCUMENTS / "reference.md").write_text(page())
