"""What a request may look like: one function for each operation's input, made from SWF's service model.

It returns the request with known members only and no nulls, and gathers every constraint that fails, in SWF's
words; a value of the wrong JSON type is a SerializationException at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from pyflow.local.engine.accept.decisions import member as attributes_member
from pyflow.local.engine.fault import Fault, missing, unsatisfied
from pyflow.local.wire.formats import ABSENT_WHEN_EMPTY, FORMATS, NARROWED, Format

Check: TypeAlias = Callable[[Any, str, list[str]], Any]
"""A value, where it is, the failures so far -> the value as it counts."""

ENUM_ORDER = {
    "DecisionType": (
        "CompleteWorkflowExecution",
        "StartTimer",
        "RequestCancelExternalWorkflowExecution",
        "SignalExternalWorkflowExecution",
        "CancelTimer",
        "RecordMarker",
        "ScheduleActivityTask",
        "ContinueAsNewWorkflowExecution",
        "ScheduleLambdaFunction",
        "FailWorkflowExecution",
        "RequestCancelActivityTask",
        "StartChildWorkflowExecution",
        "CancelWorkflowExecution",
    )
}
"""How SWF prints an enum, where that is known; elsewhere the model's order."""


def checks(model: dict[str, Any]) -> dict[str, Callable[[Any], dict[str, Any]]]:
    """Operation -> the function that checks its request. Raises Fault."""
    compiler = _Compiler(model["shapes"])
    return {
        name: _request(compiler.check(operation["input"]["shape"]))
        for name, operation in model["operations"].items()
    }


def _request(check: Check) -> Callable[[Any], dict[str, Any]]:
    def checked(document: Any) -> dict[str, Any]:
        failures: list[str] = []
        request: dict[str, Any] = check(document, "", failures)
        if failures:
            raise unsatisfied(failures)
        return request

    return checked


def malformed(message: str) -> Fault:
    """A request that can't be read."""
    return Fault("SerializationException", message)


