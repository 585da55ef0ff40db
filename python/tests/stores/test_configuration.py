"""Keys and stores from a command line or an environment."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from pyflow.errors import PyflowException
from pyflow.stores import FileStore, S3Store
from pyflow.stores.configuration import configured, read_store

KEY = b64encode(bytes(32)).decode()


def key_file(folder: Path, content: Any) -> str:
    path = folder / "keys.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


def test_a_key_file_is_a_ring(tmp_path: Path) -> None:
    payloads = configured(key_file(tmp_path, {"encrypt_with": "a", "keys": {"a": KEY, "b": KEY}}))
    assert list(payloads.applied) == ["aes-256-gcm"]
    assert payloads.read(payloads.write(7)).value == 7


def test_the_environment_is_asked_where_the_command_line_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYFLOW_KEY_FILE", key_file(tmp_path, {"keys": {"a": KEY}}))
    monkeypatch.setenv("PYFLOW_STORE", f"big={tmp_path}")
    payloads = configured()
    assert (list(payloads.codecs), payloads.applied, payloads.writes_to) == (["aes-256-gcm"], {}, "big")
    assert configured(stores=["other=here"]).writes_to == "other"


def test_nothing_said_is_nothing_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYFLOW_KEY_FILE", raising=False)
    monkeypatch.delenv("PYFLOW_STORE", raising=False)
    assert configured().plain


@pytest.mark.parametrize(
    ("text", "name", "kind", "where"),
    [
        ("/srv/payloads", "default", FileStore, "/srv/payloads"),
        ("big=/srv/payloads", "big", FileStore, "/srv/payloads"),
        ("./a=b", "default", FileStore, "a=b"),
        ("s3://bucket", "default", S3Store, "s3://bucket/"),
        ("s3://bucket/shop/x", "default", S3Store, "s3://bucket/shop/x"),
        ("old=s3://bucket/shop", "old", S3Store, "s3://bucket/shop"),
    ],
)
def test_a_store_is_a_folder_or_a_bucket(text: str, name: str, kind: type, where: str) -> None:
    found, store = read_store(text)
    assert (found, type(store), str(store)) == (name, kind, where)


@pytest.mark.parametrize("text", ["s3://", "s3:///shop", "https://bucket", "x=gs://bucket"])
def test_another_place_is_refused(text: str) -> None:
    with pytest.raises(PyflowException, match="the store .* names no bucket|is no folder"):
        read_store(text)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is no JSON"),
        ([], "has no object of keys"),
        ({"keys": {"a": "AA=="}}, "can't be used: the key 'a' has 1 bytes, and AES-256 takes 32"),
        ({"keys": {"a": "no base64"}}, "can't be used: the key 'a' is no base64"),
        ({"keys": {"a": 7}}, "can't be used: the key 'a' is no base64"),
        ({"keys": {"a": KEY}, "encrypt_with": "b"}, "can't be used: a key ring encrypts with 'b'"),
        ({"keys": {"a": KEY}, "encrypt_with": 7}, "has an encrypt_with that is no text"),
    ],
)
def test_a_key_file_that_is_none_is_refused_in_one_sentence(
    tmp_path: Path, content: Any, sentence: str
) -> None:
    with pytest.raises(PyflowException) as refusal:
        configured(key_file(tmp_path, content))
    assert str(refusal.value).startswith(f"the key file {tmp_path}/keys.json {sentence}")


def test_a_key_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PyflowException, match=r"keys\.json can't be read: No such file or directory"):
        configured(str(tmp_path / "keys.json"))
