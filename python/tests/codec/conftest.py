"""What several tests of codings need."""

from __future__ import annotations

import pytest

from pyflow.codec.codings import json_orjson


@pytest.fixture(params=["json", "orjson"])
def json_library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The test once as it is without orjson, and once with it."""
    name: str = request.param
    if name == "json":
        monkeypatch.setattr(json_orjson, "read", None)
        monkeypatch.setattr(json_orjson, "vouches", None)
    else:
        assert json_orjson.read is not None, "the extra `test` installs orjson"
        monkeypatch.setattr(json_orjson, "SMALL", -1)
    return name
