"""The input of a Lambda function: plain JSON and nothing else, since no function knows the contract."""

from __future__ import annotations

from typing import Any

from pyflow.codec.codings import plain
from pyflow.codec.codings.json_write import write, write_raw
from pyflow.codec.model.limits import DATA_LIMIT, units
from pyflow.codec.model.shown import place, quoted, shown
from pyflow.codec.model.values import settle
from pyflow.errors import PayloadEncodeError

from .encoding import too_large


def encode_plain(value: object, *, what: str = "payload", limit: int = DATA_LIMIT) -> str:
    """`value` as json.dumps writes it, integer keys as text; in raw Unicode if only so it fits.

    Raises PayloadEncodeError, with the path, for anything that plain JSON can't hold; PayloadTooLarge.
    """
    text = plain.encode(value, what)
    if text is None:
        settled, _ = settle(value, what)
        value = _with_text_keys(settled, (), what)
        text = write(value)
    if len(text) > limit:
        text = write_raw(value)
        if units(text) > limit:
            raise too_large(what, units(text), limit)
    return text


def _with_text_keys(value: Any, path: tuple[object, ...], what: str) -> Any:
    kind = type(value)
    if kind is list:
        return [_with_text_keys(item, (*path, index), what) for index, item in enumerate(value)]
    if kind is dict:
        return _map(value, path, what)
    if value is None or kind in (str, int, bool) or (kind is float and abs(value) < float("inf")):
        return value
    raise PayloadEncodeError(
        f"{what} holds {shown(value)} {place(path)}: a Lambda function takes plain JSON, turn it into text"
    )


def _map(value: dict[Any, Any], path: tuple[object, ...], what: str) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(key, bytes):
            raise PayloadEncodeError(
                f"{what} holds a map with bytes as a key {place(path)}: JSON has text keys"
            )
        if str(key) in entries:
            raise PayloadEncodeError(
                f"{what} holds a map with the key {quoted(str(key))} twice {place(path)}, "
                "as integer and as text: JSON has text keys"
            )
        entries[str(key)] = _with_text_keys(item, (*path, key), what)
    return entries
