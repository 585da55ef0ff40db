"""Functions in three languages: what each can do to its host is in the history of the run that called it.

By AWS's own runtime clients for Python and Java, and for Node by a loop of a dozen lines; lambda_runtimes/ has all of it.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from deadline import until
from lambda_faults import COMPLETED, FAILED, FAULTS, PID, PRINTS, TIMED_OUT, Case, cases
from local_lambdas.one_function import DOMAIN, ROLE, Story, client_of, story_of
from local_lambdas.readme import rows

import pyflow
from pyflow.testing.processes import Process, local_swf_process

HERE = Path(__file__).parent / "lambda_runtimes"
BUILT = Path(__file__).parents[1] / ".build" / "lambda-runtimes"
PYFLOW = Path(sys.executable).with_name("pyflow")

JAVA = (
    f"java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '{BUILT}/classes:{BUILT}/jars/*' "
    "com.amazonaws.services.lambda.runtime.api.client.AWSLambda "
)
COMMANDS = {
    "python": f"{sys.executable} -m awslambdaric ",
    "java": JAVA,
    "node": "node loop.mjs ",
}
HANDLERS = {  # the function's name, behind that of its runtime, and what each runtime calls its handler
    "": {"python": "faults.handler", "java": "Faults::handle", "node": "faults.mjs handler"},
    "-hurried": {"python": "faults.handler", "java": "Faults::handle", "node": "faults.mjs handler"},
    "-nowhere": {"python": "nowhere.handler", "java": "Nowhere::handle", "node": "nowhere.mjs handler"},
    "-nameless": {"python": "faults.nameless", "java": "Faults::nameless", "node": "faults.mjs nameless"},
    "-broken": {"python": "broken.handler", "java": "Faults", "node": "broken.mjs handler"},
    "-failing": {
        "python": "failing.handler",
        "java": "Faults$Failing::handle",
        "node": "failing.mjs handler",
    },
    "-leaving": {
        "python": "leaving.handler",
        "java": "Faults$Leaving::handle",
        "node": "leaving.mjs handler",
    },
}


@pytest.fixture(scope="module")
def hosting() -> Iterator[tuple[Process, Any, str]]:
    """A local SWF with every function of every runtime that is here, one process each: it, a client, its URL."""
    if not (BUILT / "jars").is_dir():
        pytest.fail(
            "the Lambda runtime client for Java is not here: make --directory integration-tests setup"
        )
    runtimes = [runtime for runtime in COMMANDS if shutil.which(COMMANDS[runtime].split()[0])]
    options = ["--lambda-concurrency=1", "--lambda-memory=400"]
    for runtime in runtimes:
        options.append(f"--lambda-timeout={runtime}-hurried=1")
        for suffix, handlers in HANDLERS.items():
            options.append(f"--lambda-command={runtime}{suffix}={COMMANDS[runtime]}{handlers[runtime]}")
    with local_swf_process("--domain", DOMAIN, *options, cwd=HERE) as (process, url):
        yield process, client_of(url), url


@pytest.fixture
def invoke(hosting: tuple[Process, Any, str]) -> Callable[..., Story]:
    """Has a run call a function; skips where its runtime is not installed."""

    def story(runtime: str, case: Case) -> Story:
        _need(runtime)
        given = case.input if case.input is not None else json.dumps({"do": case.do})
        return story_of(hosting[1], runtime + case.function, given, **dict(case.options))

    return story


def _need(runtime: str) -> None:
    if shutil.which(COMMANDS[runtime].split()[0]) is None:
        pytest.skip(f"{runtime} is not installed here: its functions can't be run")


@pytest.mark.parametrize(
    ("runtime", "case"),
    [
        pytest.param(runtime, case, id=f"{runtime}: {row}: {case.do}{case.function}")
        for row, runtime, case in cases()
    ],
)
def test_what_a_handler_does_is_recorded_and_its_process_goes_on_or_not(
    invoke: Callable[..., Story], runtime: str, case: Case
) -> None:
    before = "" if case.function else invoke(runtime, PID).attributes["result"]
    events, attributes = invoke(runtime, case)
    assert events == ["LambdaFunctionScheduled", "LambdaFunctionStarted", case.event]
    if case.event == COMPLETED:
        assert attributes["result"] == case.told
    elif case.event == TIMED_OUT:
        assert attributes["timeoutType"] == case.told
    else:
        assert attributes["reason"] == "UnhandledError"
        assert json.loads(attributes["details"]).get("errorType", "") == case.told
    if not case.function:
        assert (invoke(runtime, PID).attributes["result"] == before) is case.warm


@pytest.mark.parametrize("runtime", COMMANDS)
def test_what_a_handler_prints_is_told_behind_its_name(
    hosting: tuple[Process, Any, str], invoke: Callable[..., Story], runtime: str
) -> None:
    invoke(runtime, PRINTS)
    lines = {f"[{runtime}] to stdout", f"[{runtime}] to stderr"}
    until(lambda: lines <= set(hosting[0].said().splitlines()), f"{lines} are told")


@pytest.mark.parametrize(
    ("runtime", "stack"), [("python", "stackTrace"), ("java", "stackTrace"), ("node", "trace")]
)
def test_an_error_comes_as_its_runtime_tells_it(
    invoke: Callable[..., Story], runtime: str, stack: str
) -> None:
    document = json.loads(invoke(runtime, Case("raise", FAILED, "")).attributes["details"])
    assert document["errorMessage"] == "no such order"
    assert len(document[stack]) > 0


@pytest.mark.parametrize("runtimes", [("python", "java"), ("java", "node", "python")])
def test_a_workflow_calls_functions_in_every_language(
    hosting: tuple[Process, Any, str], start: Callable[..., Process], runtimes: tuple[str, ...]
) -> None:
    for runtime in runtimes:
        _need(runtime)
    _, swf, url = hosting
    where = ("--domain", DOMAIN, "--endpoint-url", url)
    start("decider", [PYFLOW, "decider", "workflow:Relay", "--task-list", "relays", *where], cwd=HERE)
    run = pyflow.start_workflow(DOMAIN, "Relay", "1", "relays", ROLE, json.dumps(runtimes), swf)

    def closed() -> pyflow.WorkflowStatus | None:
        status = pyflow.get_workflow_status(DOMAIN, run["workflowId"], run["runId"], swf)
        return status if status and status.execution_status == "CLOSED" else None

    status = until(closed, "the relay is closed")
    assert (status.close_status, json.loads(status.result or "")) == ("COMPLETED", list(runtimes))


def test_every_row_of_the_readme_is_here_for_every_runtime() -> None:
    assert list(FAULTS) == rows("What a handler can do to its host")
    assert {row: list(entries) for row, entries in FAULTS.items()} == {row: list(COMMANDS) for row in FAULTS}
