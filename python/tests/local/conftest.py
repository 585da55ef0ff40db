"""Fixtures of the local SWF's tests."""

from __future__ import annotations

import pytest
from local.direct import Direct


@pytest.fixture
def swf(monkeypatch: pytest.MonkeyPatch) -> Direct:
    """A service in memory whose clock stands still."""
    direct = Direct()
    direct.monkeypatch = monkeypatch
    return direct
