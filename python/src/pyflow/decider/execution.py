"""One run's code, taken through its history turn by turn. Pure but for the callables of `invoke_once`.

The one path of everything: a cold decision feeds every turn of a whole history and closes; a resident run is
an Execution kept open between decision tasks. The turn being decided has nothing recorded yet: what SWF made
of it comes with the next task and goes in by `confirm`, the same comparison that replay makes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, TypeAlias

from pyflow.codec import DATA_LIMIT
from pyflow.decider import closing, pace
from pyflow.decider.asked import Asked
from pyflow.decider.beginning import beginning
from pyflow.decider.closing import Close
from pyflow.decider.fibers import FiberExit
from pyflow.decider.ids import Ids
from pyflow.decider.operations import Operations
from pyflow.decider.operator import Operators
from pyflow.decider.record import Record
from pyflow.decider.signals import Signals
from pyflow.decider.split import first_part
from pyflow.errors import NonDeterminismException, PayloadDecodeError
from pyflow.history.context import BEHAVIOUR
from pyflow.history.event import Event, Run
from pyflow.history.kinds import CONTINUE_AS_NEW, TIMER
from pyflow.history.reserved import OPERATOR, SPLIT, WAKE, is_reserved
from pyflow.history.routes import ROUTES, Change
from pyflow.history.turns import Confirmation, Time, Turn

logger = logging.getLogger("pyflow")

Body: TypeAlias = Callable[["Execution", Any], Any]
"""The workflow's code: given the execution and the decoded input, it returns the result."""


class Execution(Operations):
    """The state of one run between two decisions; `with` ends its fibers.

    polled: whether pyflow's polling loop answers: then new runs are stamped, long answers split, and decisions
    say where in the code they were asked for. operator_key: of whoever may give the run orders. payload_limit: how long,
    in UTF-16 units, what is asked for may be: more than SWF takes where the shell has a store. headers: given the text of
    the run's input, those that go with inputs in an envelope.
    """

    __slots__ = (
        "_answers",
        "_body",
        "_close",
        "_ended_by",
        "_headers",
        "_on_cancel",
        "_operators",
        "_parts",
        "_sending",
        "_sent",
        "headers",
        "history_length",
        "memory",
        "payload_limit",
        "replaying",
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
        payload_limit: int = DATA_LIMIT,
        headers: Callable[[str | None], Mapping[str, str]] | None = None,
    ) -> None:
        super().__init__(run, polled=polled)
        self.time: Time
        """Of the turn's DecisionTaskStarted: the workflow's clock."""
        self.history_length = 0
        """Events of the history up to that one."""
        self.payload_limit = payload_limit
        self.headers: Mapping[str, str] = {}
        """What goes with inputs in an envelope, beside what their features say."""
        self.replaying = False
        self.started: dict[str, Any] = {}
        """The attributes of WorkflowExecutionStarted."""
        self.state: str | None = None
        """What `set_state` was given last, as payload text."""
        self.signals = Signals()
        self.memory: dict[str, Any] = {}
        """What a feature remembers of the run, by a name of its own."""
        self._body = body
        self._headers = headers
        self._on_cancel = on_cancel
        self._operators = Operators(operator_key)
        self._sent: list[Asked] = []
        self._sending: list[Asked] = []
        self._close: Close | None = None
        self._ended_by = (
            ""  # which timer of the runtime's the part of an answer ended with that was sent last
        )
        self._parts = 0  # how many such timers the run has had
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
    def lambda_role(self) -> str | None:
        """The IAM role as which SWF invokes Lambda functions for this run."""
        return self.started.get("lambdaRole")

    def take(self, turn: Turn, *, behind: bool = False) -> list[dict[str, Any]]:
        """What the code asks of SWF in this turn, in order; compared with the record where there is one.

        behind: see go_on.

        Raises NonDeterminismException where code and record disagree, DeciderException where a payload can't
        be read here; the execution can't be used after either.
        """
        self.time, self.history_length = turn.time, turn.started
        self._parts = turn.parts
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
        return self._answer(self._record, woken=turn.woken, behind=behind)

    def go_on(self, *, behind: bool) -> list[dict[str, Any]]:
        """The next part of an answer that is split.

        behind: news has come that this turn did not have: with the last part the run is woken for it, instead of closed.
        """
        count = first_part(self._sending) if self._polled else len(self._sending)
        self._sent, self._sending = self._sending[:count], self._sending[count:]
        self._ended_by = SPLIT if self._sending else WAKE if behind else ""
        if self._ended_by == WAKE and self._sent and self._sent[-1].kind.closes:
            self._sent.pop()  # it is asked for again when the news was taken
        decisions = [asked.decision() for asked in self._located(self._sent)]
        if self._ended_by:
            attributes = {"startToFireTimeout": "0", "timerId": f"{self._ended_by}{self._parts + 1}"}
            decisions.append(Asked(TIMER, attributes).decision())
        return decisions

    def confirm(self, confirmation: Confirmation) -> None:
        """Compares what SWF recorded with what was sent last. Raises as `take`."""
        self._parts = confirmation.parts
        for asked, event in self._outbox.matches(self._sent, Record(confirmation.recorded, whole=True)):
            self._bind(asked, event)
        self._sent = []
        if not self._unsure:
            self._unsure = {}  # a dict that was large stays large

    def end(self, close: Close) -> None:
        """Closes the run with this turn's answer; no other fiber goes on."""
        if self._close is None and not self._fibers.over:
            self._close = close
            self._fibers.rest()

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

    def _answer(self, record: Record | None, *, woken: bool, behind: bool) -> list[dict[str, Any]]:
        close = None
        if self._close is not None and not self._close.held and not self._operators.paused:
            close = self._close.asked()
        if record is not None:
            if close is not None and not woken:
                self._outbox.put(close)
            for asked, event in self._outbox.agree(record, closing=close is not None):
                self._bind(asked, event)
            if record.whole:
                if close is not None:
                    self._outbox.drop()
                return []
            self._sending = self._outbox.due()
            if close is not None:
                self._sending = closing.closable(self._sending, self._outbox.drop())
        else:
            self._sending = self._outbox.due()
            if close is not None:
                self._sending = [*closing.closable(self._sending, self._outbox.drop()), close]
        return self.go_on(behind=behind)

    def _located(self, sent: list[Asked]) -> list[Asked]:
        """The same; what the polling loop sends says where in the code it was asked for."""
        if self._polled:
            for asked in sent:
                if (
                    asked.kind.control and asked.site is not None
                ):  # with attributes that are asked with again, perhaps
                    asked.attributes = {**asked.attributes, "control": str(asked.site)}
        return sent

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
        if self._headers is not None:
            self.headers = self._headers(attributes.get("input"))
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
                limit=self.payload_limit,
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
