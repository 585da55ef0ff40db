"""One run's code, taken through its history turn by turn. Pure but for the callables of `invoke_once`.

The one path of everything: a cold decision feeds every turn of a whole history and closes; a resident run is
an Execution kept open between decision tasks. The turn being decided has nothing recorded yet: what SWF made
of it comes with the next task and goes in by `confirm`, the same comparison that replay makes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, TypeAlias

from pyflow.decider import cancel, closing, pace
from pyflow.decider.asked import Asked
from pyflow.decider.beginning import beginning
from pyflow.decider.closing import Close
from pyflow.decider.fibers import Fiber, FiberExit, Fibers
from pyflow.decider.future import ChildFuture, Future
from pyflow.decider.ids import Ids
from pyflow.decider.operator import Operators
from pyflow.decider.outbox import Outbox
from pyflow.decider.outcome import Completed, Outcome, outcome_of
from pyflow.decider.record import Record
from pyflow.decider.scope import Scope
from pyflow.decider.signals import Signals
from pyflow.decider.site import Site, site
from pyflow.decider.split import first_part
from pyflow.errors import NonDeterminismException, PayloadDecodeError
from pyflow.history.context import BEHAVIOUR
from pyflow.history.event import Event, Run
from pyflow.history.kinds import CANCEL_TIMER, CHILD, CONTINUE_AS_NEW, TIMER, Kind
from pyflow.history.reserved import OPERATOR, SPLIT, is_reserved
from pyflow.history.routes import ROUTES, Change, Route
from pyflow.history.turns import Confirmation, Time, Turn

logger = logging.getLogger("pyflow")

Body: TypeAlias = Callable[["Execution", Any], Any]
"""The workflow's code: given the execution and the decoded input, it returns the result."""


