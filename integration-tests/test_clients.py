"""Real clients against the local SWF: each plays the same session, and every answer is what the session says."""

from __future__ import annotations

from typing import Any

import pytest
import session
from client_processes import LINES, ROOT, calling
from servers import Server

SESSION = session.read("clients")["every client"]


@pytest.mark.parametrize("client", LINES)
def test_the_client_plays_the_whole_session(local_swf: Server, client: str) -> None:
    for needed in LINES[client].get("needs", ()):
        if not (ROOT / needed).exists():
            pytest.skip(f"there is no {needed}: {LINES[client]['build']}")
    kept = {"domain": f"session-of-{client}"}
    with calling(client, local_swf.endpoint) as call:
        for exchange in session.play(SESSION, call, kept):
            code = None if exchange.fault is None else exchange.fault.code
            assert code == exchange.step.get("fault"), f"{exchange.operation}: {exchange.fault}"
            assert_gives(
                exchange.answer, session.filled(exchange.step.get("gives", {}), kept), exchange.operation
            )


def test_the_session_uses_every_operation_that_the_ruby_client_has() -> None:
    assert set(LINES["ruby"]["operations"]) <= {step["do"] for step in SESSION}


def assert_gives(found: Any, given: Any, place: str) -> None:
    """What is given is there: dicts may hold more, lists may not."""
    if isinstance(given, dict) and given:
        for name, item in given.items():
            assert name in found, f"{place} has no {name}"
            assert_gives(found[name], item, f"{place} {name}")
    elif isinstance(given, list):
        assert len(found) == len(given), f"{place}: {found}"
        for number, item in enumerate(given):
            assert_gives(found[number], item, f"{place} {number}")
    elif given != {}:
        assert found == given, place
