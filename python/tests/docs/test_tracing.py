"""The program of tracing.md, on a local SWF: its spans, and who started it."""

from __future__ import annotations

from docs.pages import names_of
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tracing.spans import links

import pyflow
from pyflow.testing.service import local_service


def test_the_program_of_the_page_makes_one_trace_with_a_link_to_its_caller(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "local")
    names = names_of("tracing.md")
    exporter = InMemorySpanExporter()
    names["provider"].add_span_processor(SimpleSpanProcessor(exporter))
    with local_service(domain="shop") as swf:
        client, tracing = swf.client(), names["tracing"]
        decider = pyflow.Decider([names["Order"]], "shop", "deciders", None, client=client, tracing=tracing)
        decider.ensure_workflows_registered()
        worker = pyflow.ActivityWorker(
            "shop", "cards", [names["charge"]], client=client, interceptors=[tracing.activity]
        )
        worker.ensure_activities_registered()
        run = names["place"]({"total": "9.90"}, client)
        assert decider.step()
        assert worker.step()
        assert decider.step()
        status = pyflow.get_workflow_status("shop", run["workflowId"], run["runId"], client)
    assert status.result == '"charged 9.90"'
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert sorted(spans) == ["POST /orders", "decide Order", "perform charge", "run Order"]
    own = spans["run Order"]
    caller = spans["POST /orders"].context
    assert links(own) == {"started_by": (f"{caller.trace_id:032x}", f"{caller.span_id:016x}")}
    assert spans["perform charge"].parent.span_id == own.context.span_id
    assert {spans[name].context.trace_id for name in ("decide Order", "perform charge")} == {
        own.context.trace_id
    }
