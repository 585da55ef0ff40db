"""A workflow under test: the real decider on the local SWF, with plain functions for its steps and a clock that skips."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import Any

from pyflow import codec
from pyflow.client.start import start_workflow
from pyflow.flow.workflow import Workflow
from pyflow.testing.driven import START
from pyflow.testing.environment_activities import Activities
from pyflow.testing.environment_children import faked_child
from pyflow.testing.environment_client import DirectClient
from pyflow.testing.environment_decisions import TASK_LIST, Decisions, Preparations
from pyflow.testing.environment_lambdas import Lambdas
from pyflow.testing.environment_run import WorkflowRun
from pyflow.testing.fakes import CHILD, Call, Fake, Fakes
from pyflow.testing.service import local_service

LAMBDA_ROLE = "arn:aws:iam::000000000000:role/test"


class WorkflowEnvironment:
    """Runs executions of a workflow in the test's thread: `WorkflowEnvironment(Order, {Order.charge: charge}).run(order)`.

    fakes: a step's descriptor, its name, or (name, version), to a function of its input that returns the result or raises,
    as an activity, a Lambda function or a child workflow would; see `after` and `no_answer` for time.
    workflows: other classes that run for real, such as children.
    guard: watches the workflows' code, see `guard`. replay: replays each run once it has closed, so that code which decides
    otherwise a second time is found.
    start: where the clock begins. lambda_role: the executions'.

    Time stands still but in `advance` and `result`, and all that happens without it happens at once.
    """

    def __init__(
        self,
        workflow: type[Workflow],
        fakes: Mapping[Any, Fake] | None = None,
        *,
        workflows: Iterable[type[Workflow]] = (),
        guard: bool = True,
        replay: bool = True,
        start: datetime = START,
        lambda_role: str | None = LAMBDA_ROLE,
    ) -> None:
        self.calls_of: list[tuple[str, Call]] = []
        """What fakes were called with, each with the workflow id of the execution that asked."""
        self._workflow = workflow
        self._lambda_role = lambda_role
        self._fakes = Fakes(fakes or {})
        self._parents: dict[str, str] = {}
        self._started = 0
        self._ending = ExitStack()
        self.swf = self._ending.enter_context(local_service(start=start))
        """The local SWF, for whatever else a test wants to ask of it."""
        self.client = DirectClient(self.swf.answer)
        """boto3's methods for it."""
        self._activities = Activities(self.swf, self.client, self._fakes, self._called)
        self._lambdas = Lambdas(self.swf, self._fakes, self._called)
        self._decisions = Decisions(
            self.swf,
            self.client,
            dict.fromkeys([workflow, *workflows]),
            Preparations(self._activities.prepare, self._lambdas.prepare, self._child, self._child_started),
            guarded=guard,
            replayed=replay,
        )
        self._ending.callback(self._decisions.close)

    def __enter__(self) -> WorkflowEnvironment:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends every run's code, and the local SWF."""
        self._ending.close()

    def run(self, input: Any = None, **options: Any) -> Any:
        """Starts an execution and returns its result; see `start` and `WorkflowRun.result`."""
        return self.start(input, **options).result()

    def start(
        self, input: Any = None, *, workflow: type[Workflow] | None = None, **options: Any
    ) -> WorkflowRun:
        """Starts an execution and lets everything happen that does without time passing.

        workflow: another class than the environment's. options: as `pyflow.start_workflow` takes them, such as tag_list.
        """
        kind = workflow or self._workflow
        self._started += 1
        settings = {
            "workflow_id": f"{kind.NAME}-{self._started}",
            "lambda_role": self._lambda_role,
            "input": None if input is None else codec.encode(input, what="input of the workflow"),
            **options,
        }
        started = start_workflow(
            self.swf.domain, str(kind.NAME), kind.VERSION, TASK_LIST, client=self.client, **settings
        )
        run = WorkflowRun(self, started["workflowId"], started["runId"])
        self.settle()
        return run

    @property
    def now(self) -> datetime:
        """The time by the test's clock."""
        return self.swf.now

    @property
    def calls(self) -> list[Call]:
        """What fakes were called with, for all executions, in order: (step's name, decoded input)."""
        return [call for _, call in self.calls_of]

    def advance(self, seconds: float) -> None:
        """Lets time pass, and everything happen in it, each thing at its own time."""
        until = self._now() + seconds * 1000
        while self.skip(until):
            pass
        self.swf.advance((until - self._now()) / 1000)

    def skip(self, until: float = math.inf) -> bool:
        """Lets time pass up to whatever is due next, and lets that happen; False if nothing is due until then.

        until: milliseconds of the service's clock.
        """
        due = min(self._due(), self._activities.next_due, self._lambdas.next_due)
        if due > until or due == math.inf:
            return False
        self.swf.advance(max(0, due - self._now()) / 1000)
        self._activities.go_on(due)
        self._lambdas.go_on(due)
        self.settle()
        return True

    def settle(self) -> None:
        """Lets everything happen that does without time passing."""
        while self._decisions.step() or self._activities.step() or self._lambdas.step():
            pass
        self._decisions.tidy()

    def _now(self) -> int:
        return self.swf.do(lambda service: service.clock.now())

    def _due(self) -> float:
        due = self.swf.do(lambda service: service.store.next_due())
        return math.inf if due is None else due

    def _called(self, workflow_id: str, call: Call) -> None:
        self.calls_of.append((workflow_id, call))

    def _child(self, name: str, version: str) -> type[Workflow]:
        return faked_child(name, version, self._fakes.find(CHILD, name, version), self._child_called)

    def _child_started(self, parent: str, child: str) -> None:
        self._parents[child] = parent

    def _child_called(self, workflow_id: str, call: Call) -> None:
        self._called(self._parents[workflow_id], call)
