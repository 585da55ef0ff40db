"""A decider and a worker of ours against a local SWF full of faults: every execution still comes to its right end."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import pyflow
from pyflow.local.operations import ask
from pyflow.swf.boto import client as client_of
from pyflow.swf.faults import code_of, is_transient
from pyflow.testing.local import LocalSWF, local_swf

PARCELS = range(4)
PATIENCE = 60  # seconds; a test that takes as long has failed
SHORT = {"start_to_close_timeout": 2, "schedule_to_start_timeout": 20, "heartbeat_timeout": 2}


class Depot:
    """What activities have an effect on. Each effect has a key of its own: doing it again changes nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.charged: dict[int, int] = {}
        self.labels: dict[int, str] = {}
        self.sent: dict[int, str] = {}

    def keep(self, book: dict[int, Any], number: int, value: Any) -> Any:
        with self._lock:
            return book.setdefault(number, value)

    def activities(self) -> list[Any]:
        @pyflow.activity(**SHORT)
        def charge(number: int, price: int) -> int:
            return int(self.keep(self.charged, number, number * price))

        @pyflow.activity(**SHORT)
        def label(number: int) -> str:
            return str(self.keep(self.labels, number, f"parcel {number}"))

        @pyflow.activity(**SHORT)
        def send(number: int, text: str) -> str:
            return str(self.keep(self.sent, number, f"{text} is on its way"))

        return [charge, label, send]


class Parcel(pyflow.Workflow):
    """Two steps side by side, a timer, a third step. A step that was not answered in time is taken again."""

    NAME = "Parcel"
    OPTIONS = {"defaultTaskStartToCloseTimeout": 2, "defaultExecutionStartToCloseTimeout": 600}

    charge = pyflow.ActivityDescriptor("charge", "1.0", task_list="depot")
    label = pyflow.ActivityDescriptor("label", "1.0", task_list="depot")
    send = pyflow.ActivityDescriptor("send", "1.0", task_list="depot")

    def run(self, number: int) -> dict[str, Any]:
        charging = self.charge(number=number, price=7)
        labeling = self.label(number)
        self.swf.wait_for_any(charging, labeling)
        text = self.sure(labeling, lambda: self.label(number))
        self.swf.sleep(1)
        total = self.sure(charging, lambda: self.charge(number=number, price=7))
        news = self.sure(self.send(number=number, text=text), lambda: self.send(number=number, text=text))
        return {"number": number, "total": total, "news": news}

    def sure(self, future: Any, again: Any) -> Any:
        while True:
            try:
                return future.result()
            except pyflow.InvocationTimedOutException:
                future = again()


class House:
    """A local SWF with chaos, and ways to ask it that meet no faults."""

    def __init__(self, swf: LocalSWF, lines: list[str]) -> None:
        self.swf = swf
        self.lines = lines
        self.client = client_of(endpoint_url=swf.endpoint_url)

    def surely(self, call: Any, *enough: str) -> None:
        """Make a call until it has succeeded, or failed in a way that says as much."""
        while True:
            try:
                call()
                return
            except Exception as error:
                if code_of(error) in enough:
                    return
                if not is_transient(error):
                    raise

    def start(self, number: int) -> None:
        self.surely(
            lambda: pyflow.start_workflow(
                self.swf.domain,
                "Parcel",
                "1.0",
                "deciders",
                input=json.dumps(number),
                client=self.client,
                workflow_id=f"parcel-{number}",
            ),
            "WorkflowExecutionAlreadyStartedFault",
        )

    def signal(self, number: int) -> None:
        self.surely(
            lambda: self.client.signal_workflow_execution(
                domain=self.swf.domain, workflowId=f"parcel-{number}", signalName="hurry"
            ),
            "UnknownResourceFault",
        )

    def open(self) -> int:
        request = {"domain": self.swf.domain, "startTimeFilter": {"oldestDate": 0}}
        answer = self.swf.do(lambda service: ask(service, "CountOpenWorkflowExecutions", request))
        return int(answer["count"])

    def endings(self) -> dict[str, list[Any]]:
        """Workflow id -> how each run of it ended: the type and attributes of its last event."""
        request = {"domain": self.swf.domain, "startTimeFilter": {"oldestDate": 0}}
        closed = self.swf.do(lambda service: ask(service, "ListClosedWorkflowExecutions", request))
        endings: dict[str, list[Any]] = {}
        for info in closed["executionInfos"]:
            newest = {
                "domain": self.swf.domain,
                "execution": info["execution"],
                "reverseOrder": True,
                "maximumPageSize": 1,
            }
            page = self.swf.do(lambda service, r=newest: ask(service, "GetWorkflowExecutionHistory", r))
            (event,) = json.loads(page)["events"]
            attributes = event.get("workflowExecutionCompletedEventAttributes", {})
            endings.setdefault(info["execution"]["workflowId"], []).append(
                (event["eventType"], json.loads(attributes.get("result", "null")))
            )
        return endings

    def faults(self) -> Counter[str]:
        """How often each fault was carried out."""
        return Counter(line.rpartition(" ")[2] for line in self.lines[1:])


@pytest.fixture
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    lines: list[str] = []

    class Listing(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    handler = Listing()
    logging.getLogger("pyflow.local").addHandler(handler)
    with local_swf(clock="real", chaos=request.param, poll_seconds=0.5) as swf:
        yield House(swf, lines)
    logging.getLogger("pyflow.local").removeHandler(handler)


@pytest.mark.parametrize("house", ["1", "2", "3"], indirect=True)
def test_every_execution_completes_whatever_goes_wrong(house: House) -> None:
    depot = Depot()
    decider = pyflow.Decider(
        [Parcel], house.swf.domain, "deciders", "decider", endpoint_url=house.swf.endpoint_url
    )
    decider.ensure_workflows_registered()
    worker = pyflow.ActivityWorker(
        house.swf.domain,
        "depot",
        depot.activities(),
        concurrency=4,
        endpoint_url=house.swf.endpoint_url,
    )
    until = time.monotonic() + PATIENCE
    with worker, ThreadPoolExecutor(4) as outside:
        list(outside.map(house.start, PARCELS))
        signals = [outside.submit(house.signal, number) for number in PARCELS for _ in range(3)]
        while house.open():
            assert time.monotonic() < until, house.lines
            decider.run(max_time=1)
        for signal in signals:
            signal.result()

    assert house.endings() == {
        f"parcel-{number}": [
            (
                "WorkflowExecutionCompleted",
                {"number": number, "total": number * 7, "news": f"parcel {number} is on its way"},
            )
        ]
        for number in PARCELS
    }
    assert depot.charged == {number: number * 7 for number in PARCELS}
    assert depot.labels == {number: f"parcel {number}" for number in PARCELS}
    assert depot.sent == {number: f"parcel {number} is on its way" for number in PARCELS}
    assert house.faults(), "no fault was carried out: this has shown nothing"
