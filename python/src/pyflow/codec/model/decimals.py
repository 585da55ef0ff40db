"""Decimals as text, in the contract's two forms, and their limits."""

from __future__ import annotations

import re
from decimal import Decimal

from .limits import MAX_DIGITS, MAX_EXPONENT

_FORM = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?(?:[eE][+-]?[0-9]{1,6})?")


def checked(value: Decimal) -> Decimal:
    """The decimal if it is within the model; zero loses its sign and scale.

    Raises ValueError with what is wrong with it.
    """
    if not value.is_finite():
        raise ValueError(f"{value} is no number")
    if not value:
        return Decimal(0)
    _, digits, exponent = _parts(value)
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a decimal has at most {MAX_DIGITS} digits")
    if abs(exponent) > MAX_EXPONENT:
        raise ValueError(f"the exponent of a decimal is between -{MAX_EXPONENT} and {MAX_EXPONENT}")
    return value


def is_form(text: str) -> bool:
    """Whether a text is written as a decimal, be it within the limits or not."""
    return _FORM.fullmatch(text) is not None


def parse(text: str) -> Decimal:
    """Read `-?digits[.digits][E[+|-]digits]`. Raises ValueError for anything else, and beyond the limits."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:40]!r} is no decimal of the form 12.50 or 1E+30")
    if len(match[1]) + len(match[2] or "") > MAX_DIGITS:
        raise ValueError(f"a decimal is written with at most {MAX_DIGITS} digits")
    return checked(Decimal(text))


def canonical(value: Decimal) -> str:
    """`-?digits[E[-]digits]` without trailing zeros: one text for one number, as msgpack has it."""
    if not value:
        return "0"
    sign, digits, exponent = _parts(value)
    return f"{sign}{digits}E{exponent}" if exponent else sign + digits


def readable(value: Decimal) -> str:
    """With the scale that it has, as `12.50`, unless that takes more digits than a reader allows."""
    text = str(value)
    return text if len(text) <= MAX_DIGITS else canonical(value)


def _parts(value: Decimal) -> tuple[str, str, int]:
    """Sign, digits without trailing zeros, and the power of ten that they count."""
    negative, digits, exponent = value.as_tuple()
    written = "".join(map(str, digits))
    bare = written.rstrip("0")
    assert isinstance(exponent, int), "a finite decimal"
    return "-" if negative else "", bare, exponent + len(written) - len(bare)
