"""The decider: takes decision tasks for a set of workflow classes, and answers them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Literal

from pyflow.decider.execution import Execution
from pyflow.decider.resident import Resident
from pyflow.errors import PyflowException
from pyflow.flow.workflow import Workflow
from pyflow.history.event import Run
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.swf.decision_client import DecisionClient
from pyflow.swf.faults import message_of
from pyflow.worker.decisions.answering import Answering
from pyflow.worker.decisions.crew import DeciderCrew, Item, Lost, Offered
from pyflow.worker.decisions.deciding import Deciding, ids_of, with_history
from pyflow.worker.decisions.executions import Executions
from pyflow.worker.decisions.opening import opened
from pyflow.worker.decisions.residence import HistoryNeeded, Residence
from pyflow.worker.decisions.statistics import DeciderStatistics
from pyflow.worker.decisions.sticky import Sticky
from pyflow.worker.decisions.watchdog import Watchdog
from pyflow.worker.process.about import about

if TYPE_CHECKING:
    from pyflow.tracing.tracing import Tracing

logger = logging.getLogger("pyflow")

LOOK = 5.0  # seconds until a signal that met the owner of the fibers asleep is noticed


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
    client: anything with boto3's SWF methods, used by several threads; by default boto3's own for endpoint_url and
    region, made when first used.
    max_resident_runs, max_resident_bytes: what is kept of runs between decision tasks; 0 replays every time. The bytes
    are an estimate.
    sticky_timeout: `run` has the next task of a resident run sent to a task list of this decider's own; seconds that it
    waits there before it goes to `task_list` again; None or 0: no list of its own.
    pollers, private_pollers: polls at a time of `task_list`, and of its own list. blocked_after: seconds after which a
    workflow that blocks the process is named in a warning.
    on_divergence: a run whose history and code disagree is parked (docs/operating.md), or failed: `park` or `fail`.
    operator_key: whoever has it may give runs orders (docs/operators.md); None ignores all.
    payloads: the keys, codecs and stores that the polling loop opens and seals payloads with; by default none.
    tracing: emits spans of runs and decision tasks (docs/tracing.md); None emits none.
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
        max_resident_bytes: int = 512 * 1024 * 1024,
        sticky_timeout: int | None = 10,
        pollers: int = 2,
        private_pollers: int = 2,
        blocked_after: float = 5.0,
        on_divergence: Literal["park", "fail"] = "park",
        endpoint_url: str | None = None,
        region: str | None = None,
        operator_key: bytes | None = None,
        payloads: Payloads = PLAIN,
        tracing: Tracing | None = None,
    ) -> None:
        if pollers < 1 or private_pollers < 1:
            raise PyflowException(
                f"pollers {pollers} and private_pollers {private_pollers} must both be at least 1"
            )
        if on_divergence not in ("park", "fail"):
            raise PyflowException(f"on_divergence is {on_divergence!r}: it takes 'park' or 'fail'")
        self._task_list = task_list
        self._payloads = payloads
        self._swf = DecisionClient(
            domain, task_list, identity, client, endpoint_url=endpoint_url, region=region
        )
        traced = None
        if tracing is not None:
            from pyflow.worker.decisions.traced import Traced

            traced = Traced(tracing, domain, self._swf.newest_event, max_resident_runs)
        self._executions = Executions(
            workflow_classes,
            operator_key,
            payload_limit=payloads.room,
            headers=None if traced is None else traced.headers,
        )
        self.statistics = DeciderStatistics()
        self._residence = Residence(
            lambda run: self.execution(run, polled=True),
            max_resident_runs,
            max_resident_bytes,
            self.statistics.replayed,
        )
        self._deciding = Deciding(self._executions, self._residence, self.statistics, on_divergence, traced)
        self._sticky = Sticky(task_list, sticky_timeout if max_resident_runs and max_resident_bytes else None)
        self._answering = Answering(self._swf, task_list, self._sticky, payloads)
        self._watchdog = Watchdog(blocked_after)
        self._pollers = {"pollers": pollers, "private_pollers": private_pollers}
        self._inbox: SimpleQueue[Item] = SimpleQueue()
        self._stopping = False

    def ensure_workflows_registered(self) -> None:
        """Registers every class as a workflow type, with this decider's task list; an existing type is fine."""
        for workflow_class in self._executions:
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

        Errors of the network, of single tasks and of credentials that are renewed are logged and survived.
        """
        self.ensure_workflows_registered()
        self.run(max_time)

    def run(self, max_time: float | None = None) -> None:
        """As poll_for_decision_tasks, types being registered already.

        The calling thread runs the workflows. Polls in flight at the end are waited for (SWF holds one for 60 s), and
        what they bring is decided. Raises what SWF refuses for good.
        """
        deadline = None if max_time is None else time.monotonic() + max_time
        if self._stopping or (deadline is not None and time.monotonic() >= deadline):
            return
        crew = DeciderCrew(
            self._swf,
            self._task_list,
            self._deciding,
            self._answering,
            self._sticky,
            self.statistics,
            self._inbox,
            payloads=self._payloads,
            **self._pollers,
        )
        logger.info("polling for decision tasks: %s", " and ".join(crew.task_lists))
        self._watchdog.start()
        crew.start()
        try:
            self._work(crew, deadline)
        finally:
            crew.end()
            self._watchdog.end()
            self._residence.clear()
            self._deciding.tell()

    def stop(self) -> None:
        """Lets `run` return once polls in flight and their tasks are done; may be called from a signal handler."""
        self._stopping = True
        self._inbox.put(None)

    def step(self) -> bool:
        """Polls the task list once and answers once, in this thread; whether there was a task."""
        task = self._swf.poll()
        if task is None:
            return False
        if self._deciding.lacks_history(task):
            task = with_history(task, self._swf.history(task))
        try:
            reply = self._deciding.decide(opened(task, self._payloads))
        except HistoryNeeded as needed:
            task = with_history(task, self._swf.history(task))
            reply = self._deciding.decide(opened(task, self._payloads), needed.reason)
        taken = False
        try:
            taken = self._answering.send(reply)
        finally:
            if not taken:
                self.statistics.lost()
                self._residence.drop(task.run)
        if taken and reply.taken is not None:
            reply.taken()
        return True

    @property
    def blocked(self) -> bool:
        """Whether a workflow blocks the process right now."""
        return self._watchdog.blocked

    def execution(self, run: Run, *, polled: bool = False) -> Execution:
        """A run's code at its beginning. Raises DeciderException for a workflow type that is not this decider's.

        polled: whether the polling loop answers; see Execution.
        """
        return self._executions.begin(run, polled=polled)

    def _work(self, crew: DeciderCrew, deadline: float | None) -> None:
        """Decides what the crew brings until it is done."""
        refused: BaseException | None = None
        while not (crew.done and self._inbox.empty()):
            wait = LOOK if deadline is None else min(LOOK, max(0.01, deadline - time.monotonic()))
            try:
                item = self._inbox.get(timeout=wait)
            except Empty:
                item = None
            if isinstance(item, Offered):
                self._decide(crew, item)
            elif isinstance(item, Lost):
                self._residence.drop(item.run, item.started)
                crew.keep(len(self._residence))
            elif item is not None and refused is None:
                refused = item
                logger.error("the decider ends: %s", message_of(refused))
            if self._stopping or refused or (deadline is not None and time.monotonic() >= deadline):
                self._quiet(crew)
        if refused is not None:
            raise refused

    def _decide(self, crew: DeciderCrew, offered: Offered) -> None:
        self._watchdog.begins(offered.task)
        try:
            with about(ids_of(offered.task)):
                reply = self._deciding.decide(offered.task, offered.reason)
        except HistoryNeeded as needed:
            crew.read(offered.task, needed.reason)
            return
        finally:
            self._watchdog.ends()
        if self._stopping:  # told so meanwhile: the run must not come back here
            self._quiet(crew)
        crew.keep(len(self._residence))
        crew.answer(reply)

    def _quiet(self, crew: DeciderCrew) -> None:
        if crew.poll_no_more():
            logger.info("stopping: polls in flight are waited for")


def poll_for_executions(
    workflows: Iterable[type[Workflow]],
    domain: str,
    task_list: str,
    identity: str | None,
    max_time: float | None = None,
) -> None:
    """Registers the workflow classes and decides for their executions; see Decider.poll_for_decision_tasks."""
    Decider(workflows, domain, task_list, identity).poll_for_decision_tasks(max_time)
