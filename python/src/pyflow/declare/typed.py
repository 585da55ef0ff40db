"""Values of the contract as what annotations ask for, and back: dataclasses, pydantic models, enums, dates and the rest.

The annotation decides, never the value. What it does not know it leaves as it is.
"""

from __future__ import annotations

import dataclasses
import types
from collections import abc
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin, get_type_hints, is_typeddict
from uuid import UUID

from pyflow.codec.model.shown import path_text

Path = tuple[object, ...]
Reader = Callable[[Any, Path], Any]
"""Takes a value and where it is in the input; raises Mismatch."""


class Mismatch(TypeError):
    """A value is not what its annotation asks for; says where, what it is and what it should be."""


def hints_of(annotated: Any) -> dict[str, Any]:
    """The annotations of a function or a class by name; none where one names what only a type checker can see."""
    try:
        return get_type_hints(annotated, include_extras=True)
    except (NameError, TypeError, AttributeError):
        return {}


def reader_of(annotation: Any) -> Reader | None:
    """What reads a value as the annotation; None where any value will do."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif isinstance(annotation, NewType):
            annotation = annotation.__supertype__
        elif type(annotation).__name__ == "TypeAliasType":  # `type Lines = list[Line]`, from Python 3.12
            annotation = annotation.__value__
        else:
            break
    origin, arguments = get_origin(annotation) or annotation, get_args(annotation)
    if origin in (Union, types.UnionType):
        return _one_of(arguments)
    if origin is Literal:
        return partial(_literal, arguments)
    if annotation is None:
        origin = type(None)
    if (make := _MAKERS.get(origin) if isinstance(origin, abc.Hashable) else None) is not None:
        return make(arguments)
    if not isinstance(origin, type):
        return None
    if hasattr(origin, "model_validate"):
        return partial(_model, origin)
    if dataclasses.is_dataclass(origin):
        return partial(_dataclass, origin)
    if is_typeddict(origin):
        return partial(_typed_dict, origin)
    if issubclass(origin, Enum):
        return partial(_enum, origin)
    return None


def untyped(value: Any) -> Any:
    """A value of the contract for one that is annotated: maps for dataclasses and models, the values of enums, ISO 8601.

    What it does not know it leaves as it is, to whoever encodes the value.
    """
    if value is None or isinstance(value, bool | bytes | datetime | Decimal):
        return value
    if isinstance(value, Enum):
        return untyped(value.value)
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, dict):
        return {untyped(key): untyped(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [untyped(each) for each in value]
    if isinstance(value, type):
        return value
    if dataclasses.is_dataclass(value):
        return {each.name: untyped(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if hasattr(value, "model_dump"):
        return untyped(value.model_dump())
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value


def _refuse(value: Any, path: Path, wanted: str) -> Any:
    raise Mismatch(f"{path_text(path)} is {_kind(value)}, should be {wanted}")


def _kind(value: Any) -> str:
    return next((name for kind, name in _KINDS if isinstance(value, kind)), f"a {type(value).__name__}")


_KINDS: tuple[tuple[type, str], ...] = (
    (type(None), "null"),
    (bool, "a boolean"),
    (int, "an integer"),
    (float, "a float"),
    (str, "a text"),
    (bytes, "bytes"),
    (datetime, "a timestamp"),
    (Decimal, "a decimal"),
    (list, "a list"),
    (dict, "a map"),
)


def _is(kind: type, wanted: str) -> Callable[[Any], Reader]:
    def read(value: Any, path: Path) -> Any:
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        return _refuse(value, path, wanted)

    return lambda arguments: read


def _float(value: Any, path: Path) -> Any:
    """Writers in other languages leave the `.0` of a whole number out."""
    if isinstance(value, float):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return _refuse(value, path, "a number")


def _decimal(value: Any, path: Path) -> Any:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return _parsed(Decimal, "a decimal")(value, path)


def _datetime(value: Any, path: Path) -> Any:
    if isinstance(value, datetime):
        return value
    return _parsed(lambda text: datetime.fromisoformat(text.replace("Z", "+00:00")), "a timestamp")(
        value, path
    )


def _seconds(value: Any, path: Path) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return timedelta(seconds=value)
    return _refuse(value, path, "a number of seconds")


def _parsed(parse: Callable[[str], Any], wanted: str) -> Reader:
    def read(value: Any, path: Path) -> Any:
        if isinstance(value, str):
            try:
                return parse(value)
            except (ValueError, ArithmeticError):
                raise Mismatch(f"{path_text(path)} is {value[:40]!r}, should be {wanted}") from None
        return _refuse(value, path, f"{wanted} as text")

    return read


def _list(make: Callable[[Any], Any], arguments: tuple[Any, ...]) -> Reader:
    read = reader_of(arguments[0]) if arguments else None

    def read_all(value: Any, path: Path) -> Any:
        if not isinstance(value, list | tuple):
            return _refuse(value, path, "a list")
        if read is None:
            return make(value)
        return make([read(each, (*path, index)) for index, each in enumerate(value)])

    return read_all


def _tuple(arguments: tuple[Any, ...]) -> Reader:
    if not arguments or arguments[-1] is Ellipsis:
        return _list(tuple, arguments)
    reads = [reader_of(each) for each in arguments]

    def read_each(value: Any, path: Path) -> Any:
        if not isinstance(value, list | tuple) or len(value) != len(reads):
            length = f" with {len(value)} items" if isinstance(value, list | tuple) else ""
            raise Mismatch(f"{path_text(path)} is {_kind(value)}{length}, should be a list of {len(reads)}")
        return tuple(
            each if read is None else read(each, (*path, index))
            for index, (read, each) in enumerate(zip(reads, value, strict=True))
        )

    return read_each


def _map(arguments: tuple[Any, ...]) -> Reader:
    read_key, read = (reader_of(each) for each in arguments) if len(arguments) == 2 else (None, None)

    def read_all(value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            return _refuse(value, path, "a map")
        if read_key is None and read is None:
            return value
        return {
            key if read_key is None else read_key(key, (*path, key)): (
                each if read is None else read(each, (*path, key))
            )
            for key, each in value.items()
        }

    return read_all


def _one_of(arguments: tuple[Any, ...]) -> Reader | None:
    kinds = [each for each in arguments if each is not type(None)]
    nullable = len(kinds) < len(arguments)
    reads = [reader_of(each) for each in kinds]
    if None in reads:
        return None

    def read(value: Any, path: Path) -> Any:
        if nullable and value is None:
            return None
        refusals = []
        for each in reads:
            assert each is not None
            try:
                return each(value, path)
            except Mismatch as refusal:
                refusals.append(str(refusal))
        raise Mismatch(
            refusals[0] if len(reads) == 1 else f"{path_text(path)} fits none of: {'; '.join(refusals)}"
        )

    return read


def _literal(allowed: tuple[Any, ...], value: Any, path: Path) -> Any:
    for each in allowed:
        if type(each) is type(value) and each == value:
            return each
    raise Mismatch(f"{path_text(path)} is {value!r:.40}, should be one of {', '.join(map(repr, allowed))}")


def _enum(kind: type[Enum], value: Any, path: Path) -> Any:
    try:
        return kind(value)
    except ValueError:
        allowed = ", ".join(repr(each.value) for each in kind)
        raise Mismatch(f"{path_text(path)} is {value!r:.40}, should be one of {allowed}") from None


def _model(kind: Any, value: Any, path: Path) -> Any:
    """A pydantic model, which checks by itself."""
    try:
        return kind.model_validate(value)
    except ValueError as error:
        first: dict[str, Any] = next(iter(getattr(error, "errors", list)()), {})
        where, what = first.get("loc", ()), first.get("msg", error)
        raise Mismatch(f"{path_text((*path, *where))} is no {kind.__name__}: {what}") from None


def _dataclass(kind: Any, value: Any, path: Path) -> Any:
    readers, required = _fields(kind)
    given = _members(value, path, readers, required)
    try:
        return kind(**given)
    except (TypeError, ValueError) as error:  # of its own __post_init__
        raise Mismatch(f"{path_text(path)} is no {kind.__name__}: {error}") from None


def _typed_dict(kind: Any, value: Any, path: Path) -> Any:
    readers = {name: reader_of(hint) for name, hint in hints_of(kind).items()}
    read = _members(value, path, readers, kind.__required_keys__)
    return {**value, **read}


def _members(
    value: Any, path: Path, readers: Mapping[str, Reader | None], required: abc.Collection[str]
) -> dict[str, Any]:
    """Those that have a reader; others are ignored, as what a newer writer added."""
    if not isinstance(value, dict):
        _refuse(value, path, "a map")
    if missing := [name for name in required if name not in value]:
        raise Mismatch(f"{path_text(path)} lacks {', '.join(sorted(missing))}")
    return {
        name: value[name] if read is None else read(value[name], (*path, name))
        for name, read in readers.items()
        if name in value
    }


@cache
def _fields(kind: Any) -> tuple[dict[str, Reader | None], tuple[str, ...]]:
    """The readers of a dataclass's fields, and those that have no default."""
    hints = hints_of(kind)
    fields = [each for each in dataclasses.fields(kind) if each.init]
    missing = dataclasses.MISSING
    return (
        {each.name: reader_of(hints.get(each.name, Any)) for each in fields},
        tuple(each.name for each in fields if each.default is missing and each.default_factory is missing),
    )


_MAKERS: dict[Any, Callable[[Any], Reader]] = {
    type(None): _is(type(None), "null"),
    bool: _is(bool, "a boolean"),
    int: _is(int, "an integer"),
    str: _is(str, "a text"),
    bytes: _is(bytes, "bytes"),
    float: lambda arguments: _float,
    Decimal: lambda arguments: _decimal,
    datetime: lambda arguments: _datetime,
    date: lambda arguments: _parsed(date.fromisoformat, "a date"),
    time: lambda arguments: _parsed(time.fromisoformat, "a time"),
    timedelta: lambda arguments: _seconds,
    UUID: lambda arguments: _parsed(UUID, "a UUID"),
    list: partial(_list, list),
    abc.Sequence: partial(_list, list),
    abc.Collection: partial(_list, list),
    abc.Iterable: partial(_list, list),
    set: partial(_list, set),
    frozenset: partial(_list, frozenset),
    tuple: _tuple,
    dict: _map,
    abc.Mapping: _map,
    abc.MutableMapping: _map,
}
