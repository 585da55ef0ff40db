"""A file of credentials, as the AWS SDKs keep it in `~/.aws/credentials`: whose keys sign is let in."""

from __future__ import annotations

import configparser
import os
import stat
from typing import NamedTuple

READABLE_BY_OTHERS = 0o077


class CredentialsRefused(Exception):
    """The file can't be used; the message says why in one sentence, and nothing of what the file holds."""


class Secret(NamedTuple):
    """What belongs to an access key id. token: of temporary credentials, else empty."""

    key: str
    token: bytes = b""


def read_credentials(path: str) -> dict[str, Secret]:
    """Every profile's secret, by access key id. Raises CredentialsRefused."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(_text(path))
    except (configparser.Error, UnicodeDecodeError) as error:
        # its own text quotes the line, which may be a secret
        raise CredentialsRefused(f"credentials file {path} is malformed{_where(error)}") from None
    secrets: dict[str, Secret] = {}
    for profile in parser.sections():
        values = parser[profile]
        access_key, key = values.get("aws_access_key_id", ""), values.get("aws_secret_access_key", "")
        if not access_key and not key:
            continue  # a role, or something else that needs no key of its own
        if not access_key or not key:
            lacks = "aws_secret_access_key" if access_key else "aws_access_key_id"
            raise CredentialsRefused(f"credentials file {path}: profile {profile} lacks {lacks}")
        secret = Secret(key, values.get("aws_session_token", "").encode())
        if secrets.setdefault(access_key, secret) != secret:
            raise CredentialsRefused(
                f"credentials file {path}: two profiles give {access_key} different secrets"
            )
    if not secrets:
        raise CredentialsRefused(
            f"credentials file {path} holds no keys: a profile has aws_access_key_id and aws_secret_access_key"
        )
    return secrets


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:  # noqa: PTH123  # what is checked is what was opened
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if os.name == "posix" and mode & READABLE_BY_OTHERS:
                raise CredentialsRefused(f"credentials file {path} is open to other users: chmod 600 {path}")
            return file.read()
    except OSError as error:
        raise CredentialsRefused(f"credentials file {path} can't be read: {error.strerror}") from error


def _where(error: Exception) -> str:
    errors = getattr(error, "errors", None)
    line = errors[0][0] if errors else getattr(error, "lineno", None)
    return "" if line is None else f" at line {line}"
