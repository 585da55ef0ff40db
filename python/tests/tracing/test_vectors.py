"""Every vector of traces' ids and contexts."""

from __future__ import annotations

from typing import Any

import pytest
from codec.notation import name_of, vectors

from pyflow.tracing.headers import place, read_traceparent, write_traceparent
from pyflow.tracing.ids import run_span_id, span_id, span_id_of, trace_id, trace_id_of


@pytest.mark.parametrize("vector", vectors("tracing", "ids"), ids=name_of)
def test_an_id(vector: Any) -> None:
    if "digest" in vector:
        digest = bytes.fromhex(vector["digest"])
        assert (trace_id_of(digest), span_id_of(digest)) == (vector["trace_id"], vector["span_id"])
    elif "trace_id" in vector:
        assert trace_id(vector["domain"], vector["workflow_id"], vector["run_id"]) == vector["trace_id"]
    else:
        found = span_id(vector["run_id"], vector["activity_id"], vector["started_event_id"])
        assert found == vector["span_id"]


@pytest.mark.parametrize("vector", vectors("tracing", "context"), ids=name_of)
def test_what_the_span_of_an_activity_hangs_on(vector: Any) -> None:
    found = place(vector["domain"], vector["workflow_id"], vector["run_id"], vector["headers"])
    link = None if found.link is None else {"trace_id": found.link.trace_id, "span_id": found.link.span_id}
    assert (found.trace_id, found.parent_span_id) == (vector["trace_id"], vector["parent_span_id"])
    assert (found.sampled, link) == (vector["sampled"], vector["link"])


def test_the_runs_own_span_is_that_of_its_first_event() -> None:
    assert run_span_id("run-1") == span_id("run-1", "", 1)


@pytest.mark.parametrize("flags", ["00", "01"])
def test_a_traceparent_is_written_as_it_is_read(flags: str) -> None:
    text = f"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-{flags}"
    span = read_traceparent(text)
    assert span is not None
    assert write_traceparent(span) == text
