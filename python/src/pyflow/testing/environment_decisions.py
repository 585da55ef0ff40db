"""Decisions in a test environment: the real decider's, for every run whose decision task waits, at whatever task list."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from pyflow.client.status import history
from pyflow.decider.resident import Resident
from pyflow.errors import PyflowException
from pyflow.flow.workflow import Workflow
from pyflow.history.event import Event, Run
from pyflow.local.engine.tasks import DECISION
from pyflow.local.service.service import Service
from pyflow.testing.environment_client import DirectClient, Refused
from pyflow.testing.guarding import guard
from pyflow.testing.replaying import replay
from pyflow.testing.service import LocalService
from pyflow.worker.decisions.decider import Decider

TASK_LIST = "deciders"
PAGE_SIZE = 100
OPERATOR_KEY = b"of the operators of a test"


class Preparations(NamedTuple):
    """What is called for steps that are about to be asked for; each raises UnfakedStep."""

    activity: Callable[[str, str], None]
    lambda_function: Callable[[str], None]
    child: Callable[[str, str], type[Workflow]]
    """A class that stands for a child workflow type which the environment does not run for real."""
    child_started: Callable[[str, str], None]
    """Told of parent and child, workflow ids."""


class Decisions:
    """Runs of many classes, all resident. guarded: their code is watched; replayed: each run is, once it has closed."""

    def __init__(
        self,
        swf: LocalService,
        client: DirectClient,
        workflows: Iterable[type[Workflow]],
        prepare: Preparations,
        *,
        guarded: bool,
        replayed: bool,
    ) -> None:
        self._swf = swf
        self._client = client
        self._prepare = prepare
        self._guarded = guarded
        self._replayed = replayed
        self._deciders: dict[tuple[str, str], Decider] = {}
        self._classes: dict[tuple[str, str], type[Workflow]] = {}
        self._fakes: set[tuple[str, str]] = set()
        self._residents: dict[str, tuple[Run, Resident]] = {}
        for each in workflows:
            self.add(each)

    def add(self, workflow: type[Workflow]) -> None:
        """Runs that class too."""
        decider = Decider(
            [workflow], self._swf.domain, TASK_LIST, None, client=self._client, operator_key=OPERATOR_KEY
        )
        decider.ensure_workflows_registered()
        kind = str(workflow.NAME), workflow.VERSION
        self._deciders[kind], self._classes[kind] = decider, workflow

    def step(self) -> bool:
        """Decides one task; whether one waited."""
        waiting = self._swf.do(lambda service: service.store.tasks(DECISION))
        if not waiting:
            return False
        first = page = self._page(waiting[0].list)
        if not first.get("taskToken"):
            return False
        execution, kind = first["workflowExecution"], first["workflowType"]
        run = Run(execution["workflowId"], execution["runId"], kind["name"], kind["version"])
        if run.run_id not in self._residents:
            self._residents[run.run_id] = run, Resident(self._deciders[run.type].execution(run))
        _, resident = self._residents[run.run_id]
        events = page["events"][::-1]
        while page.get("nextPageToken") and not resident.reached_by(events):
            page = self._page(waiting[0].list, nextPageToken=page["nextPageToken"])
            events = page["events"][::-1] + events
        self._decide(run, resident, first["taskToken"], events)
        return True

    def _page(self, task_list: str, **token: str) -> dict[str, Any]:
        """Newest events first: few are new to a run that is resident, as every one is."""
        return self._client.poll_for_decision_task(
            domain=self._swf.domain,
            taskList={"name": task_list},
            reverseOrder=True,
            maximumPageSize=PAGE_SIZE,
            **token,
        )

    def tidy(self) -> None:
        """Lets go of the runs that have closed, each replayed once as any other decider might have to."""
        runs, domain = [run for run, _ in self._residents.values()], self._swf.domain
        closed = self._swf.do(lambda service: [run for run in runs if not _open(service, domain, run)])
        for run in closed:
            _, resident = self._residents.pop(run.run_id)
            resident.execution.close()
            if self._replayed and run.type not in self._fakes:
                events = history(self._client, self._swf.domain, run.workflow_id, run.run_id)
                with self._guard():
                    replay(events, self._classes[run.type], workflow_id=run.workflow_id, run_id=run.run_id)

    def close(self) -> None:
        """Lets go of every run."""
        while self._residents:
            self._residents.popitem()[1][1].execution.close()

    def _decide(self, run: Run, resident: Resident, token: str, events: list[Event]) -> None:
        with self._guard():
            answer = resident.decide(events)
        for decision in answer.decisions:
            self._prepare_for(run, decision)
        beside = {} if answer.context is None else {"executionContext": answer.context}
        try:
            self._client.respond_decision_task_completed(
                taskToken=token, decisions=answer.decisions, **beside
            )
        except Refused as error:
            raise PyflowException(f"SWF refuses what {run.name} {run.version} decided: {error}") from error

    def _guard(self) -> contextlib.AbstractContextManager[None]:
        return guard() if self._guarded else contextlib.nullcontext()

    def _prepare_for(self, run: Run, decision: Mapping[str, Any]) -> None:
        kind = decision["decisionType"]
        if kind == "ScheduleActivityTask":
            asked = decision["scheduleActivityTaskDecisionAttributes"]
            self._prepare.activity(asked["activityType"]["name"], asked["activityType"]["version"])
        elif kind == "ScheduleLambdaFunction":
            self._prepare.lambda_function(decision["scheduleLambdaFunctionDecisionAttributes"]["name"])
        elif kind == "StartChildWorkflowExecution":
            asked = decision["startChildWorkflowExecutionDecisionAttributes"]
            child = asked["workflowType"]["name"], asked["workflowType"]["version"]
            self._prepare.child_started(run.workflow_id, asked["workflowId"])
            if child not in self._deciders:
                self.add(self._prepare.child(*child))
                self._fakes.add(child)


def _open(service: Service, domain: str, run: Run) -> bool:
    found = service.runs.open(domain, run.workflow_id)
    return found is not None and found.run_id == run.run_id
