"""A store in S3, by boto3 against moto."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import moto
import pytest

from pyflow.stores import S3Store

KEY = "sha256/2c/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "testing"),
        ("AWS_SECRET_ACCESS_KEY", "testing"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    with moto.mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="payloads")
        yield client


def test_what_is_put_is_in_the_bucket_behind_the_prefix(s3: Any) -> None:
    store = S3Store("payloads", "/shop/")
    store.put(KEY, b"hello")
    assert s3.get_object(Bucket="payloads", Key=f"shop/{KEY}")["Body"].read() == b"hello"
    assert store.get(KEY, 5) == b"hello"
    assert store.get(KEY, 2) == b"hel"


def test_without_a_prefix_the_key_is_the_object_s(s3: Any) -> None:
    S3Store("payloads", client=s3).put(KEY, b"hello")
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="payloads")["Contents"]] == [KEY]


def test_it_is_written_once(s3: Any) -> None:
    store = S3Store("payloads", client=s3)
    store.put(KEY, b"hello")
    before = s3.head_object(Bucket="payloads", Key=KEY)["LastModified"]
    store.put(KEY, b"hello")
    assert s3.head_object(Bucket="payloads", Key=KEY)["LastModified"] == before


def test_a_key_without_an_object_has_nothing(s3: Any) -> None:
    assert S3Store("payloads", client=s3).get(KEY, 5) is None


def test_a_bucket_that_is_not_there_is_told(s3: Any) -> None:
    with pytest.raises(Exception, match="NoSuchBucket"):
        S3Store("elsewhere", client=s3).get(KEY, 5)
