"""How the one input value of an activity becomes the arguments of a Python function."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from pyflow.declare.typed import Mismatch, Reader, hints_of, reader_of
from pyflow.errors import PyflowException

_P = inspect.Parameter


class Takes(Enum):
    """What a function makes of its input value; its signature decides, never the value."""

    NOTHING = "nothing"  # no parameters: the input must be null
    VALUE = "value"  # one positional parameter: the value as it is
    KEYWORDS = "keywords"  # anything else: an object, its keys are the parameters


@dataclass(frozen=True)
class Arguments:
    """The parameters of one function, which its annotations give types to (`pyflow.declare.typed`).

    what: names the activity in errors, such as `activity charge 1.0`.
    """

    signature: inspect.Signature
    takes: Takes
    what: str
    function: Callable[..., Any]

    @classmethod
    def of(cls, function: Callable[..., Any], what: str) -> Arguments:
        """Reads the signature; PyflowException for one that a single value can't fill."""
        signature = inspect.signature(function)
        parameters = list(signature.parameters.values())
        if not parameters:
            return cls(signature, Takes.NOTHING, what, function)
        if len(parameters) == 1 and parameters[0].kind not in (_P.KEYWORD_ONLY, _P.VAR_KEYWORD):
            return cls(signature, Takes.VALUE, what, function)
        unnamed = [p.name for p in parameters if p.kind in (_P.POSITIONAL_ONLY, _P.VAR_POSITIONAL)]
        if unnamed:
            raise PyflowException(
                f"{what} has the positional-only parameter {unnamed[0]} among others:"
                " its input is one value or an object whose keys are the parameters"
            )
        return cls(signature, Takes.KEYWORDS, what, function)

    def bind(self, value: Any) -> inspect.BoundArguments:
        """The call that the input value makes.

        Null stands for "called with nothing", as SWF can't tell the two apart: defaults then hold.
        Raises TypeError when the value does not fit; the message says where, and what was expected.
        """
        bound = self._bound(value)
        if self._readers:
            try:
                self._read(bound)
            except Mismatch as mismatch:
                raise TypeError(f"input of {self.what}: {mismatch}") from None
        return bound

    @cached_property
    def _readers(self) -> dict[str, Reader]:
        hints = hints_of(inspect.unwrap(self.function))
        found = {name: reader_of(hints[name]) for name in self.signature.parameters if name in hints}
        return {name: read for name, read in found.items() if read is not None}

    def _read(self, bound: inspect.BoundArguments) -> None:
        path: tuple[object, ...]
        for name, read in self._readers.items():
            if name not in bound.arguments:
                continue
            given = bound.arguments[name]
            kind = self.signature.parameters[name].kind
            if kind is _P.VAR_KEYWORD:
                bound.arguments[name] = {key: read(each, (key,)) for key, each in given.items()}
            elif kind is _P.VAR_POSITIONAL:
                bound.arguments[name] = tuple(read(each, ()) for each in given)
            else:
                path = (name,) if self.takes is Takes.KEYWORDS else ()
                bound.arguments[name] = read(given, path)

    def _bound(self, value: Any) -> inspect.BoundArguments:
        if self.takes is Takes.NOTHING:
            if value is not None:
                raise TypeError(f"{self.what} takes no input, but was given {_kind(value)}")
            return self.signature.bind()
        if self.takes is Takes.VALUE:
            (parameter,) = self.signature.parameters.values()
            if value is None and (parameter.default is not _P.empty or parameter.kind is _P.VAR_POSITIONAL):
                return self.signature.bind()
            return self.signature.bind(value)
        names = ", ".join(self.signature.parameters)
        if value is not None and not (isinstance(value, dict) and all(isinstance(k, str) for k in value)):
            raise TypeError(
                f"{self.what} takes an object with the keys {names}, but was given {_kind(value)}"
            )
        try:
            return self.signature.bind(**(value or {}))
        except TypeError as error:
            raise TypeError(f"{self.what} takes an object with the keys {names}: {error}") from None


def _kind(value: Any) -> str:
    return f"a value of type {type(value).__name__}"
