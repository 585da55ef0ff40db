"""Fixtures of the tests of the local SWF's HTTP shell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from local.direct import Direct

from pyflow.testing.local import LocalSWF, local_swf


@pytest.fixture(scope="module")
def swf() -> Iterator[LocalSWF]:
    """A server as it is without options."""
    with local_swf(domain="shop") as running:
        yield running


@pytest.fixture
def direct() -> Direct:
    """A service without HTTP, whose clock stands still."""
    return Direct()
