"""One run's code, taken through its history turn by turn. Pure but for the callables of `invoke_once`.

The one path of everything: a cold decision feeds every turn of a whole history and closes; a resident run is
an Execution kept open between decision tasks. The turn being decided has nothing recorded yet: what SWF made
of it comes with the next task and goes in by `confirm`, the same comparison that replay makes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, TypeAlias

from pyflow.decider import closing
from pyflow.decider.asked import Asked
from pyflow.decider.fibers import Fiber, FiberExit, Fibers
from pyflow.decider.future import Future
from pyflow.decider.ids import Ids
from pyflow.decider.outcome import Outcome, outcome_of, read_payload
from pyflow.decider.record import Record
from pyflow.errors import NonDeterminismException, PayloadDecodeError
from pyflow.history.event import Event, Run
from pyflow.history.kinds import CANCEL_TIMER, LAMBDA, Kind
from pyflow.history.routes import ROUTES, Change, Route
from pyflow.history.turns import Turn

logger = logging.getLogger("pyflow")

Body: TypeAlias = Callable[["Execution", Any], Any]
"""The workflow's code: given the execution and the decoded input, it returns the result."""

LAMBDA_SERVICE_ERRORS = frozenset({"SdkClientException", "ServiceException"})
LAMBDA_RETRIES = 5


