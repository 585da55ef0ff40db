"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from local.conformity import watched


@pytest.fixture(autouse=True, scope="session")
def wrong() -> Iterator[list[AssertionError]]:
    """What the local SWF has written or answered that AWS's model does not allow, in whatever test."""
    with watched() as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_is_wrong(wrong: list[AssertionError]) -> Iterator[None]:
    """Fail a test in which the local SWF broke AWS's model."""
    yield
    found, wrong[:] = list(wrong), []
    assert not found
