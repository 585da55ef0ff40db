"""Changes of a workflow's code under runs that are open: which of its versions a run began with, kept in markers.

A place in the code asks once; the run remembers the first answer. Source: protocol/history.md, "Versions".
"""

from __future__ import annotations

import re
from typing import Any

from pyflow import codec
from pyflow.decider.asked import Asked
from pyflow.errors import InvocationException, NonDeterminismException
from pyflow.flow.held import Held
from pyflow.history.kinds import MARKER
from pyflow.history.reserved import PATCHED, VERSION

NAME_LIMIT = 256  # units of a marker's name
HIGHEST = 999_999_999
BEFORE_ANY = 0
_INTEGER = re.compile(r"[0-9]{1,9}")


class Versions(Held):
    """Old code and new code side by side in one class."""

    def patched(self, id: str) -> bool:
        """Whether this run takes the new way: True for all that get here with this code, False for those before.

        `if self.swf.patched("two reminders"): new else: old`. A run's first answer to an id is its answer for good.
        Once no run is open that said False, take the call away, and the old way: what runs recorded is passed over.
        """
        memory, name = self._execution.memory, _marker_name(PATCHED, id)
        if name not in memory:
            memory[name] = self._recorded(name, {}) is not None
        answer: bool = memory[name]
        return answer

    def version(self, id: str, minimum: int, maximum: int, *, choose: int | None = None) -> int:
        """Which version of a piece of code this run goes by: the highest that was known when it first got here.

        0 is what runs have that got here before the call did. minimum, maximum: the versions that this code has; a
        run of any other is not decided by it. choose: what new runs take instead of `maximum`, while deciders that
        don't know `maximum` are still about.
        """
        new = _checked(id, minimum, maximum, choose)
        memory, name = self._execution.memory, _marker_name(VERSION, id)
        if name not in memory:
            marker = self._recorded(name, {"details": str(new)})
            memory[name] = str(BEFORE_ANY) if marker is None else marker.get("details")
        text = memory[name]
        found = int(text) if text is not None and _INTEGER.fullmatch(text) else None
        if found is None or not minimum <= found <= maximum:
            had = text if found != BEFORE_ANY else "0 (it got there before any)"
            where = self._execution.site()
            error = NonDeterminismException(
                f"the run has version {had} of {id!r}, and the code{f' at {where}' if where else ''} has"
                f" {minimum} to {maximum}: deploy code that has both"
            )
            self._execution.halt(error)
            raise error
        return found

    def _recorded(self, name: str, new: dict[str, str]) -> dict[str, Any] | None:
        """What the run's marker says; the new one, where it gets here first; None, where it did before there was any."""
        execution = self._execution
        passed = execution.passed_marker(name)
        if passed is not None:
            return passed
        marker, _ = execution.recorded_marker(name)
        if marker is None and not execution.may_record(name):
            return None
        execution.ask(Asked(MARKER, {"markerName": name, **new}, site=execution.site()))
        return marker if marker is not None else new


def _marker_name(prefix: str, id: str) -> str:
    name = f"{prefix}{id}"
    if not id or codec.units(name) > NAME_LIMIT:
        raise InvocationException(
            f"the id of a version has 1 to {NAME_LIMIT - len(prefix)} characters, not {id!r:.60}"
        )
    return name


def _checked(id: str, minimum: int, maximum: int, choose: int | None) -> int:
    new = maximum if choose is None else choose
    if not 0 <= minimum <= new <= maximum <= HIGHEST:
        chosen = "" if choose is None else f" with {choose} chosen"
        raise InvocationException(
            f"version {id!r} takes {minimum} to {maximum}{chosen}: write 0 <= minimum <= choose <= maximum"
        )
    return new
