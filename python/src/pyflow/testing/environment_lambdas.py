"""Lambda functions in a test environment: the service's tasks are given to fakes, and end as Lambda would end them."""

from __future__ import annotations

import inspect
import json
import math
import traceback
from collections import deque
from collections.abc import Callable, Generator
from functools import partial
from typing import Any

from pyflow import codec
from pyflow.errors import InvocationFailedException, PayloadEncodeError
from pyflow.local.engine.accept import lambdas
from pyflow.local.engine.records import Records
from pyflow.local.engine.run import LambdaTask, Run
from pyflow.local.service.service import Service
from pyflow.testing.fakes import LAMBDA, Call, Fake, Fakes, lets_time_pass
from pyflow.testing.service import LocalService

MESSAGE_LIMIT = 2_500  # characters: JSON's escapes make twelve of one at most

Key = tuple[int, int]
"""A task: the run's number, and the event that scheduled it."""


class Lambdas:
    """called: told of every call, with the workflow id it was made for."""

    def __init__(self, swf: LocalService, fakes: Fakes, called: Callable[[str, Call], None]) -> None:
        self._swf = swf
        self._fakes = fakes
        self._called = called
        self._waiting: deque[Key] = deque()
        self._late: list[tuple[float, Key, Generator[float, None, Any]]] = []
        swf.do(lambda service: setattr(service, "on_lambda", lambda *key: self._waiting.append(key)))

    def prepare(self, name: str) -> None:
        """Raises UnfakedStep for a function that nothing stands for."""
        self._fakes.find(LAMBDA, name)

    def step(self) -> bool:
        """Calls the next function; whether one waited."""
        if not self._waiting:
            return False
        key = self._waiting.popleft()
        started = self._swf.do(lambda service: _start(service, key))
        if started is not None:
            workflow_id, name, event = started
            self._called(workflow_id, Call(name, event))
            self._end(key, lambda: _invoked(self._fakes.find(LAMBDA, name), event))
        return True

    @property
    def next_due(self) -> float:
        """When the next fake that lets time pass goes on, in ms of the service's clock; infinite if none does."""
        return min((due for due, _, _ in self._late), default=math.inf)

    def go_on(self, now: float) -> None:
        """Lets the fakes whose time has come go on."""
        due = [each for each in self._late if each[0] <= now]
        self._late = [each for each in self._late if each[0] > now]
        for _, key, steps in due:
            self._end(key, partial(_same, steps))

    def _end(self, key: Key, invoke: Callable[[], Any]) -> None:
        """Runs it until it lets time pass or ends, and records how it ended."""
        try:
            result = invoke()
            if lets_time_pass(result):
                steps = result
                try:
                    pause = next(steps)
                except StopIteration as stop:
                    result = stop.value
                else:
                    now = self._swf.do(lambda service: service.clock.now())
                    self._late.append((now + pause * 1000, key, steps))
                    return
            text = codec.encode_plain(result, what="result of the function")
        except (AssertionError, KeyboardInterrupt):  # the test's own affair
            raise
        except InvocationFailedException as error:
            reason, details = str(error.reason), str(error.details or "")
            self._swf.do(lambda service: _close(service, key, "fail", reason, details))
        except Exception as error:
            document = _document(error)
            self._swf.do(lambda service: _close(service, key, "fail", "UnhandledError", document))
        else:
            self._swf.do(lambda service: _close(service, key, "complete", text))


def _same(steps: Generator[float, None, Any]) -> Generator[float, None, Any]:
    return steps


def _invoked(fake: Fake, event: Any) -> Any:
    """The fake's result: it takes the event, and None for a context if it is a handler that wants one."""
    try:
        inspect.signature(fake).bind(event)
    except TypeError:
        return fake(event, None)
    except ValueError:  # a builtin without a signature
        pass
    return fake(event)


def _document(error: Exception) -> str:
    """Lambda's error document, as its runtime for Python posts it; one too long for SWF loses its stack."""
    kind = "Runtime.MarshalError" if isinstance(error, PayloadEncodeError) else type(error).__name__
    document = {"errorMessage": str(error)[:MESSAGE_LIMIT], "errorType": kind}
    text = json.dumps({**document, "stackTrace": traceback.format_tb(error.__traceback__)})
    return text if codec.units(text) <= codec.DATA_LIMIT else json.dumps(document)


def _task(service: Service, key: Key) -> tuple[Run, LambdaTask] | None:
    run = service.runs.get(key[0])
    task = None if run is None or not run.open else run.lambdas.by_event.get(key[1])
    return None if run is None or task is None else (run, task)


def _start(service: Service, key: Key) -> tuple[str, str, Any] | None:
    """Workflow id, function and event of a task that has now begun; None if it is no more, or has no role."""
    found = _task(service, key)
    if found is None:
        return None
    run, task = found
    _perform(service, run, lambda now: lambdas.start(run, task, now))
    if not task.started_id or not run.open:
        return None
    return run.workflow_id, task.scheduled["name"], json.loads(task.scheduled.get("input") or "{}")


def _close(service: Service, key: Key, how: str, *texts: str) -> None:
    found = _task(service, key)
    if found is not None:
        run, task = found
        _perform(service, run, lambda now: getattr(lambdas, how)(run, task, *texts, now))


def _perform(service: Service, run: Run, records: Callable[[int], Records]) -> None:
    now = service.begin()
    service.perform(run, records(now), now)
    service.settle(now)
