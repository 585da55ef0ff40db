"""Reading payloads: the string of an SWF field becomes a value, or a claim check to resolve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pyflow.codec.codings import msgpack, plain, xjson
from pyflow.codec.codings.json_read import check_depth, parse, parse_seeing
from pyflow.codec.model.limits import MAX_NESTING, units
from pyflow.codec.model.refusals import refusal
from pyflow.codec.model.shown import byte, shown
from pyflow.errors import PayloadDecodeError

from . import reference, transforms
from .amount import check_amount
from .reference import Reference
from .transforms import Codecs

MARK = "$pyflow"
VERSION = 1
_SPECIAL = ("start", "batch", "failure")
_CONTENTS = ("value", "data", "ref", "failure")


@dataclass(frozen=True)
class Payload:
    """What an SWF field holds, read.

    value: a value of the model, or a Reference to one; id: of a signal that may be sent twice.
    """

    value: Any = None
    headers: dict[str, Any] = field(default_factory=dict)
    id: str | None = None
    enveloped: bool = False


def decode(
    text: str | None, *, lenient: bool = False, codecs: Codecs | None = None, context: Any = None
) -> Any:
    """The value of an SWF field; None for an absent or empty one, a Reference for a claim check.

    lenient: take plain text as pyflow-swf 2.0.0 took it (NaN, lone surrogates, one key twice).
    codecs, context: the user's codecs by name, and what to hand them.
    Raises PayloadDecodeError, UnsupportedPayloadVersion or UnknownCodec.
    """
    if not text:
        return None
    tree, shallow = _parse_leniently(text) if lenient else parse_seeing(text)
    if type(tree) is dict and MARK in tree:
        if not shallow:
            check_depth(tree, MAX_NESTING)
        return open_envelope(tree, codecs, context).value
    if not shallow:
        check_depth(tree)
    return tree


def read(
    text: str | None, *, lenient: bool = False, codecs: Codecs | None = None, context: Any = None
) -> Payload:
    """As `decode`, with what travels beside the value."""
    if text:
        tree, shallow = _parse_leniently(text) if lenient else parse_seeing(text)
        if type(tree) is dict and MARK in tree:
            if not shallow:
                check_depth(tree, MAX_NESTING)
            return open_envelope(tree, codecs, context)
        if not shallow:
            check_depth(tree)
        return Payload(tree)
    return Payload()


def resolve(claim: Reference, stored: bytes, *, codecs: Codecs | None = None, context: Any = None) -> Any:
    """The value of a claim check, once its bytes were fetched.

    Raises PayloadDecodeError if they are not the bytes meant, or no value; UnknownCodec.
    """
    return _from_bytes(claim.enc, undone(claim.enc, claim.verified(stored), claim.codecs, codecs, context))


def envelope_of(text: str | None) -> dict[str, Any] | None:
    """The envelope of version 1 that the text is, whatever else is in it; None for any other text."""
    if not text or (MARK not in text and "\\u" not in text):  # most: an escape might hide the key
        return None
    try:
        tree = parse(text)
    except PayloadDecodeError:
        return None
    if type(tree) is not dict or type(tree.get(MARK)) is not int or tree[MARK] != VERSION:
        return None
    return tree


def special(text: str | None, enc: str, codecs: Codecs | None, context: Any) -> Any:
    """The JSON in an envelope whose coding `decode` does not know, such as `start`; None for any other text.

    Raises PayloadDecodeError for such an envelope without JSON in `value` or `data`, UnknownCodec.
    """
    tree = envelope_of(text)
    if tree is None or tree.get("enc") != enc:
        return None
    _, names, content = _shape(tree)
    _beside(tree)
    if content == "data":
        return _from_bytes("json", data_bytes(tree, names, codecs, context))
    if content == "value":
        if names:
            raise refusal("value-codecs")
        return _content(tree, "json", names, content, codecs, context)
    raise PayloadDecodeError(f"an envelope has {enc} and {content}: {enc} goes with value or data")


def open_envelope(tree: dict[str, Any], codecs: Codecs | None, context: Any) -> Payload:
    """What an envelope, as parsed JSON, holds. What is wrong is told in the order of protocol/refusals.md."""
    check_version(tree)
    enc, names, content = _shape(tree)
    if content == "failure":
        raise refusal("failure")
    if enc not in _DECODERS:
        raise refusal("enc", found=shown(enc))
    if content == "value" and names:
        raise refusal("value-codecs")
    if content == "value" and enc == "msgpack":
        raise refusal("value-msgpack")
    known, identity = _beside(tree)
    value = _content(tree, enc, names, content, codecs, context)
    return Payload(value, known, identity, True)


def check_version(tree: dict[str, Any]) -> None:
    """Refuse an envelope that is not of version 1."""
    version = tree[MARK]
    if type(version) is not int:
        raise refusal("version-kind", found=shown(version))
    if version != VERSION:
        raise refusal("version", found=shown(version))


def has_unknown_coding(text: str | None) -> bool:
    """Whether it is an envelope of version 1 in a coding that this version does not have: a later one may."""
    tree = envelope_of(text)
    if tree is None:
        return False
    return isinstance(tree.get("enc"), str) and tree["enc"] not in (*_DECODERS, *_SPECIAL)


def data_bytes(tree: dict[str, Any], names: tuple[str, ...], codecs: Codecs | None, context: Any) -> bytes:
    """The bytes of an envelope's `data`, its transforms undone."""
    try:
        data = xjson.decode_base64(tree["data"])
    except ValueError:
        raise refusal("data", found=shown(tree["data"])) from None
    return undone(tree.get("enc", "json"), data, names, codecs, context)


