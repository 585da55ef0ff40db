"""The input of a task that a behaviour schedules, as the text of the field."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from typing import Any

from pyflow.conformance.house import STORE
from pyflow.conformance.patterns import written
from pyflow.conformance.scene import Scene

FOLDER = "$folder"  # stands for the scene's folder in a value
CODECS = {"zlib": zlib.compress, "test-xor": lambda data: bytes(byte ^ 0x5A for byte in data)}


def text_of(scene: Scene, item: dict[str, Any]) -> str | None:
    """None where there is to be no input: the item has neither `text` nor `value`."""
    if "text" in item:
        return str(written(item["text"]))
    if "value" not in item:
        return None
    value = _located(written(item["value"]), str(scene.folder) if FOLDER in str(item["value"]) else "")
    envelope: dict[str, Any] = {"$pyflow": 1, "enc": "json"}
    if "headers" in item:
        envelope["h"] = item["headers"]
    if "codecs" not in item and "stored" not in item:
        return _json({**envelope, "value": value} if "headers" in item else value)
    data = _json(value).encode()
    if "codecs" in item:
        envelope["codecs"] = item["codecs"]
        for codec in item["codecs"]:
            data = CODECS[codec](data)
    if "stored" in item:
        return _json({**envelope, "ref": _stored(scene, data, item["stored"])})
    return _json({**envelope, "data": base64.b64encode(data).decode()})


def _stored(scene: Scene, data: bytes, how: str) -> dict[str, Any]:
    """A reference to the data. how: `whole`, or what is wrong with what is stored: `damaged`, `missing`."""
    digest = hashlib.sha256(data).hexdigest()
    key = f"sha256/{digest[:2]}/{digest}"
    path = scene.house.store / key
    path.parent.mkdir(parents=True, exist_ok=True)
    if how != "missing":
        path.write_bytes(data if how == "whole" else bytes(byte ^ 1 for byte in data))
    return {"store": STORE, "key": key, "size": len(data), "sha256": digest}


def _located(value: Any, folder: str) -> Any:
    if isinstance(value, dict):
        return {key: _located(item, folder) for key, item in value.items()}
    return value.replace(FOLDER, folder) if isinstance(value, str) else value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
