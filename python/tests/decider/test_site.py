"""Where in the code a decision was asked for, as people read it."""

from __future__ import annotations

import sys

from pyflow.decider.site import relative


def test_a_file_is_named_from_where_python_found_it(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", ["/opt/shop", "/opt/shop/lib", ""])
    relative.cache_clear()
    assert relative("/opt/shop/orders/order.py") == "orders/order.py"
    assert relative("/opt/shop/lib/order.py") == "order.py"
    assert relative("/elsewhere/order.py") == "order.py"
    monkeypatch.chdir(tmp_path)
    relative.cache_clear()
    assert relative(str(tmp_path / "flows" / "order.py")) == "flows/order.py"
    relative.cache_clear()
