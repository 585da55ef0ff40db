"""A worker that is told to stop in mid-task loses nothing: it drains, or says that it was cut short."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bare_run import BareRun, Task
from deadline import until
from servers import Server
from worker_processes import LANGUAGES, Worker

from pyflow import codec

Launched = Callable[..., Worker]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_worker_told_to_stop_finishes_its_task_and_ends_with_0(
    language: str, local_swf: Server, launched: Launched
) -> None:
    worker = launched(language, local_swf)
    run = BareRun(worker.server, worker.domain)
    [activity] = run.schedule(worker.task_list, [Task("doze", codec.encode({"seconds": 1}))])
    until(lambda: run.has_started(activity), "the activity has started")
    worker.process.ask_to_stop()
    run.wake()
    [late] = run.schedule(worker.task_list, [Task("echo", '"late"')])
    assert worker.process.wait() == 0
    assert run.outcomes()[activity].attributes["result"] == '"dozed"'
    # A poll was in flight: it may have got the late task, which is then done; else nobody has it.
    assert (late in run.outcomes()) == run.has_started(late)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_worker_out_of_time_fails_its_task_and_ends_with_1(
    language: str, local_swf: Server, launched: Launched
) -> None:
    worker = launched(language, local_swf, arguments=("--graceful-timeout", "0.2"))
    run = BareRun(worker.server, worker.domain)
    [activity] = run.schedule(worker.task_list, [Task("hold", codec.encode({"seconds": 60}))])
    until(lambda: run.has_started(activity), "the activity has started")
    worker.process.ask_to_stop()
    assert worker.process.wait() == 1
    outcome = run.outcomes()[activity]
    assert outcome.event == "ActivityTaskFailed"
    failure = codec.decode_failure(outcome.attributes["reason"], outcome.attributes["details"])
    assert (failure.type, failure.non_retryable) == ("pyflow.WorkerShutdown", False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_task_of_a_worker_that_is_killed_times_out(
    language: str, local_swf: Server, launched: Launched
) -> None:
    worker = launched(language, local_swf)
    run = BareRun(worker.server, worker.domain)
    task = Task("hold", codec.encode({"seconds": 60}), {"heartbeatTimeout": "1"})
    [activity] = run.schedule(worker.task_list, [task])
    until(lambda: run.has_started(activity), "the activity has started")
    worker.process.kill()
    outcome = run.outcome(activity)
    assert outcome.event == "ActivityTaskTimedOut"
    assert outcome.attributes["timeoutType"] == "HEARTBEAT"
