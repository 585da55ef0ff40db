"""A store in an S3 bucket."""

from __future__ import annotations

from typing import Any


class S3Store:
    """Keeps each object in `bucket`, its key after `prefix` and a slash.

    client: boto3's for S3, or anything with its `get_object`, `head_object` and `put_object`; by default boto3's own, made
    when first used. The bucket's lifecycle must keep objects longer than the histories that refer to them.
    """

    def __init__(self, bucket: str, prefix: str = "", *, client: Any = None) -> None:
        self._bucket = bucket
        self._prefix = prefix.strip("/")
        self._client = client

    def put(self, key: str, data: bytes) -> None:
        """Writes the object, unless it is there."""
        where = {"Bucket": self._bucket, "Key": self._key(key)}
        try:
            self._s3().head_object(**where)
        except Exception as error:
            if not _is_missing(error):
                raise
            self._s3().put_object(**where, Body=data, ContentType="application/octet-stream")

    def get(self, key: str, size: int) -> bytes | None:
        """What the object holds, not more than one byte beyond `size`; None without it."""
        try:
            answer = self._s3().get_object(Bucket=self._bucket, Key=self._key(key))
        except Exception as error:
            if _is_missing(error):
                return None
            raise
        with answer["Body"] as body:
            return bytes(body.read(size + 1))

    def _key(self, key: str) -> str:
        return f"{self._prefix}/{key}" if self._prefix else key

    def _s3(self) -> Any:
        if self._client is None:
            import boto3

            self._client = boto3.client("s3")
        return self._client

    def __str__(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}"


def _is_missing(error: Exception) -> bool:
    answer = getattr(error, "response", None)
    code = answer.get("Error", {}).get("Code") if isinstance(answer, dict) else None
    return code in ("404", "NoSuchKey", "NotFound")
