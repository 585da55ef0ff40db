"""Keys and stores as command lines and environments name them; the same in Python, Ruby and Java (protocol/worker.md)."""

from __future__ import annotations

import json
import os
import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pyflow.codec import KeyRing, PayloadCodec
from pyflow.errors import PyflowException

from .files import FileStore
from .payloads import Payloads
from .s3 import S3Store
from .store import PayloadStore

_NAMED = re.compile(r"([A-Za-z0-9_.-]{1,64})=(.+)")


def configured(
    key_file: str | None = None,
    stores: Iterable[str] = (),
    *,
    codecs: Mapping[str, PayloadCodec] | None = None,
    apply: Iterable[str] | None = None,
) -> Payloads:
    """What `--key-file` and `--store` say, else `PYFLOW_KEY_FILE` and `PYFLOW_STORE`; codecs, apply: as Payloads has them.

    Raises PyflowException with one sentence for what can't be used; no sentence shows a key.
    """
    key_file = key_file or os.environ.get("PYFLOW_KEY_FILE") or None
    named = list(stores) or [store for store in [os.environ.get("PYFLOW_STORE")] if store]
    return Payloads(
        keys=None if key_file is None else read_key_file(key_file),
        codecs=codecs,
        apply=apply,
        stores=dict(read_store(each) for each in named),
    )


def read_key_file(path: str) -> KeyRing:
    """The ring in a file of JSON: `{"encrypt_with": "2026-11", "keys": {"2026-11": "base64 of 32 bytes"}}`."""
    try:
        tree = json.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise PyflowException(f"the key file {path} can't be read: {error.strerror}") from None
    except ValueError:
        raise PyflowException(f"the key file {path} is no JSON") from None
    keys = tree.get("keys") if isinstance(tree, dict) else None
    if not isinstance(keys, dict):
        raise PyflowException(f"the key file {path} has no object of keys")
    encrypt_with = tree.get("encrypt_with")
    if encrypt_with is not None and not isinstance(encrypt_with, str):
        raise PyflowException(f"the key file {path} has an encrypt_with that is no text")
    try:
        return KeyRing({name: _key(name, key) for name, key in keys.items()}, encrypt_with)
    except PyflowException as error:
        raise PyflowException(f"the key file {path} can't be used: {error}") from None


def _key(name: str, text: Any) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (TypeError, ValueError):
        raise PyflowException(f"the key {name!r} is no base64") from None


def read_store(text: str) -> tuple[str, PayloadStore]:
    """A name and a store from `[NAME=]FOLDER` or `[NAME=]s3://BUCKET/PREFIX`; the name is `default` without one."""
    named = _NAMED.fullmatch(text)
    name, where = named.groups() if named else ("default", text)
    if where.startswith("s3://"):
        bucket, _, prefix = where.removeprefix("s3://").partition("/")
        if not bucket:
            raise PyflowException(f"the store {text} names no bucket: it looks like s3://BUCKET/PREFIX")
        return name, S3Store(bucket, prefix)
    if "://" in where:
        raise PyflowException(f"the store {text} is no folder and no s3://BUCKET/PREFIX")
    return name, FileStore(where)
