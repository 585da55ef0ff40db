"""The local SWF beside moto's server: the same sessions by the same client, and every difference explained."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import session
from client_processes import boto3_call
from known_differences import KNOWN, Known
from peer_difference import Difference, differences
from servers import local, moto

SESSIONS = session.read("peers")
MOTO_LACKS = {
    "CountClosedWorkflowExecutions",
    "CountOpenWorkflowExecutions",
    "DeleteActivityType",
    "DeleteWorkflowType",
    "RequestCancelWorkflowExecution",
    "RespondActivityTaskCanceled",
}

Differences = dict[str, list[Difference]]


@pytest.fixture(scope="module")
def found() -> Iterator[Differences]:
    """The differences of each session, between two servers that have seen nothing else."""
    with local() as ours, moto() as theirs:
        calls = [boto3_call(server.endpoint) for server in (ours, theirs)]

        def compared(name: str) -> Iterator[Difference]:
            domain = name.replace(" ", "-")
            both = [session.play(SESSIONS[name], call, {"domain": domain}) for call in calls]
            for mine, other in zip(*both, strict=True):
                yield from differences(mine, other)

        yield {name: list(compared(name)) for name in SESSIONS}


@pytest.mark.parametrize("name", SESSIONS)
def test_moto_answers_the_same_but_for_what_is_known(found: Differences, name: str) -> None:
    unknown = [each for each in found[name] if not any(known.explains(each) for known in KNOWN)]
    assert unknown == []


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: f"{known.place}-{known.ours}")
def test_what_is_known_still_differs(found: Differences, known: Known) -> None:
    assert any(known.explains(each) for differences in found.values() for each in differences)


def test_the_sessions_use_every_operation_that_moto_has() -> None:
    used = {step["do"] for steps in SESSIONS.values() for step in steps}
    assert used == session.operations() - MOTO_LACKS
