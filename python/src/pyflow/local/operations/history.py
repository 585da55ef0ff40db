"""GetWorkflowExecutionHistory: stored texts, spliced."""

from __future__ import annotations

from pyflow.local.engine.messages import Execution
from pyflow.local.engine.records import Request
from pyflow.local.operations.paging import event_page, size
from pyflow.local.service.service import Answer, Service
from pyflow.local.storage.rows import encode


def get(service: Service, request: Request, now: int) -> Answer:
    """GetWorkflowExecutionHistory."""
    domain, document = request["domain"], request["execution"]
    execution = Execution(document["workflowId"], document["runId"])
    key = service.runs.find_row(domain, execution, service.retention(domain), now).key
    service.admit("GetWorkflowExecutionHistory", key)
    newest = service.store.last_event(key)
    reverse = bool(request.get("reverseOrder"))
    begin = service.tokens.read_page("GetWorkflowExecutionHistory", request, now)
    if begin is None:
        begin = newest if reverse else 1
    span = (1, begin) if reverse else (begin, newest)
    texts, following = event_page(service, key, span, reverse, size(request))
    if following is None:
        return spliced({}, texts)
    token = service.tokens.page("GetWorkflowExecutionHistory", request, following, now)
    return spliced({"nextPageToken": token}, texts)


def spliced(document: dict[str, object], texts: list[str]) -> str:
    """The JSON text of a document with these events in it."""
    rest = encode(document)[1:]
    return f'{{"events":[{",".join(texts)}]{"," if document else ""}{rest}'
