"""The service: one owner of the store, the clock, the task lists and what runs say to each other.

One thread uses it at a time. A call is all or nothing: a Fault has changed nothing. What calls have changed
is durable after `commit`, which whoever answers them must await; that lets one commit serve many of them.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from typing import Any, TypeAlias

from pyflow.local.engine import tasks
from pyflow.local.engine.accept import activities, decisions
from pyflow.local.engine.accept.closing import CLOSING
from pyflow.local.engine.accept.executions import start
from pyflow.local.engine.accept.expiry import expire
from pyflow.local.engine.accept.fullness import within_limit
from pyflow.local.engine.accept.news import hear
from pyflow.local.engine.apply import apply
from pyflow.local.engine.due import soonest
from pyflow.local.engine.fault import Fault
from pyflow.local.engine.limits import POLLS_OF_A_TASK_LIST
from pyflow.local.engine.messages import ChildNotStarted, ChildStarted, Execution, Message, Opening
from pyflow.local.engine.records import Event, Records
from pyflow.local.engine.registry import Registration, Registry, World
from pyflow.local.engine.run import Run
from pyflow.local.engine.run_ids import run_id
from pyflow.local.service.clock import Clock, WallClock
from pyflow.local.service.queues import Poll, TaskList, activity_given, decision_given
from pyflow.local.service.removal import Removal
from pyflow.local.service.runs import Runs
from pyflow.local.service.throttle import Throttle
from pyflow.local.service.tokens import Tokens
from pyflow.local.storage.rows import TaskRow, event_of, run_row, run_state
from pyflow.local.storage.store import Store

Answer: TypeAlias = "dict[str, Any] | str | None"
"""A document, the JSON text of one, or nothing."""


class Service:
    """Amazon SWF over one store.

    clock: the wall's unless told otherwise. throttle: without one nobody is throttled. on_lambda: called with
    (run, scheduled event) for each lambda task that waits; without it lambda tasks wait for ever.
    """

    def __init__(
        self, store: Store | None = None, clock: Clock | None = None, throttle: Throttle | None = None
    ) -> None:
        self.store = store or Store()
        self.clock = clock or WallClock()
        self.throttle = throttle
        self.tokens = Tokens(self.store.secret)
        self.on_lambda: Callable[[int, int], None] | None = None
        self._recall()

    def _recall(self) -> None:
        """Start from what the store holds."""
        self.registry = Registry()
        for record in self.store.registrations():
            self.registry.take(record)
        self.runs = Runs(self.store)
        self._lists: dict[tuple[str, str, str], TaskList] = {}
        self._unread = self.store.task_lists()
        """Task lists of which tasks wait in the store, and nobody has asked yet."""
        self._stirred: dict[tuple[str, str, str], None] = {}
        self._outbox: deque[tuple[str, Message | Opening]] = deque()
        self._touched: dict[int, Run] = {}
        self._dues: dict[int, int | None] = {}
        self._places: dict[tuple[int, int], TaskList] = {}
        self.removal = Removal(self.store, self.registry, self.runs)
        self.next_due = self.store.next_due()
        """No deadline comes earlier than this; it may be void by now."""

    # a call, from outside to commit

    def admit(self, operation: str, run: int | None = None) -> None:
        """Let a call be tried, or be about a run; ThrottlingException where there were too many of late."""
        if self.throttle is not None:
            self.throttle.admit(operation, run, self.clock.now())

    def begin(self) -> int:
        """The time of a call, once everything that was due before it has happened."""
        now = self.clock.now()
        if self.next_due is not None and self.next_due <= now:
            self.settle(now)
        return now

    def settle(self, now: int) -> None:
        """Deliver, hand out, and act on what became due at once, until nothing is left to do."""
        while True:
            while self._outbox:
                self._deliver(*self._outbox.popleft(), now)
            if self._stirred:
                self._hand_out(now)
                continue
            self._index_deadlines()
            if self.next_due is None or self.next_due > now or not self._expire_one(now):
                return

    def commit(self) -> None:
        """Make every change durable; after a failure nothing since the last commit has happened."""
        try:
            self.store.commit()
        except BaseException:
            self.store.rollback()
            self._recall()
            raise
        self.runs.trim()

    def abandon(self) -> None:
        """Undo everything since the last commit: something went wrong half-way."""
        self.store.rollback()
        self._recall()

    def sweep(self) -> bool:
        """Do a little of what retention asks for by now; whether more is left to do."""
        if self.removal.bite(self.clock.now()):
            return True
        if self.removal.shrunk:
            self.commit()
            self.store.settle()
            self.removal.shrunk = False
        return False

    # records

    def register(self, records: list[Registration]) -> None:
        """Take records of domains and types."""
        for record in records:
            self.registry.take(record)
            self.store.register(record)

    def perform(self, run: Run, records: Records, now: int) -> None:
        """Apply and store the records of a run, one by one; what it tells others waits in the outbox."""
        for record in within_limit(run, records, now):
            if isinstance(record, Opening) and record.parent is None:
                # what a run continues as goes before all else: nobody may take its workflow id in between
                self._outbox.appendleft((run.domain, record))
                continue
            if isinstance(record, Message | Opening):
                self._outbox.append((run.domain, record))
                continue
            apply(run, record)
            if isinstance(record, Event):
                self.store.append(run.key, record)
                self._follow(run, record)
            else:
                self.store.beat(run.key, record)
        self._touched[run.key] = run

    def open_run(self, domain: str, execution: Execution, attributes: dict[str, Any], now: int) -> Run:
        """Open a run that nothing forbids."""
        run = self.runs.create(domain, execution)
        self.perform(run, start(run, attributes, now), now)
        self.store.add_run(run_row(run, None))
        return run

    def new_run_id(self) -> str:
        """A run id of no other run."""
        return run_id(secrets.token_bytes(32))

    def world(self, domain: str) -> World:
        """What a decision of that domain can depend on."""
        known = World(self.registry, self.runs.open_counts.get(domain, 0))
        throttle = self.throttle
        if throttle is None:
            return known
        now = self.clock.now()
        return known._replace(
            spent=lambda decision: throttle.spent(decision, now),
            crowded=lambda kind, task_list: throttle.crowded(kind, domain, task_list, now),
        )

    def retention(self, domain: str) -> str:
        """Days that closed runs of a domain are kept, or `NONE`."""
        return self.registry.domain(domain).retention

    def _follow(self, run: Run, event: Event) -> None:
        """Keep task lists and look-ups in step with an event."""
        if self.throttle is not None:
            self.throttle.made(event.type, event.time)
        for move in tasks.moved(run, event):
            if isinstance(move, tasks.Offer):
                self._offer(run, move, event.time)
            else:
                task_list = self._places.pop((run.key, move.scheduled_id), None)
                if task_list is not None:
                    task_list.discard(run.key, move.scheduled_id)
                self.store.drop_task(run.key, move.scheduled_id)
        if event.type in CLOSING:
            self.runs.closed(run)
            self.removal.closed(run)
            self.store.set_state(run.key, run_state(run))
            if run.beaten:
                self.store.forget_beats(run.key)
        elif event.type == "WorkflowExecutionCancelRequested":
            self.store.set_state(run.key, run_state(run))

    def _offer(self, run: Run, task: tasks.Offer, now: int) -> None:
        self.store.last_place += 1
        place = self.store.last_place
        row = TaskRow(run.key, task.scheduled_id, task.kind, run.domain, task.task_list, task.priority, place)
        if task.kind == tasks.LAMBDA:
            if self.on_lambda is not None:
                self.on_lambda(run.key, task.scheduled_id)
        else:
            # the list first: when it is made now, it must not find this row in the store as well
            name = (task.kind, run.domain, task.task_list)
            task_list = self._places[run.key, task.scheduled_id] = self.task_list(*name)
            task_list.add(row)
            self._stirred[name] = None
            if self.throttle is not None:
                self.throttle.scheduled(*name, now)
        self.store.put_task(row)

    def waiting_tasks(self) -> dict[str, tuple[int, int]]:
        """How many tasks of each kind wait, and since when the oldest one has been scheduled."""
        return {
            kind: (count, event_of(next(self.store.texts(run, event, event, False, 1))[1]).time)
            for kind, count, run, event in self.store.waiting()
        }

    # polls

    def task_list(self, kind: str, domain: str, name: str) -> TaskList:
        """A task list; every name has one. kind: `decision` or `activity`."""
        found = self._lists.get((kind, domain, name))
        if found is None:
            found = self._lists[kind, domain, name] = TaskList()
            if (kind, domain, name) in self._unread:
                self._unread.remove((kind, domain, name))
                for row in self.store.tasks(kind, domain, name):
                    found.add(row)
                    self._places[row.run, row.scheduled_id] = found
        return found

    def count_waiting(self, kind: str, domain: str, name: str) -> int:
        """How many tasks wait at a task list."""
        found = self._lists.get((kind, domain, name))
        return len(self.store.tasks(kind, domain, name)) if found is None else len(found)

    def join(self, kind: str, domain: str, name: str, poll: Poll) -> None:
        """Let a poll wait for a task; LimitExceededFault where too many wait already."""
        polls = self.task_list(kind, domain, name).polls
        if len(polls) >= POLLS_OF_A_TASK_LIST:
            raise Fault("LimitExceededFault", f"polls on task list {name}: {POLLS_OF_A_TASK_LIST}")
        polls.append(poll)
        poll.place = (kind, domain, name)
        self._stirred[kind, domain, name] = None

    def leave(self, poll: Poll) -> None:
        """Let a poll wait no longer; a task list that nothing is left of is forgotten."""
        if poll.place is None:
            return
        task_list = self.task_list(*poll.place)
        if poll.given is None and poll in task_list.polls:
            task_list.polls.remove(poll)
        if not task_list.polls and not len(task_list):
            del self._lists[poll.place]

    def _hand_out(self, now: int) -> None:
        stirred, self._stirred = self._stirred, {}
        for name in stirred:
            task_list = self.task_list(*name)
            while task_list.polls and (row := task_list.first()) is not None:
                poll = task_list.next_poll()
                if poll is None:
                    break
                self._give(row, poll, now)
                if poll.given is None:
                    task_list.polls.appendleft(poll)

    def _give(self, row: TaskRow, poll: Poll, now: int) -> None:
        run = self.runs.get(row.run)
        assert run is not None
        if row.kind == tasks.DECISION:
            self.perform(run, decisions.start(run, row.scheduled_id, poll.identity, now), now)
            if run.deciding is not None and run.deciding.scheduled_id == row.scheduled_id:
                poll.given = decision_given(run, run.deciding)
        else:
            self.perform(run, activities.start(run, row.scheduled_id, poll.identity, now), now)
            task = run.activities.by_event.get(row.scheduled_id)
            if run.open and task is not None:
                poll.given = activity_given(run, task)
        if poll.given is not None and poll.wake is not None:
            poll.wake()

    # messages

    def _deliver(self, domain: str, record: Message | Opening, now: int) -> None:
        if isinstance(record, Opening):
            self._open(domain, record, now)
            return
        run = self.runs.match(domain, record.to)
        if run is not None:
            self.perform(run, hear(run, record.news, now), now)
        elif record.otherwise is not None:
            self._outbox.append((domain, record.otherwise))

    def _open(self, domain: str, opening: Opening, now: int) -> None:
        news: ChildStarted | ChildNotStarted | None = None
        if self.runs.open(domain, opening.execution.workflow_id) is None:
            self.open_run(domain, opening.execution, opening.attributes, now)
            if opening.parent is not None:
                news = ChildStarted(opening.parent[1], opening.execution)
        elif opening.parent is not None:
            news = ChildNotStarted(opening.parent[1], "WORKFLOW_ALREADY_RUNNING")
        if opening.parent is not None and news is not None:
            self._outbox.append((domain, Message(opening.parent[0], news)))

    # deadlines

    def _index_deadlines(self) -> None:
        for key, run in self._touched.items():
            first = soonest(run)
            at = None if first is None else first.at
            if key not in self._dues or self._dues[key] != at:
                self._dues[key] = at
                self.store.set_due(key, at)
            if not run.open:
                del self._dues[key]
            elif at is not None and (self.next_due is None or at < self.next_due):
                self.next_due = at
        self._touched.clear()

    def _expire_one(self, now: int) -> bool:
        """Act on the earliest deadline if it has come; else learn when the next one does."""
        key = self.store.first_due(now)
        if key is None:
            self.next_due = self.store.next_due()
            return False
        run = self.runs.get(key)
        assert run is not None
        deadline = soonest(run)
        if deadline is not None and deadline.at <= now:
            self.perform(run, expire(run, deadline, now), now)
        self._dues.pop(key, None)
        self._touched[key] = run
        return True
