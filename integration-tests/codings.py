"""The encodings in which a value is sent to a worker, each written by the Python codec."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from typing import Any

from pyflow import codec


def compressed(text: str) -> str:
    """The envelope with its bytes compressed, as an encoder writes what does not fit otherwise."""
    envelope = json.loads(text)
    data = zlib.compress(base64.b64decode(envelope["data"]), 6)
    return json.dumps({**envelope, "codecs": ["zlib"], "data": base64.b64encode(data).decode()})


ENCODINGS: dict[str, Callable[[Any], str]] = {
    "plain": codec.encode_plain,
    "xjson": lambda value: codec.encode(value, coding="xjson"),
    "msgpack": lambda value: codec.encode(value, coding="msgpack"),
    "msgpack+zlib": lambda value: compressed(codec.encode(value, coding="msgpack")),
}
