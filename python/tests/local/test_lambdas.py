"""Lambda tasks: the service as their worker, with functions that a test answers for."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from local.direct import ORDER, START, WORKFLOW_DEFAULTS, Direct, function

from pyflow.local.engine.fault import Fault
from pyflow.local.lambdas import HostingError
from pyflow.local.lambdas.outcome import Completed, Failed, TimedOut
from pyflow.local.running.running import Running
from pyflow.local.service.clock import DrivenClock
from pyflow.local.service.driving import advance
from pyflow.local.wire.wire import Call
from pyflow.testing.local import local_swf

MEMBER = "scheduleLambdaFunctionDecisionAttributes"
ROLE = "arn:aws:iam::123456789012:role/r"
Outcome = Completed | Failed | TimedOut


class Answering:
    """Functions whose outcome the test gives; `calls` are those that were made."""

    def __init__(self) -> None:
        self.calls: asyncio.Queue[tuple[str, str, float]] = asyncio.Queue()
        self.outcomes: asyncio.Queue[Outcome] = asyncio.Queue()
        self.closed = False

    async def invoke(self, name: str, payload: str, seconds: float) -> Outcome:
        self.calls.put_nowait((name, payload, seconds))
        return await self.outcomes.get()

    async def close(self) -> None:
        self.closed = True


def story(swf: Direct, tell: Callable[[Running, Answering], object]) -> Answering:
    """Run a service on a loop with functions that the story answers for."""

    async def run() -> Answering:
        functions = Answering()
        running = Running(swf.service, functions, ticks=False)
        await tell(running, functions)
        await running.stop()
        return functions

    return asyncio.run(run())


async def call(running: Running, operation: str, **request: object) -> dict[str, object]:
    """One call of a client that stays."""
    answer = await running.call(Call(operation, {"domain": "shop", **request}), lambda: True, [])
    return answer if isinstance(answer, dict) else {}


def scheduled(swf: Direct, role: str | None = ROLE, **members: str) -> None:
    """A run whose decider schedules the function price, before the loop runs."""
    swf.start(**({} if role is None else {"lambdaRole": role}))
    swf.decide(function(**members))


@pytest.mark.parametrize(
    ("outcome", "event_type", "expected"),
    [
        (Completed('"9.50"'), "LambdaFunctionCompleted", {"result": '"9.50"'}),
        (
            Failed("UnhandledError", '{"errorType":"ValueError"}'),
            "LambdaFunctionFailed",
            {"reason": "UnhandledError", "details": '{"errorType":"ValueError"}'},
        ),
        (TimedOut(), "LambdaFunctionTimedOut", {"timeoutType": "START_TO_CLOSE"}),
    ],
)
def test_a_function_is_called_and_what_came_of_it_recorded(
    swf: Direct, outcome: Outcome, event_type: str, expected: dict[str, str]
) -> None:
    scheduled(swf, input='{"n":1}', startToCloseTimeout="20", control="c")

    async def tell(running: Running, functions: Answering) -> None:
        assert await functions.calls.get() == ("price", '{"n":1}', 20.0)
        poll = asyncio.ensure_future(
            running.call(
                Call("PollForDecisionTask", {"domain": "shop", "taskList": {"name": "deciders"}}),
                lambda: True,
                [],
            )
        )
        functions.outcomes.put_nowait(outcome)
        await poll

    assert story(swf, tell).closed
    assert swf.types(start=5) == [
        "LambdaFunctionScheduled",
        "LambdaFunctionStarted",
        event_type,
        "DecisionTaskScheduled",
        "DecisionTaskStarted",
    ]
    assert swf.last("LambdaFunctionScheduled") == {
        "id": "l1",
        "name": "price",
        "input": '{"n":1}',
        "control": "c",
        "startToCloseTimeout": "20",
        "decisionTaskCompletedEventId": 4,
    }
    assert swf.last(event_type) == {**expected, "scheduledEventId": 5, "startedEventId": 6}


def test_what_is_not_said_is_an_empty_object_and_fifteen_minutes(swf: Direct) -> None:
    scheduled(swf)

    async def tell(running: Running, functions: Answering) -> None:
        assert await functions.calls.get() == ("price", "{}", 900.0)

    story(swf, tell)
    assert swf.describe()["openCounts"]["openLambdaFunctions"] == 1


def test_a_function_that_takes_too_long_is_timed_out_by_the_clock(swf: Direct) -> None:
    scheduled(swf, startToCloseTimeout="7")

    async def tell(running: Running, functions: Answering) -> None:
        await functions.calls.get()
        running.do(lambda service: advance(service, swf.clock, 7000))
        functions.outcomes.put_nowait(Completed("too late"))
        await call(running, "PollForDecisionTask", taskList={"name": "deciders"})

    story(swf, tell)
    assert swf.last("LambdaFunctionTimedOut")["timeoutType"] == "START_TO_CLOSE"
    assert "LambdaFunctionCompleted" not in swf.types()


def test_without_a_role_nothing_is_called(swf: Direct) -> None:
    scheduled(swf, role=None)

    async def tell(running: Running, functions: Answering) -> None:
        await call(running, "PollForDecisionTask", taskList={"name": "deciders"})
        assert functions.calls.empty()

    story(swf, tell)
    assert swf.types(start=5)[:2] == ["LambdaFunctionScheduled", "StartLambdaFunctionFailed"]
    assert swf.last("StartLambdaFunctionFailed") == {
        "scheduledEventId": 5,
        "cause": "ASSUME_ROLE_FAILED",
        "message": "No IAM role is attached to the current workflow execution.",
    }


def test_a_call_that_an_end_cut_off_is_made_again_by_the_next_server(tmp_path: Path) -> None:
    file = str(tmp_path / "swf.db")
    swf = Direct(file)
    scheduled(swf, startToCloseTimeout="60")

    async def cut_off(running: Running, functions: Answering) -> None:
        await functions.calls.get()

    story(swf, cut_off)
    swf.service.store.close()
    swf = Direct(file, DrivenClock(START + 20_000))

    async def again(running: Running, functions: Answering) -> None:
        assert await functions.calls.get() == ("price", "{}", 40.0)
        functions.outcomes.put_nowait(Completed("1"))
        await call(running, "PollForDecisionTask", taskList={"name": "deciders"})

    story(swf, again)
    assert swf.types().count("LambdaFunctionStarted") == 1
    assert swf.last("LambdaFunctionCompleted")["result"] == "1"


@pytest.mark.parametrize("seconds", ["0", "901"])
def test_a_timeout_that_no_function_can_have_is_refused(swf: Direct, seconds: str) -> None:
    swf.start(lambdaRole=ROLE)
    with pytest.raises(Fault, match="a number of seconds from 1 to 900"):
        swf.decide(function(startToCloseTimeout=seconds))
    assert swf.types()[-1] == "DecisionTaskStarted"


def test_a_server_without_functions_says_how_to_host_one() -> None:
    with local_swf(domain="shop") as swf:
        client = swf.client()
        client.register_workflow_type(domain="shop", **ORDER, **WORKFLOW_DEFAULTS)
        client.start_workflow_execution(domain="shop", workflowId="w", workflowType=ORDER, lambdaRole=ROLE)
        task = client.poll_for_decision_task(domain="shop", taskList={"name": "deciders"})
        client.respond_decision_task_completed(taskToken=task["taskToken"], decisions=[function()])
        task = client.poll_for_decision_task(domain="shop", taskList={"name": "deciders"})
    failed = task["events"][6]["lambdaFunctionFailedEventAttributes"]
    assert failed["reason"] == "ResourceNotFoundException"
    assert "--lambda NAME=module:function" in failed["details"]


def test_a_hosted_function_runs_in_a_process_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pricing.py").write_text(
        "import os\n"
        "def handler(event, context):\n"
        "    if event['n'] < 0:\n"
        "        raise ValueError('no such price')\n"
        "    return {'price': event['n'] * 2, 'process': os.getpid()}\n"
    )
    monkeypatch.chdir(tmp_path)
    with local_swf(domain="shop", functions={"price": "pricing:handler"}) as swf:
        client = swf.client()
        client.register_workflow_type(domain="shop", **ORDER, **WORKFLOW_DEFAULTS)
        client.start_workflow_execution(domain="shop", workflowId="w", workflowType=ORDER, lambdaRole=ROLE)
        task = client.poll_for_decision_task(domain="shop", taskList={"name": "deciders"})
        batch = [function("ok", input='{"n":21}'), function("bad", input='{"n":-1}'), function("no", "stock")]
        client.respond_decision_task_completed(taskToken=task["taskToken"], decisions=batch)
        closed: dict[str, dict[str, object]] = {}
        while len(closed) < 3:
            task = client.poll_for_decision_task(domain="shop", taskList={"name": "deciders"})
            client.respond_decision_task_completed(taskToken=task["taskToken"])
            for event in task["events"]:
                name = event["eventType"]
                if name in ("LambdaFunctionCompleted", "LambdaFunctionFailed"):
                    members = event[f"l{name[1:]}EventAttributes"]
                    closed[batch[members["scheduledEventId"] - 5][MEMBER]["id"]] = members
    answer = json.loads(str(closed["ok"]["result"]))
    assert answer["price"] == 42
    assert answer["process"] != os.getpid()
    assert closed["bad"]["reason"] == "UnhandledError"
    assert json.loads(str(closed["bad"]["details"]))["errorMessage"] == "no such price"
    assert closed["no"]["reason"] == "ResourceNotFoundException"


def test_a_handler_that_is_none_stops_the_start_and_lets_go_of_the_file(tmp_path: Path) -> None:
    file = str(tmp_path / "swf.db")
    with (
        pytest.raises(HostingError, match="write module:function"),
        local_swf(database=file, functions={"price": "nonsense"}),
    ):
        pass
    with local_swf(database=file):
        pass
