"""Files of credentials, and what is refused of them; no refusal repeats a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyflow.local.http.credentials import CredentialsRefused, Secret, read_credentials


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that only its owner may read."""
    path = tmp_path / "credentials"
    path.touch(0o600)
    return path


def test_all_keys_of_a_file_are_known(file: Path) -> None:
    file.write_text(
        "# mine\n"
        "[default]\naws_access_key_id = ONE\naws_secret_access_key = s3/c+r=et%\n\n"
        "[deploy]\nrole_arn = arn:aws:iam::123456789012:role/deploy\nsource_profile = default\n\n"
        "[temporary]\naws_access_key_id=TWO\naws_secret_access_key=b\naws_session_token=t\n"
        "[same]\naws_access_key_id = ONE\naws_secret_access_key = s3/c+r=et%\n"
    )
    assert read_credentials(str(file)) == {"ONE": Secret("s3/c+r=et%"), "TWO": Secret("b", b"t")}


NO_KEYS = "holds no keys: a profile has aws_access_key_id and aws_secret_access_key"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", f" {NO_KEYS}"),
        (b"[default]\nregion = us-east-1\n", f" {NO_KEYS}"),
        (b"[default]\naws_access_key_id = ONE\n", ": profile default lacks aws_secret_access_key"),
        (b"[default]\naws_secret_access_key = hush\n", ": profile default lacks aws_access_key_id"),
        (
            b"[a]\naws_access_key_id = ONE\naws_secret_access_key = hush\n"
            b"[b]\naws_access_key_id = ONE\naws_secret_access_key = hush hush\n",
            ": two profiles give ONE different secrets",
        ),
        (b"aws_secret_access_key = hush\n", " is malformed at line 1"),
        (b"[default]\naws_access_key_id = ONE\nhush\n", " is malformed at line 3"),
        (b"[default]\nhush = 1\nhush = 2\n", " is malformed at line 3"),
        (b"[hush]\na = 1\n[hush]\na = 1\n", " is malformed at line 3"),
        (b"[default]\naws_secret_access_key = \xff\n", " is malformed"),
    ],
)
def test_a_file_that_will_not_do_is_refused_in_a_sentence(file: Path, text: bytes, said: str) -> None:
    file.write_bytes(text)
    with pytest.raises(CredentialsRefused) as refused:
        read_credentials(str(file))
    assert str(refused.value) == f"credentials file {file}{said}"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_a_file_that_others_can_open_is_refused(file: Path, mode: int) -> None:
    file.write_text("[default]\naws_access_key_id = ONE\naws_secret_access_key = hush\n")
    file.chmod(mode)
    with pytest.raises(CredentialsRefused) as refused:
        read_credentials(str(file))
    assert str(refused.value) == f"credentials file {file} is open to other users: chmod 600 {file}"


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CredentialsRefused) as refused:
        read_credentials(str(tmp_path / "none"))
    assert str(refused.value) == f"credentials file {tmp_path}/none can't be read: No such file or directory"
