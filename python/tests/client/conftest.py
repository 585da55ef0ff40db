"""A house for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from client.house import House

from pyflow.testing import local_service


@pytest.fixture
def house() -> Iterator[House]:
    with local_service() as swf:
        yield House(swf)
