"""One decision task decided: by a resident run, by a replay, or, where neither can, with the answer that parks the run."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pyflow.decider.answer import Answer
from pyflow.errors import DeciderException, NonDeterminismException
from pyflow.history.event import Event
from pyflow.swf.decision_client import DecisionTask
from pyflow.worker.decisions.executions import Executions
from pyflow.worker.decisions.parking import moment, void_answer
from pyflow.worker.decisions.residence import NEW, UNKNOWN, HistoryNeeded, Residence
from pyflow.worker.decisions.statistics import DeciderStatistics

if TYPE_CHECKING:
    from pyflow.worker.decisions.traced import Traced

logger = logging.getLogger("pyflow")

DIVERGED = "pyflow.NonDeterminism"
"""The reason with which a run fails where its history and the code disagree, if that is wished."""
DETAILS = 32_768


@dataclass(frozen=True)
class Reply:
    """An answer on its way. stays: the run is resident; void: it is parked; taken: called once SWF took it."""

    task: DecisionTask
    answer: Answer
    stays: bool = False
    void: bool = False
    taken: Callable[[], None] | None = None


class Deciding:
    """Owned by the thread that owns the fibers. on_divergence: `park` or `fail`. traced: emits spans."""

    def __init__(
        self,
        executions: Executions,
        residence: Residence,
        statistics: DeciderStatistics,
        on_divergence: str = "park",
        traced: Traced | None = None,
    ) -> None:
        self._executions = executions
        self._residence = residence
        self._statistics = statistics
        self._fails = on_divergence == "fail"
        self._traced = traced

    def lacks_history(self, task: DecisionTask) -> bool:
        """Whether the task will need its whole history; any thread may ask, and the answer may have changed since."""
        return not task.whole and self._executions.knows(task.run) and task.run not in self._residence

    def decide(self, task: DecisionTask, reason: str = UNKNOWN) -> Reply:
        """The reply to a task. Raises HistoryNeeded, with the reason to give when the history is there."""
        begin = time.perf_counter()
        resident = task.run in self._residence
        reply = self._reply(task, reason)
        self._statistics.decided(time.perf_counter() - begin, void=reply.void)
        self.tell()
        if self._traced is None:
            return reply
        replayed = not resident and not reply.void and task.previous_started_event_id > 0
        taken = self._traced.decided(task, reply.answer, parked=reply.void, replayed=replayed)
        return replace(reply, taken=taken)

    def tell(self) -> None:
        """Lets the statistics know what is resident."""
        self._statistics.resident_runs = len(self._residence)
        self._statistics.resident_bytes = self._residence.size

    def _reply(self, task: DecisionTask, reason: str) -> Reply:
        if task.unreadable is not None:
            self._residence.drop(task.run)
            return self._parked(task, task.unreadable)
        try:
            answer, stays = self._residence.decide(task.run, task.events, whole=task.whole, reason=reason)
            return Reply(task, answer, stays)
        except HistoryNeeded:
            raise
        except NonDeterminismException as error:
            if self._fails:
                logger.error("%s: the run fails: %s", name_of(task), error)
                return Reply(task, Answer([failing(DIVERGED, str(error))]))
            return self._parked(task, str(error))
        except DeciderException as error:
            return self._parked(task, str(error))
        except Exception as error:  # a fault of ours, which must not take the other runs along
            logger.exception("%s: pyflow itself failed", name_of(task))
            return self._parked(task, f"pyflow itself failed: {type(error).__name__}: {error}")

    def _parked(self, task: DecisionTask, why: str) -> Reply:
        answer = void_answer(task.events, why, moment(task.events[-1]["eventTimestamp"]))
        if answer is None:
            raise HistoryNeeded(NEW)
        logger.error("%s: the run is parked, it goes on with a decider that fits: %s", name_of(task), why)
        return Reply(task, answer, void=True)


def with_history(task: DecisionTask, events: list[Event]) -> DecisionTask:
    """The task with its whole history."""
    return replace(task, events=events)


def failing(reason: str, details: str) -> dict[str, Any]:
    """The decision that fails a run."""
    return {
        "decisionType": "FailWorkflowExecution",
        "failWorkflowExecutionDecisionAttributes": {"reason": reason, "details": details[:DETAILS]},
    }


def ids_of(task: DecisionTask) -> dict[str, str]:
    """A task's run as structured logs name it."""
    return {"workflow_id": task.run.workflow_id, "run_id": task.run.run_id}


def name_of(task: DecisionTask) -> str:
    """A task as logs name it."""
    run = task.run
    return f"decision task {task.started_event_id} of {run.workflow_id} ({run.name} {run.version})"