def undone(enc: str, data: bytes, names: tuple[str, ...], codecs: Codecs | None, context: Any) -> bytes:
    """The bytes before these transforms; not too many, and not too many values of this coding."""
    before = transforms.undo(data, names, codecs or {}, context)
    check_amount(enc, before)
    return before


def _content(
    tree: dict[str, Any], enc: str, names: tuple[str, ...], content: str, codecs: Codecs | None, context: Any
) -> Any:
    if content == "ref":
        return reference.parse(tree["ref"], enc, names)
    if content == "data":
        return _from_bytes(enc, data_bytes(tree, names, codecs, context))
    if enc == "xjson":
        return xjson.from_tree(tree["value"], tree)
    check_depth(tree["value"])
    return tree["value"]


def _shape(tree: dict[str, Any]) -> tuple[str, tuple[str, ...], str]:
    """The coding, the codecs, and which of the four contents an envelope has."""
    enc = tree.get("enc", "json")
    names = tree.get("codecs", [])
    if not isinstance(enc, str):
        raise refusal("enc-kind", found=shown(enc))
    if not isinstance(names, list):
        raise refusal("codecs-kind", found=shown(names))
    for name in names:
        if not isinstance(name, str):
            raise refusal("codecs-kind", found=shown(name))
    contents = [name for name in _CONTENTS if name in tree]
    if len(contents) != 1:
        raise refusal("contents", found=" and ".join(contents) or "no content")
    return enc, tuple(names), contents[0]


def _beside(tree: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """The headers and the id that travel with the content."""
    headers = tree.get("h", {})
    if type(headers) is not dict:
        raise refusal("headers-kind", found=shown(headers))
    known = {name: xjson.from_tree(header, tree) for name, header in headers.items()}
    identity = tree.get("id")
    if "id" in tree and not (isinstance(identity, str) and 1 <= units(identity) <= 256):
        raise refusal("id", found=shown(identity))
    return known, identity


def _from_bytes(enc: str, data: bytes) -> Any:
    try:
        return _DECODERS[enc](data)
    except UnicodeDecodeError as error:
        raise refusal("utf8", where=byte(error.start)) from None


def _parse_leniently(text: str) -> tuple[Any, bool]:
    """What json.loads takes is not too deep for a history that holds it."""
    try:
        return parse_seeing(text)[0], True
    except PayloadDecodeError as strict:
        tree = plain.decode_leniently(text)
        if type(tree) is dict and MARK in tree:
            raise strict from None
        return tree, True


_DECODERS: dict[str, Callable[[bytes], Any]] = {
    "json": lambda data: plain.decode(data.decode()),
    "xjson": lambda data: xjson.decode(data.decode()),
    "msgpack": msgpack.decode,
}