class _Compiler:
    """Makes the checks of shapes. narrowed: path of a member ("" for the value itself) -> its format here."""

    def __init__(self, shapes: dict[str, Any]) -> None:
        self._shapes = shapes
        self._made: dict[str, Check] = {}

    def check(self, name: str, narrowed: dict[str, Format] | None = None) -> Check:
        if narrowed:
            return self._make(name, narrowed)
        if name not in self._made:
            self._made[name] = self._make(name, NARROWED.get(name, {}))
        return self._made[name]

    def _make(self, name: str, narrowed: dict[str, Format]) -> Check:
        shape = self._shapes[name]
        if name == "Decision":
            return self._decision(shape)
        if shape["type"] == "structure":
            return self._structure(name, shape, narrowed)
        if shape["type"] == "string":
            return self._string(name, shape, narrowed.get("") or FORMATS.get(name))
        make = {
            "list": self._list,
            "integer": self._integer,
            "long": self._integer,
            "boolean": self._boolean,
            "timestamp": self._timestamp,
        }[shape["type"]]
        return make(name, shape)

    def _structure(self, name: str, shape: dict[str, Any], narrowed: dict[str, Format]) -> Check:
        required = frozenset(shape.get("required", ()))
        members = [
            (
                member,
                self.check(reference["shape"], _below(narrowed, member)),
                member in required,
                "" if reference["shape"] in ABSENT_WHEN_EMPTY else None,
            )
            for member, reference in shape["members"].items()
        ]

        def check(value: Any, path: str, failures: list[str]) -> Any:
            if type(value) is not dict:
                raise malformed(f"{_kind(value)} can not be converted to {name}{_at(path)}")
            prefix = path + "." if path else ""
            found = {}
            for member, check_member, is_required, absent in members:
                item = value.get(member)
                if item is not None and item != absent:
                    found[member] = check_member(item, prefix + member, failures)
                elif is_required:
                    failures.append(missing(prefix + member))
            return found

        return check

    def _decision(self, shape: dict[str, Any]) -> Check:
        """A decision must also have the attributes of its own type, where some of those are required."""
        check_members = self._structure("Decision", shape, {})
        needed = {
            type_: attributes_member(type_)
            for type_ in self._shapes["DecisionType"]["enum"]
            if self._shapes[f"{type_}DecisionAttributes"].get("required")
        }

        def check(value: Any, path: str, failures: list[str]) -> Any:
            found = check_members(value, path, failures)
            member = needed.get(found.get("decisionType"))
            if member is not None and member not in found:
                failures.append(missing(f"{path}.{member}"))
            return found

        return check

    def _list(self, name: str, shape: dict[str, Any]) -> Check:
        check_member = self.check(shape["member"]["shape"])
        longest = shape.get("max")

        def check(value: Any, path: str, failures: list[str]) -> Any:
            if type(value) is not list:
                raise malformed(f"{_kind(value)} can not be converted to {name}{_at(path)}")
            if longest is not None and len(value) > longest:
                shown = f"[{', '.join(map(str, value))}]"
                failures.append(_length(shown, path, "less", longest))
            items = []
            for number, item in enumerate(value, start=1):
                where = f"{path}.{number}.member"
                if item is None:
                    failures.append(missing(where))
                else:
                    items.append(check_member(item, where, failures))
            return items

        return check

    def _string(self, name: str, shape: dict[str, Any], format_: Format | None) -> Check:
        shortest, longest = shape.get("min", 0), shape.get("max")
        enum = ENUM_ORDER.get(name) or tuple(shape.get("enum", ()))
        values = frozenset(enum)

        def check(value: Any, path: str, failures: list[str]) -> Any:
            if type(value) is not str:
                raise malformed(f"{_kind(value)} can not be converted to a String{_at(path)}")
            if len(value) < shortest:
                failures.append(_length(value, path, "greater", shortest))
            elif longest is not None and 2 * len(value) > longest and units(value) > longest:
                failures.append(_length(value, path, "less", longest))
            elif values and value not in values:
                allowed = f"Member must satisfy enum value set: [{', '.join(enum)}]"
                failures.append(_failed(value, path, allowed))
            elif format_ is not None and not format_.fits(value):
                failures.append(_failed(value, path, format_.rule))
            return value

        return check

    def _integer(self, name: str, shape: dict[str, Any]) -> Check:
        smallest, largest = shape.get("min"), shape.get("max")

        def check(value: Any, path: str, failures: list[str]) -> Any:
            if type(value) is not int:
                raise malformed(f"{_kind(value)} can not be converted to an Integer{_at(path)}")
            if smallest is not None and value < smallest:
                rule = f"Member must have value greater than or equal to {smallest}"
                failures.append(_failed(str(value), path, rule))
            elif largest is not None and value > largest:
                rule = f"Member must have value less than or equal to {largest}"
                failures.append(_failed(str(value), path, rule))
            return value

        return check

    def _boolean(self, name: str, shape: dict[str, Any]) -> Check:
        def check(value: Any, path: str, failures: list[str]) -> Any:
            if type(value) is not bool:
                raise malformed(f"{_kind(value)} can not be converted to a Boolean{_at(path)}")
            return value

        return check

    def _timestamp(self, name: str, shape: dict[str, Any]) -> Check:
        def check(value: Any, path: str, failures: list[str]) -> Any:
            if type(value) not in (int, float) or not abs(value) < 1e12:
                raise malformed(f"{_kind(value)} can not be converted to a Timestamp{_at(path)}")
            return value

        return check


def _below(narrowed: dict[str, Format], member: str) -> dict[str, Format]:
    """What of `narrowed` concerns a member: formats by their path in it."""
    return {
        path[len(member) + 1 :]: format_
        for path, format_ in narrowed.items()
        if path == member or path.startswith(member + ".")
    }


def units(text: str) -> int:
    """Length as SWF counts it: UTF-16 code units."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _length(value: str, path: str, than: str, limit: int) -> str:
    return _failed(value, path, f"Member must have length {than} than or equal to {limit}")


def _failed(value: str, path: str, rule: str) -> str:
    return f"Value '{value}' at '{path}' failed to satisfy constraint: {rule}"


def _kind(value: Any) -> str:
    names = {dict: "STRUCTURE", list: "LIST", str: "STRING_VALUE", bool: "BOOLEAN_VALUE"}
    return names.get(type(value), "NUMBER_VALUE" if value is not None else "NULL_VALUE")


def _at(path: str) -> str:
    return f" at '{path}'" if path else ""