class Execution:
    """The state of one run between two decisions; `with` ends its fibers."""

    def __init__(self, run: Run, body: Body, *, on_cancel: str = "stop") -> None:
        self.run = run
        self.ids = Ids(run.run_id)
        self.time: datetime
        """Of the turn's DecisionTaskStarted: the workflow's clock."""
        self.replaying = False
        self.lambda_role: str | None = None
        self._body = body
        self._on_cancel = on_cancel
        self._fibers = Fibers()
        self._main: Fiber | None = None
        self._record: Record | None = None
        self._asked: list[Asked] = []
        self._open: dict[int, Future] = {}  # by the id of the event that opened it
        self._retries: dict[Future, tuple[int, dict[str, Any]]] = {}  # left, and what to ask for again
        self._deferred: list[tuple[Future, Outcome]] = []
        self._settled = 0
        self._close: Asked | None = None
        self._wait = self.wait  # one bound method for all futures

    def __enter__(self) -> Execution:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the fibers: their `finally` blocks run, and can ask for nothing."""
        self._fibers.close()

    @property
    def closing(self) -> bool:
        """Whether the code has come to an end and asked to close the run."""
        return self._close is not None

    def take(self, turn: Turn) -> list[dict[str, Any]]:
        """What the code asks of SWF in this turn, in call order; compared with the record where there is one.

        Raises NonDeterminismException where code and record disagree, DeciderException where a payload can't
        be read here; the execution can't be used after either.
        """
        self.time = turn.time
        self.replaying = turn.recorded is not None
        self._record = Record(turn.recorded) if turn.recorded is not None else None
        self._asked = []
        deferred, self._deferred = self._deferred, []
        for future, outcome in deferred:
            self.settle(future, outcome)
        for event in turn.news:
            self._learn(event)
        if self._close is None:
            self._fibers.run()
        if self._close is not None:
            self._ask_to_close(self._close)
        if self._record is not None:
            self._record.finish()
        return [asked.decision() for asked in self._asked]

    def confirm(self, recorded: list[Event]) -> None:
        """Compares what SWF recorded with what the last turn asked for. Raises as `take`."""
        record = Record(recorded)
        for asked in self._asked:
            self._bind(asked, record.answer(asked))
        record.finish()
        self._asked = []

    # What workflow code does, through `self.swf`:

    def open(self, kind: Kind, operation_id: str, attributes: dict[str, Any]) -> Future:
        """Asks for a decision that opens an operation."""
        future = Future(kind, operation_id, self._wait)
        if kind is LAMBDA:
            self._retries[future] = (LAMBDA_RETRIES, attributes)
        self.ask(Asked(kind, attributes, future))
        return future

    def ask(self, asked: Asked) -> None:
        """Adds a decision to the answer of this turn; on replay, finds its answer."""
        if self._fibers.over:
            raise FiberExit
        if self._record is None:
            self._asked.append(asked)
            return
        try:
            self._bind(asked, self._record.answer(asked))
        except NonDeterminismException as error:
            self._fibers.halt(error)

    def wait(self, *futures: Future) -> None:
        """Parks the calling fiber until one of the futures is settled; may return early."""
        if self._fibers.over:
            raise FiberExit
        fiber = self._fibers.current()
        for future in futures:
            if future.waiters is None:
                future.waiters = []
            if fiber not in future.waiters:
                future.waiters.append(fiber)
        self._fibers.park()

    def settle(self, future: Future, outcome: Outcome) -> None:
        """Gives a future its outcome and wakes who waits for it."""
        self._settled += 1
        for fiber in future.settle(outcome, self._settled):
            self._fibers.wake(fiber)

    def settle_next_turn(self, future: Future, outcome: Outcome) -> None:
        """Settles it when the next turn begins, as pyflow-swf 2.0.0 did."""
        self._deferred.append((future, outcome))

    def recorded_marker(self, name: str) -> tuple[dict[str, Any] | None, bool]:
        """The marker that this turn recorded, if it did; see Record.marker."""
        return self._record.marker(name) if self._record is not None else (None, False)

    # What the history says:

    def _learn(self, event: Event) -> None:
        route = ROUTES[event["eventType"]]
        attributes = event.get(route.attributes) or {}
        if route.change is Change.STARTED_RUN:
            self._begin(attributes)
        elif route.change is Change.CANCEL_REQUESTED:
            self._cancel(attributes)
        elif route.change is Change.CLOSE_REFUSED:
            self._close = closing.after_refusal(self._close, attributes["cause"])
        else:
            self._settle_by(route, event["eventId"], attributes)

    def _begin(self, attributes: dict[str, Any]) -> None:
        self.lambda_role = attributes.get("lambdaRole")
        try:
            value = read_payload(attributes.get("input"), f"input of workflow {self.run.workflow_id}")
        except PayloadDecodeError as error:
            self._close = closing.failed("Invalid input to workflow", str(error))
            return
        self._main = self._fibers.spawn(lambda: self._run_body(value))

    def _run_body(self, value: Any) -> None:
        try:
            close = closing.of_body(self.run.type, lambda: self._body(self, value), quiet=self.replaying)
        except FiberExit:
            if self._fibers.over:
                return
            raise
        if not self._fibers.over:
            self._close = close

    def _cancel(self, attributes: dict[str, Any]) -> None:
        if self._close is not None:
            return
        if self._on_cancel == "stop":
            self._close = closing.canceled(attributes.get("cause"))
            self._fibers.close()
        elif self._main is not None:
            self._fibers.interrupt(self._main, closing.cancel_request(attributes.get("cause")))

    def _settle_by(self, route: Route, event_id: int, attributes: dict[str, Any]) -> None:
        # A refusal that answered the decision at once was bound to itself; any other news names its origin.
        future = self._open.pop(event_id, None) or self._open.pop(attributes.get(route.origin, 0), None)
        if future is None or route.change is None:
            return
        if self._retried(route, future, attributes):
            return
        what = f"the result of {future.invocation_id}"
        self.settle(future, outcome_of(route.change, future.kind, attributes, what))

    def _retried(self, route: Route, future: Future, attributes: dict[str, Any]) -> bool:
        """A lambda function that the Lambda service failed is asked for again, with its id, which is free now."""
        left, again = self._retries.pop(future, (0, {}))
        failed = route.change is Change.FAILED and attributes.get("reason") in LAMBDA_SERVICE_ERRORS
        if not failed or left == 0 or self._close is not None:
            return False
        self._retries[future] = (left - 1, again)
        self.ask(Asked(LAMBDA, again, future))
        return True

    # What SWF is asked:

    def _bind(self, asked: Asked, event: Event | None) -> None:
        if event is None:
            return
        recorded = event[ROUTES[event["eventType"]].attributes]
        if asked.kind is CANCEL_TIMER:
            self._open.pop(recorded.get("startedEventId", 0), None)
        future = asked.future
        if future is None:
            return
        future.invocation_id = recorded.get(future.kind.id, future.invocation_id)
        self._open[event["eventId"]] = future

    def _ask_to_close(self, close: Asked) -> None:
        if self._record is None:
            self._asked = closing.closable(self._asked)
        if self._record is None:
            self._asked.append(close)
        else:
            self._record.answer(close)


def decide(execution: Execution, turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """What to ask of SWF next: the answer to the last turn, all those before it replayed."""
    decisions: list[dict[str, Any]] = []
    for turn in turns:
        decisions = execution.take(turn)
    return decisions
