"""Fixtures of the local SWF's tests."""

from __future__ import annotations

import pytest
from local.direct import Direct


@pytest.fixture
def swf() -> Direct:
    """A service in memory whose clock stands still."""
    return Direct()
