"""The pages of docs/: what their snippets define, and their listings of what SWF records beside what it does record."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

from pyflow.history.event import attributes_key

DOCUMENTS = Path(__file__).resolve().parents[3] / "docs"
HEADING = "## What SWF records"
IDS = ("activityId", "id", "timerId", "workflowId", "markerName", "signalName")
ORIGINS = ("scheduledEventId", "initiatedEventId")
SAID = (
    "executionContext",
    "timeoutType",
    "startToFireTimeout",
    "cause",
    "reason",
    "details",
    "input",
    "result",
    "control",
)
"""What a listing says of an event besides its ids, or those of the event that it answers; `input` of signals and new
runs alone, `control` where a page asks, `executionContext` where it parks the run."""


def names_of(document: str) -> dict[str, object]:
    """What the Python snippets of a document define, run one after another."""
    path = DOCUMENTS / document
    module = sys.modules[document] = ModuleType(document)  # where dataclasses look their names up
    for snippet in re.findall(r"^```python\n(.*?)^```$", path.read_text(), re.MULTILINE | re.DOTALL):
        exec(compile(snippet, str(path), "exec", dont_inherit=True), vars(module))
    return vars(module)


def shown(document: str, *, listing: int = 0) -> list[str]:
    """The lines of a listing under "What SWF records"."""
    section = (DOCUMENTS / document).read_text().partition(f"\n{HEADING}\n")[2]
    blocks = re.findall(r"^```(\w*)\n(.*?)\n```$", section, re.MULTILINE | re.DOTALL)
    return [text for language, text in blocks if not language][listing].split("\n")


def recorded(events, document: str, *, listing: int = 0, control: bool = False) -> list[str]:
    """A history as the document lists it: the events from the first shown to the last, `…` where it leaves some out.

    control: whether the places in the code are told.
    """
    by_id = {event["eventId"]: event for event in events}
    lines: list[str] = []
    for line in shown(document, listing=listing):
        if line.strip() == "…":
            lines.append(line)
            continue
        number = int(line.split()[0])
        if lines and lines[-1].strip() != "…":
            number = int(lines[-1].split()[0]) + 1
        lines.append(told(by_id[number], by_id, control=control))
    return lines


def told(event, by_id, *, control: bool = False) -> str:
    """One event: its number, its type and what makes it that one, as `17 TimerStarted sleep1 30`."""
    kind, said = event["eventType"], attributes_of(event)
    ids = ids_of(said) or [
        word for key in ORIGINS if key in said for word in ids_of(attributes_of(by_id[said[key]]))
    ]
    left_out = set() if control else {"control"}
    if "Signal" not in kind and kind not in ("WorkflowExecutionStarted", "WorkflowExecutionContinuedAsNew"):
        left_out.add("input")
    if '"void"' not in said.get("executionContext", ""):
        left_out.add("executionContext")
    words = [str(said[key]) for key in SAID if key in said and key not in left_out]
    return " ".join([f"{event['eventId']:3} {kind}", *ids, *words])


def ids_of(said) -> list[str]:
    """What an event calls what it is about."""
    return [str(said[key]) for key in IDS if key in said]


def attributes_of(event):
    """An event's attributes; whose execution it is about is its `workflowId`."""
    said = dict(event.get(attributes_key(event["eventType"]), {}))
    for key in ("workflowExecution", "externalWorkflowExecution"):
        if key in said:
            said["workflowId"] = said[key]["workflowId"]
    return {key: unique(value) for key, value in said.items()}


def unique(value):
    """Without what is another in every run: digits of a child's id, a nonce and a signature, a traceback, a path."""
    if not isinstance(value, str):
        return value
    value = re.sub(r"\n.*", " …", value, flags=re.DOTALL)
    value = re.sub(r"-[0-9a-f]{16}\b", "-…", value)
    value = re.sub(r"\S*/(?=\w+\.md:\d)", "", value)
    value = re.sub(r"^(pyflow\.operator\.).+", r"\1…", value)
    return re.sub(r'"(nonce|mac)":"[^"]*"', r'"\1":"…"', value)