class Execution:
    """The state of one run between two decisions; `with` ends its fibers.

    polled: whether pyflow's polling loop answers: then new runs are stamped, long answers split, and decisions
    say where in the code they were asked for. operator_key: of whoever may give the run orders.
    """

    __slots__ = (
        "_answers",
        "_body",
        "_close",
        "_counted",
        "_deferred",
        "_fibers",
        "_on_cancel",
        "_open",
        "_operators",
        "_outbox",
        "_polled",
        "_record",
        "_sending",
        "_sent",
        "_settled",
        "_unsure",
        "_whole",
        "behaviour",
        "history_length",
        "memory",
        "replaying",
        "run",
        "signals",
        "started",
        "state",
        "time",
    )

    def __init__(
        self,
        run: Run,
        body: Body,
        *,
        on_cancel: str = "stop",
        polled: bool = False,
        operator_key: bytes | None = None,
    ) -> None:
        self.run = run
        self.time: Time
        """Of the turn's DecisionTaskStarted: the workflow's clock."""
        self.history_length = 0
        """Events of the history up to that one."""
        self.replaying = False
        self.started: dict[str, Any] = {}
        """The attributes of WorkflowExecutionStarted."""
        self.behaviour: int | None = None
        self.state: str | None = None
        """What `set_state` was given last, as payload text."""
        self.signals = Signals()
        self.memory: dict[str, Any] = {}
        """What a feature remembers of the run, by a name of its own."""
        self._body = body
        self._on_cancel = on_cancel
        self._polled = polled
        self._whole = Scope(None)
        self._fibers = Fibers()
        self._outbox = Outbox()
        self._operators = Operators(operator_key)
        self._record: Record | None = None
        self._sent: list[Asked] = []
        self._sending: list[Asked] = []
        self._counted: dict[str, int] = {}  # the runtime's own timers
        self._unsure: dict[Future, Asked] = {}  # what SWF has not surely taken
        self._open: dict[int, Future] = {}  # by the id of the event that opened it
        self._deferred: list[tuple[Future, Outcome]] = []
        self._settled = 0
        self._close: Close | None = None
        self._answers = 0

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
    def ending(self) -> bool:
        """Whether the code has come to an end and asked to close the run."""
        return self._close is not None

    @property
    def over(self) -> bool:
        """Whether the fibers are being ended: nothing can be asked for any more."""
        return self._fibers.over

    @property
    def lambda_role(self) -> str | None:
        """The IAM role as which SWF invokes Lambda functions for this run."""
        return self.started.get("lambdaRole")

    def take(self, turn: Turn) -> list[dict[str, Any]]:
        """What the code asks of SWF in this turn, in order; compared with the record where there is one.

        Raises NonDeterminismException where code and record disagree, DeciderException where a payload can't
        be read here; the execution can't be used after either.
        """
        self.time, self.history_length = turn.time, turn.started
        self._counted[SPLIT] = turn.splits
        self.replaying = turn.recorded is not None
        self._record = Record(turn.recorded, whole=turn.whole) if turn.recorded is not None else None
        if self._answers == 0:
            self.behaviour = turn.behaviour if self.replaying else (BEHAVIOUR if self._polled else None)
            self._outbox.stamped = self.behaviour is not None
        self._answers += 1
        deferred, self._deferred = self._deferred, []
        for future, outcome in deferred:
            self.settle(future, outcome)
        for event in turn.news:
            self._learn(event)
        self._operators.obey(self, self._record)
        if self._close is None and not self._operators.paused:
            self._fibers.run()
        return self._answer(self._record)

    def go_on(self) -> list[dict[str, Any]]:
        """The next part of an answer that is split."""
        count = first_part(self._sending) if self._polled else len(self._sending)
        self._sent, self._sending = self._sending[:count], self._sending[count:]
        if self._sending:
            self._sent.append(Asked(TIMER, {"startToFireTimeout": "0", "timerId": self.count(SPLIT)}))
        return [asked.decision() for asked in self._sent]

    def confirm(self, confirmation: Confirmation) -> None:
        """Compares what SWF recorded with what was sent last. Raises as `take`."""
        recorded = confirmation.recorded
        self._counted[SPLIT] = confirmation.splits
        sent = self._sent
        if self._sending:  # the reader has taken the timer of the split out of the record
            sent = sent[:-1]
        for asked, event in self._outbox.matches(sent, Record(recorded, whole=True)):
            self._bind(asked, event)
        self._sent = []
        if not self._unsure:
            self._unsure = {}  # a dict that was large stays large

    # What workflow code does, through `self.swf`:

    def site(self) -> Site | None:
        """Where in the workflow's code the current fiber is; None outside of one."""
        return site() if self._fibers.inside else None

    @property
    def fiber(self) -> Fiber:
        """The fiber that is running now."""
        return self._fibers.current()

    def next_id(self, kind: str) -> str:
        """The next id of a kind, of the line of code that asks."""
        return self.fiber.ids.next(kind)

    def next_child_id(self) -> str | None:
        """On replay of an unstamped run, the id that the next child of this turn was started with."""
        if self._record is None or self.behaviour is not None:
            return None
        return self._record.next_child_id()

    def future(self, kind: Kind, own_id: str) -> Future:
        """A future of the scope in which the current fiber is."""
        return Future(kind, own_id, self, self.fiber.scope)

    def open(self, kind: Kind, own_id: str, attributes: dict[str, Any]) -> Future:
        """Asks for a decision that opens an operation."""
        future = (ChildFuture if kind is CHILD else Future)(kind, own_id, self, self.fiber.scope)
        self.ask_again(future, attributes, self.site())
        return future

    def ask_again(self, future: Future, attributes: dict[str, Any], where: Site | None) -> None:
        """Asks for an operation that a future stands for, or for another attempt at it."""
        asked = Asked(future.kind, attributes, future, where)
        future.current_id = attributes[future.kind.id]
        self._unsure[future] = asked
        self.ask(asked)

    def ask(self, asked: Asked) -> None:
        """Adds a decision to the answer of this turn."""
        if self._fibers.over:
            self._fibers.exit()
        sent = self._record is not None and self._record.whole
        if self._polled and asked.site is not None and asked.kind.control and not sent:
            asked.attributes = {
                **asked.attributes,
                "control": str(asked.site),
            }  # which are asked with again, perhaps
        self._outbox.put(asked)

    def ask_first(self, asked: Asked) -> None:
        """Adds a decision of the runtime's before those of this turn."""
        self._outbox.put_again(asked)

    def timer(self, own_id: str, seconds: int) -> Future:
        """A timer of the runtime's, in no scope; may be asked for outside of a fiber."""
        future = Future(TIMER, own_id, self)
        self.ask_again(future, {"startToFireTimeout": str(seconds), "timerId": own_id}, None)
        return future

    def wait(self, *futures: Future) -> None:
        """Parks the calling fiber until one of the futures is settled; may return early."""
        if self._fibers.over:
            self._fibers.exit()
        fiber = self._fibers.current()
        for future in futures:
            if future.waiters is None:
                future.waiters = []
            if fiber not in future.waiters:
                future.waiters.append(fiber)
        self._fibers.park()

    def wait_until(self, condition: Callable[[], Any]) -> None:
        """Parks the calling fiber until the condition holds; may return early."""
        if self._fibers.over:
            self._fibers.exit()
        self._fibers.park_until(condition)

    def spawn(self, body: Callable[[], None], path: str, scope: Scope | None) -> Fiber:
        """A fiber that begins when the current one parks."""
        return self._fibers.spawn(body, Ids(path), scope)

    def wake(self, fiber: Fiber) -> None:
        """Lets a fiber that waits look again."""
        self._fibers.wake(fiber)

    def settle(self, future: Future, outcome: Outcome) -> None:
        """Gives a future its outcome and wakes who waits for it; not where another attempt is made instead."""
        if future.done or (future.again is not None and future.again(future, outcome)):
            return
        if isinstance(future, ChildFuture):
            self.settle(future.started, outcome)  # one that never ran
        self._settled += 1
        for fiber in future.settle(outcome, self._settled):
            self._fibers.wake(fiber)

    def settle_next_turn(self, future: Future, outcome: Outcome) -> None:
        """Settles it when the next turn begins, as pyflow-swf 2.0.0 did."""
        self._deferred.append((future, outcome))

    def cancel(self, future: Future, *, wait: bool) -> None:
        """Takes back what the future stands for, or asks SWF to."""
        if not future.done and not self._fibers.over:
            cancel.cancel(self, future, wait=wait)

    def cancel_scope(self, scope: Scope | None, cause: str) -> None:
        """Cancels what is open in the scope, and tells its fibers; once. None is the whole run."""
        whole = self._whole if scope is None else scope
        if whole.canceled:
            return
        whole.canceled = True
        cancel.cancel_all(self, self.pending(), scope)
        self._fibers.cancel(scope, cause)

    def leave_scope(self, scope: Scope) -> None:
        """The current fiber leaves the scope."""
        self.fiber.scope = scope.parent
        self._fibers.forget_cancel(scope)

    def pending(self) -> Iterable[Future]:
        """The futures of what was asked for and has not ended, each once."""
        return dict.fromkeys([*self._open.values(), *self._unsure])

    def withdraw(self, future: Future) -> bool:
        """Takes a decision back that SWF was not sent; whether that could be done."""
        asked = self._unsure.get(future)
        if asked is None or not self._outbox.take_back(asked):
            return False
        del self._unsure[future]
        return True

    def recorded_marker(self, name: str) -> tuple[dict[str, Any] | None, bool]:
        """The marker that this turn recorded, if it did; see Record.marker."""
        return self._record.marker(name) if self._record is not None else (None, False)

    def passed_marker(self, name: str) -> dict[str, Any] | None:
        """The marker that an earlier turn recorded and the code did not ask for, if there is one."""
        return self._outbox.passed.get(name)

    def may_record(self, name: str) -> bool:
        """Whether a marker that this turn did not record may still go out with its answer."""
        record = self._record
        if record is None or record.refused_marker(name):
            return True
        return not record.whole and self._outbox.reaches_beyond(record)

    def expect(self, marker: Asked) -> None:
        """Goes on only where a marker that is not recorded may be asked for: else code and history disagree."""
        record = self._record
        if record is None or not record.whole or record.refused_marker(marker.attributes["markerName"]):
            return
        self._outbox.put(marker)
        try:
            for _ in self._outbox.agree(record):
                pass
        except NonDeterminismException as error:
            self._fibers.halt(error)

    def halt(self, error: BaseException) -> None:
        """Ends the decision with an error; the calling fiber never goes on."""
        self._fibers.halt(error)

    def end(self, close: Close) -> None:
        """Closes the run once the fibers have come to rest; the first close counts."""
        if self._close is None and not self._fibers.over:
            self._close = close

    def count(self, name: str) -> str:
        """The next of the runtime's own timers of that name."""
        self._counted[name] = self._counted.get(name, 0) + 1
        return f"{name}{self._counted[name]}"

    # What the history says:

    def _learn(self, event: Event) -> None:
        route = ROUTES[event["eventType"]]
        attributes = event.get(route.attributes) or {}
        if route.change is Change.STARTED_RUN:
            self._begin(attributes)
        elif route.change is Change.CANCEL_REQUESTED:
            self._cancel(attributes.get("cause"))
        elif route.change is Change.CLOSE_REFUSED:
            self._close_refused(attributes["cause"])
        elif route.change is Change.SIGNALED:
            self._signal(attributes)
        else:
            self._settle_by(route, event["eventId"], attributes)

    def _begin(self, attributes: dict[str, Any]) -> None:
        self.started = {key: value for key, value in attributes.items() if key != "input"}
        try:
            value, signals = beginning(attributes.get("input"), self.run.workflow_id)
        except PayloadDecodeError as error:
            self._close = Close.failed("Invalid input to workflow", str(error))
            return
        for signal in signals:
            if is_reserved(signal.name):
                continue
            self.signals.put(signal.name, signal.input, signal.id)
        self._fibers.spawn(lambda: self._run_body(value), Ids())

    def _run_body(self, value: Any) -> None:
        try:
            close = closing.of_body(
                self.run.type,
                lambda: self._body(self, value),
                quiet=lambda: self.replaying or self._fibers.over,
            )
        except FiberExit:
            if self._fibers.over:
                return
            raise
        self.end(close)

    def _cancel(self, cause: str | None) -> None:
        if self._close is not None:
            if self._close.kind is CONTINUE_AS_NEW:  # whose next run would know nothing of the request
                self._close = Close.canceled(cause)
            return
        if self._on_cancel == "stop":
            self._close = Close.canceled(cause)
            self._fibers.close()
        else:
            self.cancel_scope(None, cause or "")

    def _signal(self, attributes: dict[str, Any]) -> None:
        name = attributes["signalName"]
        if name == OPERATOR:
            self._operators.hear(attributes.get("input"))
        if is_reserved(name):
            return
        fiber = self.signals.put(name, attributes.get("input"))
        if fiber is not None:
            self._fibers.wake(fiber)

    def _close_refused(self, cause: str) -> None:
        if self._close is not None and pace.passes(cause):
            self._close.held = True
            pace.then(self, self._close.let_go)
        else:
            self._close = closing.after_refusal(self._close, cause)

    def _settle_by(self, route: Route, event_id: int, attributes: dict[str, Any]) -> None:
        # A refusal that answered the decision at once was bound to itself; any other news names its origin.
        origin = event_id if event_id in self._open else attributes.get(route.origin, 0)
        future = self._open.get(origin)
        if future is None or route.change is None:
            return
        if route.change is Change.CHILD_STARTED:
            self._child_started(future, attributes)
            return
        del self._open[origin]
        if origin != event_id:
            self._outbox.closed(future.kind, future.current_id)
        asked = self._unsure.pop(future, None)
        if route.change is Change.REFUSED and asked is not None and self._waits_again(asked, attributes):
            return
        what = f"the result of {future.invocation_id}"
        outcome = outcome_of(route.change, future.kind, attributes, what)
        self.settle(future, outcome)

    def _waits_again(self, asked: Asked, attributes: dict[str, Any]) -> bool:
        """Whether SWF refused a decision for the moment only: then it is asked again later."""
        future = asked.future
        if (
            self.behaviour is None
            or future is None
            or future.done
            or not pace.passes(attributes.get("cause"))
        ):
            return False
        self._unsure[future] = asked
        self._outbox.put_again(asked)
        pace.hold(self, self._outbox, asked.kind)
        return True

    def _child_started(self, future: Future, attributes: dict[str, Any]) -> None:
        self._unsure.pop(future, None)
        future.run_id = (attributes.get("workflowExecution") or {}).get("runId")
        if isinstance(future, ChildFuture):
            self.settle(future.started, Completed(future.run_id))
        if future.cancel_asked:
            cancel.ask_child(self, future)

    # What SWF is asked:

    def _answer(self, record: Record | None) -> list[dict[str, Any]]:
        close = None
        if self._close is not None and not self._close.held and not self._operators.paused:
            close = self._close.asked()
        if record is not None:
            if close is not None:
                self._outbox.put(close)
            for asked, event in self._outbox.agree(record):
                self._bind(asked, event)
            if record.whole:
                return []
            self._sending = self._outbox.due()
        else:
            self._sending = self._outbox.due()
            if close is not None:
                self._sending = [*closing.closable(self._sending, self._outbox.drop()), close]
        return self.go_on()

    def _bind(self, asked: Asked, event: Event) -> None:
        route = ROUTES[event["eventType"]]
        taken = event["eventType"] == asked.kind.opened
        recorded = event[route.attributes]
        if asked.kind is CANCEL_TIMER and taken:
            canceled = self._open.pop(recorded.get("startedEventId", 0), None)
            if canceled is not None:
                self._outbox.closed(TIMER, canceled.current_id)
        future = asked.future
        if future is None:
            return
        if taken:
            self._outbox.opened(asked)
            if future.kind is not CHILD:
                self._unsure.pop(future, None)
        recorded_id = recorded.get(future.kind.id, future.current_id)
        if future.current_id == future.invocation_id:
            future.invocation_id = recorded_id
        future.current_id = recorded_id
        self._open[event["eventId"]] = future


def decide(execution: Execution, turns: Iterable[Turn]) -> list[dict[str, Any]]:
    """What to ask of SWF next: the answer to the last turn, all those before it replayed."""
    decisions: list[dict[str, Any]] = []
    for turn in turns:
        decisions = execution.take(turn)
    return decisions
