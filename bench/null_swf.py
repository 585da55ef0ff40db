"""A server that plays SWF to activity workers: it hands out numbered tasks that do nothing, and checks each answer.

What a worker's process uses beside it is all its own. The input of a task is its number, and so must its result be.
Two operations are no SWF's: `Offer` hands out so many tasks of a task list and is answered once all are completed;
`AwaitPoll` is answered once a poll for a task list waits. Prints `ready URL`, as the local SWF does.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from typing import Any

from json_server import Unknown, serve

HOLD = 60.0
"""Seconds that an empty poll is held."""

TASK = (
    '{"taskToken":"%s|%d","activityId":"activity%d","startedEventId":6,"input":"%d",'
    '"workflowExecution":{"workflowId":"w1","runId":"22AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AbCdE="},'
    '"activityType":{"name":"nothing","version":"1"}}'
)


class TaskList:
    """The tasks of one list, by number; only the open ones are kept."""

    def __init__(self) -> None:
        self.left, self.number = 0, 0
        self.open: set[int] = set()
        self.polls: deque[asyncio.Future[int]] = deque()
        self.polled, self.done = asyncio.Event(), asyncio.Event()

    def next(self) -> int:
        """The number of the next task."""
        self.left -= 1
        self.number += 1
        self.open.add(self.number)
        return self.number

    def offer(self, count: int) -> None:
        """So many more: polls that wait have theirs at once."""
        self.done.clear()
        self.left += count
        while self.polls and self.left:
            poll = self.polls.popleft()
            if not poll.done():
                poll.set_result(self.next())

    def completed(self, number: int, result: str | None) -> None:
        """Raises Unknown for a task that is not open, or a wrong result."""
        if number not in self.open or result != str(number):
            raise Unknown(f"task {number} is not open, or its result is not {result}")
        self.open.discard(number)
        if not self.open and not self.left:
            self.done.set()


class NullSwf:
    """All task lists."""

    def __init__(self) -> None:
        self._lists: dict[str, TaskList] = defaultdict(TaskList)

    async def answer(self, operation: str, request: dict[str, Any]) -> str:
        """The body of the answer. Raises Unknown."""
        if operation == "PollForActivityTask":
            return await self._poll(request["taskList"]["name"])
        if operation == "RespondActivityTaskCompleted":
            name, _, number = request["taskToken"].partition("|")
            self._lists[name].completed(int(number), request.get("result"))
        elif operation == "Offer":
            tasks = self._lists[request["taskList"]["name"]]
            tasks.offer(request["count"])
            await tasks.done.wait()
        elif operation == "AwaitPoll":
            await self._lists[request["taskList"]["name"]].polled.wait()
        elif operation != "RegisterActivityType":
            raise Unknown(f"{operation} is not answered here")
        return "{}"

    async def _poll(self, name: str) -> str:
        tasks = self._lists[name]
        if tasks.left:
            number = tasks.next()
        else:
            poll: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            tasks.polls.append(poll)
            tasks.polled.set()
            try:
                number = await asyncio.wait_for(poll, HOLD)
            except asyncio.TimeoutError:
                return "{}"
        return TASK % (name, number, number, number)


if __name__ == "__main__":
    asyncio.run(serve(NullSwf()))
