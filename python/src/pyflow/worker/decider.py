"""The decider: takes decision tasks for a set of workflow classes, one after another, and answers them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyflow.decider.answer import Answer
from pyflow.decider.execution import Execution
from pyflow.decider.operator import Operators
from pyflow.decider.resident import Resident
from pyflow.errors import DeciderException
from pyflow.flow.body import body_of
from pyflow.flow.workflow import Workflow, by_type
from pyflow.history.event import Run
from pyflow.swf.decision_client import DecisionClient, DecisionTask
from pyflow.swf.faults import UNKNOWN_RESOURCE, code_of, is_fault, is_transient, message_of
from pyflow.worker.backoff import Backoff
from pyflow.worker.residence import Residence

logger = logging.getLogger("pyflow")


@dataclass(frozen=True)
class Decided:
    """The answer to a decision task. execution_context: None where SWF holds it already."""

    task_token: str
    workflow_id: str
    run_id: str
    decisions: list[dict[str, Any]] = field(default_factory=list)
    execution_context: str | None = None


class Decider:
    """Decides for many workflow classes, told apart by `(NAME, VERSION)`.

    identity: shown in the history, at most 256 characters.
    client: anything with boto3's SWF methods; by default boto3's own for endpoint_url and region, made when
    first used.
    max_resident_runs: how many runs keep their fibers between decision tasks; 0 replays every time.
    operator_key: whoever has it may give runs orders (docs/operators.md); None ignores all.
    """

    def __init__(
        self,
        workflow_classes: Iterable[type[Workflow]],
        domain: str,
        task_list: str,
        identity: str | None,
        client: Any = None,
        *,
        max_resident_runs: int = 1000,
        endpoint_url: str | None = None,
        region: str | None = None,
        operator_key: bytes | None = None,
    ) -> None:
        self._classes = by_type(workflow_classes)
        Operators(operator_key)  # a key that is none is refused here, not at the first run
        self._operator_key = operator_key
        self._domain = domain
        self._task_list = task_list
        self._swf = DecisionClient(
            domain, task_list, identity, client, endpoint_url=endpoint_url, region=region
        )
        self._residence = Residence(lambda run: self.execution(run, polled=True), max_resident_runs)
        self._stopping = False

    def ensure_workflows_registered(self) -> None:
        """Registers every class as a workflow type, with this decider's task list; an existing type is fine."""
        for workflow_class in self._classes.values():
            workflow = workflow_class(None)  # type: ignore[arg-type]  # asked for its type alone, it runs nothing
            known = not self._swf.register_workflow_type(workflow.name, workflow.version, workflow.options)
            logger.info(
                "workflow type %s %s %s",
                workflow.name,
                workflow.version,
                "is known" if known else "registered",
            )

    def process_decision_task(self, decision_task: Mapping[str, Any]) -> Decided:
        """The decisions for a task as PollForDecisionTask gives it, with its whole history. No I/O.

        May be called again and again, for the same or other executions; every call starts from the history.
        Raises DeciderException for an unknown workflow type, NonDeterminismException where history and code
        disagree.
        """
        execution, kind = decision_task["workflowExecution"], decision_task["workflowType"]
        run = Run(execution["workflowId"], execution["runId"], kind["name"], kind["version"])
        with self.execution(run) as fresh:
            answer = Resident(fresh).decide(decision_task["events"])
        token = decision_task["taskToken"]
        return Decided(token, run.workflow_id, run.run_id, answer.decisions, answer.context)

    def poll_for_decision_tasks(self, max_time: float | None = None) -> None:
        """Registers, then polls and answers for ever, or until `max_time` seconds have passed or `stop` was called.

        Time is checked between polls. Errors of the network and of single tasks are logged and survived.
        """
        self.ensure_workflows_registered()
        self.run(max_time)

    def run(self, max_time: float | None = None) -> None:
        """As poll_for_decision_tasks, types being registered already."""
        deadline = None if max_time is None else time.monotonic() + max_time
        backoff = Backoff()
        try:
            while not self._stopping and (deadline is None or time.monotonic() < deadline):
                try:
                    self.step()
                    backoff.succeeded()
                except Exception as error:
                    if not is_transient(error):
                        raise
                    pause = backoff.failed()
                    logger.warning("%s; polling again in %.1f s", message_of(error), pause)
                    time.sleep(pause)
        finally:
            self._residence.clear()

    def stop(self) -> None:
        """Lets `run` return once the poll in flight and its task are done; may be called from a signal handler."""
        self._stopping = True

    def step(self) -> bool:
        """Polls once and answers once; whether there was a task."""
        task = self._swf.poll()
        if task is None:
            return False
        try:
            answer = self._residence.decide(task.run, task.events, lambda: self._swf.history(task))
        except DeciderException as error:
            logger.error("%s is not answered, SWF offers it again: %s", _name(task), error)
            return True
        except Exception as error:
            if code_of(error) is not None or is_transient(error):  # met while the history was read
                raise
            # a fault of ours, which must not take the other runs along
            logger.exception("%s is not answered, SWF offers it again: pyflow itself failed", _name(task))
            return True
        with self._residence.dropping(task.run):
            self._answer(task, answer)
        return True

    def _answer(self, task: DecisionTask, answer: Answer) -> None:
        try:
            self._swf.respond(task, answer.decisions, answer.context)
        except Exception as error:
            self._residence.drop(task.run)
            if is_fault(error, UNKNOWN_RESOURCE):
                logger.info("%s is no longer wanted: %s", _name(task), message_of(error))
            elif code_of(error) in ("ValidationException", "SerializationException"):
                logger.error("%s: SWF refused the decisions: %s", _name(task), message_of(error))
                self._swf.respond(task, [_refused(message_of(error))])
            elif is_transient(error):
                logger.warning("%s: the answer may be lost: %s", _name(task), message_of(error))
            else:
                raise

    def execution(self, run: Run, *, polled: bool = False) -> Execution:
        """A run's code at its beginning. Raises DeciderException for a workflow type that is not this decider's.

        polled: whether the polling loop answers; see Execution.
        """
        workflow_class = self._classes.get(run.type)
        if workflow_class is None:
            known = ", ".join(f"{name} {version}" for name, version in self._classes)
            raise DeciderException(
                f"unknown workflow type {run.name} {run.version}: this decider knows {known or 'none'}"
            )
        return Execution(
            run,
            body_of(workflow_class),
            on_cancel=workflow_class.ON_CANCEL,
            polled=polled,
            operator_key=self._operator_key,
        )


def poll_for_executions(
    workflows: Iterable[type[Workflow]],
    domain: str,
    task_list: str,
    identity: str | None,
    max_time: float | None = None,
) -> None:
    """Registers the workflow classes and decides for their executions; see Decider.poll_for_decision_tasks."""
    Decider(workflows, domain, task_list, identity).poll_for_decision_tasks(max_time)


def _refused(message: str) -> dict[str, Any]:
    attributes = {"reason": "respond_decision_task_completed failed", "details": message[:32_768]}
    return {
        "decisionType": "FailWorkflowExecution",
        "failWorkflowExecutionDecisionAttributes": attributes,
    }


def _name(task: DecisionTask) -> str:
    run = task.run
    return f"decision task {task.started_event_id} of {run.workflow_id} ({run.name} {run.version})"
