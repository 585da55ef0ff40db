"""What a run has asked for and what became of it: decisions to be sent, operations that are open, futures, fibers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pyflow.decider import cancel, pace
from pyflow.decider.asked import Asked
from pyflow.decider.fibers import Fiber, Fibers
from pyflow.decider.future import ChildFuture, Future
from pyflow.decider.ids import Ids
from pyflow.decider.outbox import Outbox
from pyflow.decider.outcome import Completed, Outcome, outcome_of
from pyflow.decider.record import Record
from pyflow.decider.scope import Scope
from pyflow.decider.site import Site, site
from pyflow.history.event import Event, Run
from pyflow.history.kinds import CANCEL_TIMER, CHILD, TIMER, Kind
from pyflow.history.routes import ROUTES, Change, Route


class Operations:
    """The part of an execution that workflow code and the features built on futures talk to.

    polled: whether pyflow's polling loop answers: then decisions say where in the code they were asked for.
    """

    __slots__ = (
        "_counted",
        "_deferred",
        "_fibers",
        "_open",
        "_outbox",
        "_polled",
        "_record",
        "_settled",
        "_unsure",
        "_whole",
        "behaviour",
        "run",
    )

    def __init__(self, run: Run, *, polled: bool) -> None:
        self.run = run
        self.behaviour: int | None = None
        self._polled = polled
        self._whole = Scope(None)
        self._fibers = Fibers()
        self._outbox = Outbox()
        self._record: Record | None = None
        self._counted: dict[str, int] = {}  # the runtime's own timers
        self._unsure: dict[Future, Asked] = {}  # what SWF has not surely taken
        self._open: dict[int, Future] = {}  # by the id of the event that opened it
        self._deferred: list[tuple[Future, Outcome]] = []
        self._settled = 0

    @property
    def over(self) -> bool:
        """Whether the fibers are being ended: nothing can be asked for any more."""
        return self._fibers.over

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
        if self._fibers.over and self._fibers.inside:
            self._fibers.exit()
        self._outbox.put(asked)

    def ask_first(self, asked: Asked) -> None:
        """Adds a decision of the runtime's before those of this turn."""
        self._outbox.put_again(asked)

    def timer(self, own_id: str, seconds: int) -> Future:
        """A timer of the runtime's, in no scope; may be asked for outside of a fiber."""
        future = Future(TIMER, own_id, self)
        self.ask_again(future, {"startToFireTimeout": str(seconds), "timerId": own_id}, None)
        return future

    def count(self, name: str) -> str:
        """The next of the runtime's own timers of that name."""
        self._counted[name] = self._counted.get(name, 0) + 1
        return f"{name}{self._counted[name]}"

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
        """Cancels what is open in the scope, and tells its fibers once. None is the whole run."""
        whole = self._whole if scope is None else scope
        told, whole.canceled = whole.canceled, True
        cancel.cancel_all(self, self.pending(), scope)  # what was asked for there since, too
        if not told:
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

    def halt(self, error: BaseException) -> None:
        """Ends the decision with an error; the calling fiber never goes on."""
        self._fibers.halt(error)

    # What the history says:

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
