"""The floor: a server that does no more than HTTP and answers SWF's operations with canned bodies, to the same client.

What an asyncio protocol with httptools costs is the least that a server in Python can cost. Its figures on the machine
that the bars were set on are known, so what it costs here says how much slower this machine is: see `yardstick.py`.
Prints `ready URL`, as the local SWF does.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httptools

RUN = {"workflowId": "w1", "runId": "22AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AbCdE="}
ACTIVITY = {"name": "noop", "version": "1"}
TOKEN = "AAAAKgAAAAIAAAAAAAAAAxbJd0F0aGVyIHRva2VuIG9mIGEgdGFzaywgb3BhcXVl"


def event(number: int, kind: str, **attributes: Any) -> dict[str, Any]:
    """An event as SWF writes it."""
    key = f"{kind[0].lower()}{kind[1:]}EventAttributes"
    return {"eventId": number, "eventTimestamp": 1767225600.123, "eventType": kind, key: attributes}


EVENTS = [
    event(
        1,
        "WorkflowExecutionStarted",
        executionStartToCloseTimeout="300",
        taskStartToCloseTimeout="30",
        childPolicy="TERMINATE",
        taskList={"name": "deciders"},
        workflowType={"name": "one", "version": "1"},
        parentInitiatedEventId=0,
    ),
    event(2, "DecisionTaskScheduled", taskList={"name": "deciders"}, startToCloseTimeout="30"),
    event(3, "DecisionTaskStarted", scheduledEventId=2),
]
BODIES: dict[bytes, bytes] = {
    name: json.dumps(answer, separators=(",", ":")).encode()
    for name, answer in {
        b"StartWorkflowExecution": {"runId": RUN["runId"]},
        b"PollForDecisionTask": {
            "taskToken": TOKEN,
            "startedEventId": 3,
            "previousStartedEventId": 0,
            "workflowExecution": RUN,
            "workflowType": {"name": "one", "version": "1"},
            "events": EVENTS,
        },
        b"PollForActivityTask": {
            "taskToken": TOKEN,
            "activityId": "a",
            "startedEventId": 6,
            "workflowExecution": RUN,
            "activityType": ACTIVITY,
        },
    }.items()
}
"""Operation -> its answer; the others answer nothing."""


class Floor(asyncio.Protocol):
    """One connection: reads requests, writes what is canned."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start serving a client."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._parser = httptools.HttpRequestParser(self)
        self._operation = b""

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Only the target counts."""
        if name.lower() == b"x-amz-target":
            self._operation = value.rpartition(b".")[2]

    def on_message_complete(self) -> None:
        """A request is there, whole."""
        body = BODIES.get(self._operation, b"")
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: %d\r\n\r\n"
        self._transport.write(head % len(body) + body)


async def main() -> None:
    """Serves until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Floor, "127.0.0.1", 0)
    print(f"ready http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
