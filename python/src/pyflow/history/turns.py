"""A history, as it arrives, in turns: what the decider learnt, and what SWF recorded of its answer.

News that lands while a decision is being made precedes its DecisionTaskCompleted but belongs to the next
turn; a decision task that timed out leaves no turn.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pyflow.errors import DeciderException
from pyflow.history.event import Event
from pyflow.history.kinds import CHILD
from pyflow.history.routes import ROUTES, Role

logger = logging.getLogger("pyflow")
_unknown_types: set[str] = set()


@dataclass(frozen=True)
class Turn:
    """One decision. recorded: the answer's events in order; None for the turn that is to be decided now."""

    time: datetime
    news: list[Event]
    recorded: list[Event] | None


@dataclass(frozen=True)
class Confirmation:
    """What SWF recorded of the answer to the turn that was decided last."""

    recorded: list[Event]


class TurnReader:
    """Groups the events of one run into turns, across as many decision tasks as it is given."""

    __slots__ = ("_news", "_recorded", "_seen", "_started", "_taken", "_turn", "last_event_id")

    def __init__(self) -> None:
        self.last_event_id = 0
        self._news: list[Event] = []  # learnt, but not yet part of a turn
        self._seen = 0  # how much of the news the decision task in hand was shown
        self._started: Event | None = None  # DecisionTaskStarted of the task in hand
        self._taken = False  # that task's turn was already given out, to be decided
        self._turn: Turn | Confirmation | None = None  # completed, its answers being collected
        self._recorded: list[Event] = []

    def read(self, events: Iterable[Event]) -> list[Turn | Confirmation]:
        """The turns that these events complete, then the one to decide, if the last event opens one.

        Events already read are passed over. Raises DeciderException where events are missing in between, or
        when a turn that was given out to be decided turns out to have had no answer.
        """
        steps: list[Turn | Confirmation] = []
        for event in events:
            event_id = event["eventId"]
            if event_id <= self.last_event_id:
                continue
            if event_id != self.last_event_id + 1:
                raise DeciderException(f"the events between {self.last_event_id} and {event_id} are missing")
            self.last_event_id = event_id
            self._take(event, steps)
        if self._started is not None and not self._taken:
            self._flush(steps)
            steps.append(Turn(self._started["eventTimestamp"], self._news, None))
            self._news, self._seen, self._taken = [], 0, True
        return steps

    def _take(self, event: Event, steps: list[Turn | Confirmation]) -> None:
        event_type = event["eventType"]
        route = ROUTES.get(event_type)
        if route is None:
            if event_type not in _unknown_types:
                _unknown_types.add(event_type)
                logger.warning("event type %s is unknown to this pyflow and is skipped", event_type)
            return
        role = route.role
        if role is Role.PROGRESS:
            return
        if role is Role.NEWS:
            self._news.append(event)
        elif role is Role.ANSWER:
            self._recorded.append(event)
        elif role is Role.REFUSAL:
            self._news.append(event)
            # A child that could not start is refused after it was initiated: then the decision has its answer already.
            if route.kind is not CHILD or not event[route.attributes].get("initiatedEventId"):
                self._recorded.append(event)
        elif event_type == "DecisionTaskStarted":
            self._flush(steps)
            self._started, self._seen, self._taken = event, len(self._news), False
        elif event_type == "DecisionTaskCompleted":
            self._complete()
        else:
            if self._taken:
                raise DeciderException("the decision task that was answered last has timed out")
            self._started = None

    def _complete(self) -> None:
        """DecisionTaskCompleted: the turn has been answered; the answers follow."""
        started = self._started
        if started is None:
            raise DeciderException("a DecisionTaskCompleted has no DecisionTaskStarted before it")
        self._recorded = []
        if self._taken:
            self._turn = Confirmation(self._recorded)
        else:
            shown, self._news = self._news[: self._seen], self._news[self._seen :]
            self._turn = Turn(started["eventTimestamp"], shown, self._recorded)
        self._started, self._seen, self._taken = None, 0, False

    def _flush(self, steps: list[Turn | Confirmation]) -> None:
        if self._turn is not None:
            steps.append(self._turn)
            self._turn, self._recorded = None, []  # no event is kept once it was given out
