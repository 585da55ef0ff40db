"""A server that plays SWF to a decider, one run at a time: every activity is done at once, by nobody.

What a decider's process uses beside it is all its own. A task goes to the task list that the last answer named, else to
the one that the decider's types name, `d`. An input `cold N` is a run whose N activities were already done.
Prints `ready URL`, as the local SWF does.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from datetime import datetime
from typing import Any

from json_server import Unknown, serve
from played import CLOSES, Play, activities

SHARED = "d"
HOLD = 60.0
"""Seconds that an empty poll is held."""

PAGE = 1000


class Scripted:
    """The runs and the polls that wait."""

    def __init__(self) -> None:
        self._runs: dict[str, Play] = {}
        self._texts: dict[str, list[str]] = defaultdict(list)
        self._tasks: dict[str, deque[str]] = defaultdict(deque)
        self._polls: dict[str, deque[tuple[asyncio.Future[str], dict[str, Any]]]] = defaultdict(deque)

    async def answer(self, operation: str, request: dict[str, Any]) -> str:
        """The body of the answer. Raises Unknown."""
        if operation == "PollForDecisionTask":
            return await self._poll(request)
        if operation == "RespondDecisionTaskCompleted":
            return self._respond(request)
        if operation == "GetWorkflowExecutionHistory":
            name = request["execution"]["workflowId"]
            return "{" + self._page(name, request, 1, len(self._runs[name].events)) + "}"
        if operation == "StartWorkflowExecution":
            return self._start(request)
        if operation == "DescribeWorkflowExecution":
            return json.dumps({"executionInfo": self._info(request["execution"]["workflowId"])})
        return ""

    def _start(self, request: dict[str, Any]) -> str:
        name, (*cold, count) = request["workflowId"], request["input"].split()
        self._runs[name] = activities(int(count), count, schedule) if cold else Play(count)
        self._offer(name, SHARED)
        return '{"runId":"r"}'

    def _info(self, name: str) -> dict[str, Any]:
        play = self._runs[name]
        if play.closed is None:
            return {"executionStatus": "OPEN"}
        count = int(play.argument)
        wanted = [("ScheduleActivityTask", f"activity{n}") for n in range(1, count + 1)]
        result = play.closed.get("completeWorkflowExecutionDecisionAttributes", {}).get("result")
        good = play.asked()[:-1] == wanted and result == str(count)
        return {"executionStatus": "CLOSED", "closeStatus": "COMPLETED" if good else "FAILED"}

    def _offer(self, name: str, task_list: str) -> None:
        polls = self._polls[task_list]
        while polls:
            poll, _ = polls.popleft()
            if not poll.done():
                poll.set_result(name)
                return
        self._tasks[task_list].append(name)

    async def _poll(self, request: dict[str, Any]) -> str:
        token = request.get("nextPageToken")
        if token:
            return self._task(token.partition("|")[0], request)
        task_list = request["taskList"]["name"]
        if self._tasks[task_list]:
            return self._task(self._tasks[task_list].popleft(), request)
        poll: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._polls[task_list].append((poll, request))
        try:
            return self._task(await asyncio.wait_for(poll, HOLD), request)
        except asyncio.TimeoutError:
            return '{"startedEventId":0,"previousStartedEventId":0}'

    def _task(self, name: str, request: dict[str, Any]) -> str:
        play = self._runs[name]
        started, previous = play.starts[-1], play.starts[-2] if len(play.starts) > 1 else 0
        first = max(1, previous) if request.get("startAtPreviousStartedEvent") else 1
        head = {
            "taskToken": f"{name}|{started}",
            "workflowExecution": {"workflowId": name, "runId": "r"},
            "workflowType": play.workflow_type,
            "startedEventId": started,
            "previousStartedEventId": previous,
        }
        return json.dumps(head)[:-1] + "," + self._page(name, request, first, started) + "}"

    def _page(self, name: str, request: dict[str, Any], first: int, last: int) -> str:
        texts, events = self._texts[name], self._runs[name].events
        texts.extend(json.dumps(event, default=datetime.timestamp) for event in events[len(texts) :])
        size = request.get("maximumPageSize", PAGE)
        offset = int(request.get("nextPageToken", "|0").partition("|")[2])
        found = texts[first - 1 : last]
        if request.get("reverseOrder"):
            found.reverse()
        page = '"events":[' + ",".join(found[offset : offset + size]) + "]"
        more = offset + size < len(found)
        return page + (f',"nextPageToken":"{name}|{offset + size}"' if more else "")

    def _respond(self, request: dict[str, Any]) -> str:
        name, _, started = request["taskToken"].partition("|")
        play = self._runs[name]
        if play.closed is not None or started != str(play.starts[-1]):
            raise Unknown(f"no decision task {request['taskToken']} is open")
        play.answer(request.get("decisions", []), request.get("executionContext"))
        if not any(decision["decisionType"] in CLOSES for decision in request.get("decisions", [])):
            self._offer(name, request.get("taskList", {}).get("name", SHARED))
        return ""


def schedule(number: int, result: str) -> dict[str, Any]:
    """What a decider of ours would have asked for."""
    own = {"activityId": f"activity{number}", "activityType": {"name": "add_one", "version": "1"}}
    return {**own, "input": result}


if __name__ == "__main__":
    asyncio.run(serve(Scripted()))
