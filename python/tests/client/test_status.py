"""How an execution stands: what the workflow itself says, and whether it is parked."""

from __future__ import annotations

import pytest

import pyflow


def status(house, context):
    run_id = house.open()
    house.decide(context=context)
    found = pyflow.get_workflow_status(house.domain, "w", run_id, house.client)
    return found.state, found.parked, found.parked_since


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ('{"$pyflow":1,"behaviour":1}', (None, None, None)),
        (
            '{"$pyflow":1,"behaviour":1,"state":"{\\"step\\":\\"shipping\\"}"}',
            ({"step": "shipping"}, None, None),
        ),
        (
            '{"$pyflow":1,"void":true,"reason":"no class Order 1.0 here","since":"2026-01-01T00:00:00Z"}',
            (None, "no class Order 1.0 here", "2026-01-01T00:00:00Z"),
        ),
        (
            '{"$pyflow":1,"behaviour":1,"state":"7","void":true,"reason":"R"}',
            (7, "R", None),
        ),
        ('{"$pyflow":1,"void":true}', (None, "no reason was given", None)),
        ('{"$pyflow":1,"state":"no payload"}', (None, None, None)),
        ('{"$pyflow":1,"state":7}', (None, None, None)),
        (
            '{"$pyflow":1,"state":"{\\"$pyflow\\":1,\\"codecs\\":[\\"acme\\"],\\"data\\":\\"\\"}"}',
            (None, None, None),
        ),
        ('{"step": "another framework"}', (None, None, None)),
        ("step 3", (None, None, None)),
        ("[1]", (None, None, None)),
    ],
)
def test_a_status_says_what_the_execution_context_says(house, context, said):
    assert status(house, context) == said


def test_a_run_that_nobody_decided_says_nothing(house):
    run_id = house.open()
    found = pyflow.get_workflow_status(house.domain, "w", run_id, house.client)
    assert (found.execution_status, found.state, found.parked) == ("OPEN", None, None)
