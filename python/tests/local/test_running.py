"""The service on a loop: commits that are shared, commits that fail, polls that are held."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from local.direct import ORDER, Direct

from pyflow.local.lambdas.outcome import Functions
from pyflow.local.running.running import Running
from pyflow.local.storage.store import Store
from pyflow.local.wire.wire import Call

SHOP = {"domain": "shop"}


def on_loop(
    swf: Direct, story: Callable[[Running], Awaitable[None]], functions: Functions | None = None
) -> None:
    """Run a story with the service on a loop."""

    async def run() -> None:
        running = Running(swf.service, functions, poll_seconds=30, ticks=False)
        await story(running)
        await running.stop()

    asyncio.run(run())


def start(running: Running, workflow_id: str) -> Awaitable[object]:
    request = {**SHOP, "workflowId": workflow_id, "workflowType": ORDER}
    return running.call(Call("StartWorkflowExecution", request), lambda: True, [])


def poll(running: Running, alive: Callable[[], bool], gone: list[Callable[[], None]]) -> asyncio.Task[Any]:
    request = {**SHOP, "taskList": {"name": "deciders"}}
    return asyncio.ensure_future(running.call(Call("PollForDecisionTask", request), alive, gone))


def count_commits(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """A list that grows by one for each commit."""
    commits: list[None] = []
    commit = Store.commit

    def counted(self: Store) -> None:
        commits.append(None)
        commit(self)

    monkeypatch.setattr(Store, "commit", counted)
    return commits


def test_requests_of_one_turn_share_a_commit(swf: Direct, monkeypatch: pytest.MonkeyPatch) -> None:
    commits = count_commits(monkeypatch)

    async def story(running: Running) -> None:
        async def arrived(workflow_id: str) -> object:
            running.arrivals.count -= 1
            return await start(running, workflow_id)

        running.arrivals.count = 5
        await asyncio.gather(*(arrived(f"o{number}") for number in range(5)))
        assert len(commits) == 1

    on_loop(swf, story)
    assert len(swf.executions()) == 5


def test_a_request_that_is_alone_does_not_wait_for_others(swf: Direct) -> None:
    async def story(running: Running) -> None:
        call = start(running, "o1").__await__()  # type: ignore[attr-defined]
        with pytest.raises(StopIteration):
            next(call)

    on_loop(swf, story)


def test_a_request_does_not_wait_for_one_that_never_comes(swf: Direct) -> None:
    async def story(running: Running) -> None:
        running.arrivals.count = 1
        await start(running, "o1")

    on_loop(swf, story)


def test_a_client_that_is_gone_before_its_poll_waits_is_not_waited_for(swf: Direct) -> None:
    async def story(running: Running) -> None:
        answer = await poll(running, lambda: False, [])
        assert answer == {"previousStartedEventId": 0, "startedEventId": 0}
        assert len(swf.service.task_list("decision", "shop", "deciders").polls) == 0

    on_loop(swf, story)


def test_a_client_that_goes_while_its_poll_waits_is_given_nothing(swf: Direct) -> None:
    async def story(running: Running) -> None:
        there, gone = [True], []
        waiting = poll(running, lambda: bool(there), gone)
        await asyncio.sleep(0)
        there.clear()
        await start(running, "o1")
        for tell in gone:
            tell()
        assert await waiting == {"previousStartedEventId": 0, "startedEventId": 0}

    on_loop(swf, story)
    assert swf.poll()["startedEventId"] == 3


def test_an_end_answers_what_waits_and_holds_nothing_more(swf: Direct) -> None:
    async def story(running: Running) -> None:
        waiting = poll(running, lambda: True, [])
        await asyncio.sleep(0)
        await running.stop()
        assert await waiting == {"previousStartedEventId": 0, "startedEventId": 0}
        assert await poll(running, lambda: True, []) == {"previousStartedEventId": 0, "startedEventId": 0}

    on_loop(swf, story)
