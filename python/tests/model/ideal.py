"""What a program comes to, by a plain interpreter: generators and a heap of events, no SWF, no history, no replay.

A run takes turns: all its news, then its code until everything waits, then what it asked for takes effect.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field
from itertools import count

from model import program as p
from model.program import UNIT, forever


class Undetermined(Exception):
    """The program's outcome is open: two things happen at once, or it met what is known to be left open."""


@dataclass
class Result:
    status: str
    notes: list[str]
    activities: list[str]
    """Which attempts began, in their order."""


def ideal(program: p.Program) -> Result:
    """Raises Undetermined."""
    world = World()
    main = Run(world, program.block, program.on_cancel, program.window)
    world.main = main
    main.learn(main.begin)
    for action in program.actions:
        world.at(action.at, lambda action=action: world.main.client(action), None)
    world.settle()
    while world.main.status is None:
        world.step()
    main = world.main
    notes = main.result if main.status == "COMPLETED" else main.notes
    return Result(main.status, notes, world.activities)


class World:
    def __init__(self):
        self.now, self.main, self.children, self.activities = 0, None, deque(), []
        self._heap, self._count, self._last = [], count(), -UNIT

    def at(self, time, happen, run):
        heapq.heappush(self._heap, (time, next(self._count), happen, run))

    def step(self):
        if not self._heap:
            raise Undetermined("nothing happens any more")
        self.now, _, happen, run = heapq.heappop(self._heap)
        if (run is None or run.status is None) and happen():
            if self.now - self._last < UNIT:
                raise Undetermined("two things happen at once")
            self._last = self.now
            self.settle()

    def settle(self):
        """The workflow's own turns come first, then those of its children in the order in which they have news."""
        while self.main.status is None:
            if self.main.news:
                self.main.turn()
            elif self.children:
                self.children.popleft().turn()
            else:
                break


class Scope:
    def __init__(self, parent, shield=False):
        self.parent, self.shield, self.canceled, self.expired = parent, shield, False, False

    def outwards(self):
        scope = self
        while scope is not None:
            yield scope
            scope = scope.parent


def is_inside(scope, outer):
    return any(each is outer for each in scope.outwards())


def is_reached(scope, outer):
    for each in scope.outwards():
        if each is outer:
            return True
        if each.shield:
            return False
    return False


class Canceled(BaseException):
    def __init__(self, scope, cause):
        super().__init__(cause)
        self.scope = scope


class Renewing(BaseException):
    def __init__(self, block):
        super().__init__()
        self.block = block


class Late(Exception):
    pass


@dataclass(eq=False)
class Future:
    kind: str
    scope: Scope
    outcome: tuple | None = None
    settled_as: int = 0
    waiters: list = field(default_factory=list)
    listener: object = None
    again: object = None
    on_cancel: object = None
    cancel_asked: bool = False
    operation: Operation | None = None

    @property
    def done(self):
        return self.outcome is not None

    def value(self):
        how, value = self.outcome
        if how == "ok":
            return value
        if how == "raised":
            raise value
        raise Unsuccessful(how if value is None else f"{how} {value}")


class Unsuccessful(Exception):
    """Of a step: canceled, timed out, failed and why."""


@dataclass(eq=False)
class Operation:
    """What SWF is asked for. begin: called when it is; ended: SWF will say no more of it."""

    kind: str
    future: Future | None
    begin: object
    ended: bool = False
    cancel: object = None
    started: bool = False


class Fiber:
    def __init__(self, code, scope):
        self.code, self.scope, self.is_ready, self.is_dead, self.has_begun = code, scope, True, False, False
        self.pending: list[tuple[Scope, str]] = []

    def told(self):
        """The outermost of the cancels that reach it."""
        reached = [each for each in self.pending if is_reached(self.scope, each[0])]
        return min(reached, key=lambda each: len(list(each[0].outwards())), default=None)

    def tell(self, told):
        self.pending.remove(told)
        return Canceled(*told)


@dataclass
class Here:
    handles: list = field(default_factory=list)
    scopes: list = field(default_factory=list)

    def copy(self):
        return Here(list(self.handles), list(self.scopes))


class Run:
    def __init__(self, world, block, on_cancel, window, parent=None):
        self.world, self.block, self.on_cancel, self.window, self.parent = (
            world,
            block,
            on_cancel,
            window,
            parent,
        )
        self.replies = []  # what comes of messages to others: after all messages
        self.news, self.races, self.status, self.result, self.close = [], [], None, None, None
        self.notes, self.count, self.began = [], 0, world.now
        self.whole = Scope(None)
        self.fibers, self.ready, self.conditions, self.current = [], [], {}, None
        self.outbox, self.open, self.settled = [], [], 0
        self.channels, self.unread = {}, []  # by name, and all in their order

    # turns

    def learn(self, news):
        if self.status is None:
            if not self.news and self.parent is not None and self not in self.world.children:
                self.world.children.append(self)
            self.news.append(news)

    def begin(self):
        self.began = self.world.now
        self.spawn_fiber(self.main(), self.whole)

    def turn(self):
        if self.status is not None:
            return
        news, self.news = self.news, []
        for each in news:
            each()
        if self.close is None:
            self.run()
        races, self.races = self.races, []
        for action in races:
            self.learn(lambda action=action: self.hear(action))
        if self.close is not None and self.close[0] == "RENEWED":
            self.renew()
            return
        if self.close is not None:
            self.status, self.result = self.close
            if self.parent is not None:
                self.parent()
            return
        going, kept, rooms = [], [], {}
        canceled = sum(each.kind == "cancel of timer" for each in self.outbox)
        for each in self.outbox:
            if each.kind in ("timer", "activity", "child"):
                made = canceled if each.kind == "timer" else 0
                room = rooms.setdefault(each.kind, self.window - self.opened(each.kind) + made)
                rooms[each.kind] -= 1
                (going if room > 0 else kept).append(each)
            else:
                going.append(each)
        self.outbox = kept
        for each in going:
            if each.future is not None:
                self.open.append(each)
            each.begin()
        replies, self.replies = self.replies, []
        for each in replies:
            self.learn(each)

    def renew(self):
        """News that comes while the run ends is taken before."""
        if any(each.kind == "signal" for each in self.outbox):
            raise Undetermined("a signal is sent in the breath in which the run ends")
        news, self.news = self.news, []
        for each in news:
            each()
        self.status = self.close[0]
        if self.status == "RENEWED":
            run = Run(self.world, self.close[1], self.on_cancel, self.window)
            run.unread = self.unread
            for name, value in self.unread:
                run.channel(name)[0].append(value)
            self.world.main = run
            run.learn(run.begin)

    def opened(self, kind):
        return sum(each.kind == kind for each in self.open)

    def end(self, status, result=None):
        if self.close is None:
            self.close = status, result

    def client(self, action):
        if action.races:
            self.races.append(action)
        else:
            self.learn(lambda: self.hear(action))
        return True

    def hear(self, action):
        if action.what == "signal":
            self.put(action.name, action.value)
        else:
            self.cancel_run()

    def cancel_run(self):
        if self.close is not None and self.close[0] == "RENEWED":
            self.close = "CANCELED", None
        if self.close is not None:
            return
        if self.on_cancel == "stop":
            self.end("CANCELED")
        else:
            self.cancel_scope(self.whole, "")

    def put(self, name, value):
        unread, readers = self.channel(name)
        unread.append(value)
        self.unread.append((name, value))
        if readers:
            self.wake(readers[0])

    def channel(self, name):
        return self.channels.setdefault(name, ([], []))

    # fibers

    def spawn_fiber(self, code, scope):
        fiber = Fiber(code, scope)
        self.fibers.append(fiber)
        self.ready.append(fiber)
        return fiber

    def run(self):
        while self.close is None and (self.ready or self.wake_by_condition()):
            fiber = self.ready.pop(0)
            fiber.is_ready, self.current = False, fiber
            try:
                told = fiber.told() if fiber.has_begun else None
                fiber.has_begun = True
                if told:
                    fiber.code.throw(fiber.tell(told))
                else:
                    next(fiber.code)
            except StopIteration:
                fiber.is_dead = True
                self.fibers.remove(fiber)
            self.current = None

    def wake(self, fiber):
        if not fiber.is_ready and not fiber.is_dead and fiber is not self.current:
            fiber.is_ready = True
            self.ready.append(fiber)

    def wake_by_condition(self):
        for fiber, condition in list(self.conditions.items()):
            if condition():
                self.wake(fiber)
        return bool(self.ready)

    def park(self):
        told = self.current.told()
        if told:
            raise self.current.tell(told)
        yield

    def wait(self, *futures):
        for each in futures:
            if self.current not in each.waiters:
                each.waiters.append(self.current)
        yield from self.park()

    def wait_until(self, condition):
        fiber = self.current
        while not condition():
            self.conditions[fiber] = condition
            try:
                yield from self.park()
            finally:
                self.conditions.pop(fiber, None)

    # futures

    def settle(self, future, outcome):
        if future.done or (future.again is not None and future.again(outcome)):
            return
        self.settled += 1
        future.outcome, future.settled_as = outcome, self.settled
        future.again = future.on_cancel = None
        listener, future.listener = future.listener, None
        if listener is not None:
            listener()
        for fiber in future.waiters:
            self.wake(fiber)

    def cancel(self, future, wait=True):
        if future.done:
            return
        if future.operation in self.outbox:
            self.outbox.remove(future.operation)
            self.settle(future, ("canceled", None))
            return
        settled = not wait
        if future.on_cancel is not None:
            settled = future.on_cancel() or settled
        elif future.kind in ("timer", "activity", "child"):
            if not future.cancel_asked:
                future.cancel_asked = True
                settled = future.operation.cancel() or settled
        else:
            return
        if settled:
            self.settle(future, ("canceled", None))

    def cancel_scope(self, scope, cause):
        futures = [each.future for each in self.open] + [each.future for each in self.outbox if each.future]
        was_canceled, scope.canceled = scope.canceled, True
        for future in dict.fromkeys(futures):
            if not future.done and is_reached(future.scope, scope):
                self.cancel(future)
        if was_canceled:
            return
        for fiber in self.fibers:
            if is_inside(fiber.scope, scope):
                fiber.pending.append((scope, cause))
                if fiber.told():
                    self.wake(fiber)

    def enter(self, scope):
        self.current.scope = scope

    def leave(self, scope):
        fiber = self.current
        if fiber is None:  # a generator that is thrown away
            return
        fiber.scope = scope.parent
        fiber.pending = [each for each in fiber.pending if each[0] is not scope]

    def ask(self, operation):
        operation.future.operation = operation
        self.outbox.append(operation)

    def ended(self, operation, outcome):
        """News: SWF says how it ended."""

        def news():
            self.open.remove(operation)
            self.settle(operation.future, outcome)

        def happen():
            if operation.ended:
                return False
            operation.ended = True
            self.learn(news)
            return True

        return happen

    # operations

    def timer(self, seconds, scope=None):
        future = Future("timer", scope or self.current.scope)
        operation = Operation("timer", future, None)

        def begin():
            self.world.at(self.world.now + seconds, self.ended(operation, ("ok", None)), self)

        def cancel():
            def take():
                if not operation.ended:
                    operation.ended = True
                    self.open.remove(operation)

            self.outbox.append(Operation("cancel of timer", None, take))
            return True

        operation.begin, operation.cancel = begin, cancel
        self.ask(operation)
        return future

    def activity(self, label, described):
        future = Future("activity", self.current.scope)

        def attempt(number):
            how, seconds = described.attempts[min(number, len(described.attempts)) - 1]
            if how == "hang" or (described.timeout is not None and described.timeout < seconds):
                how, seconds = "timed out", described.timeout
            outcome = {
                "ok": ("ok", f"{label}.{number}"),
                "fail": ("failed", "Busy"),
                "timed out": ("timed out", None),
            }
            operation = Operation("activity", future, None)

            def begin():
                self.world.activities.append(f"{label}.{number}")
                if seconds is not None:
                    self.world.at(self.world.now + seconds, self.ended(operation, outcome[how]), self)

            def cancel():
                def take():
                    if described.yields is not None:
                        canceled = self.ended(operation, ("canceled", None))
                        self.world.at(self.world.now + described.yields, canceled, self)

                self.outbox.append(Operation("cancel", None, take))
                return False

            operation.begin, operation.cancel = begin, cancel
            self.ask(operation)

        number = count(2)
        left = described.tries - 1

        def again(outcome):
            nonlocal left
            if outcome[0] not in ("failed", "timed out") or left == 0 or future.cancel_asked or self.close:
                return False
            left -= 1
            if described.first == 0:
                attempt(next(number))
                return True
            timer = self.timer(described.first, future.scope)

            def cancel():
                self.cancel(timer)
                return True

            def go_on():
                future.on_cancel = None
                if timer.outcome[0] == "ok" and not self.close:
                    attempt(next(number))
                else:
                    future.again = None
                    self.settle(future, timer.outcome)

            future.on_cancel, timer.listener = cancel, go_on
            return True

        future.again = again if described.tries > 1 else None
        attempt(1)
        return future

    def child(self, described):
        future = Future("child", self.current.scope)
        operation = Operation("child", future, None)

        def begin():
            def close():
                how = {"COMPLETED": ("ok", child.result), "CANCELED": ("canceled", None)}
                self.ended(operation, how.get(child.status, ("failed", "Caught")))()

            child = Run(self.world, described.block, described.on_cancel, self.window, close)

            def started():
                operation.started = True
                if future.cancel_asked:
                    request()

            def request():
                def take():
                    child.learn(child.cancel_run)
                    self.replies.append(lambda: None)

                self.outbox.append(Operation("cancel", None, take))

            def cancel():
                if operation.started:
                    request()
                return False

            operation.cancel = cancel
            self.replies.append(started)
            child.learn(child.begin)

        operation.begin = begin
        self.ask(operation)
        return future

    def tell(self, name, value):
        future = Future("signal", self.current.scope)
        operation = Operation("signal", future, None)

        def ended():
            self.open.remove(operation)
            self.settle(future, ("ok", None))

        def begin():
            self.learn(lambda: self.put(name, value))
            self.replies.append(ended)

        operation.begin = begin
        self.ask(operation)
        return future

    def spawn(self, code):
        outer = self.current.scope
        scope, future = Scope(outer), Future("line", outer)

        def cancel():
            self.cancel_scope(scope, "")
            return False

        def body():
            try:
                outcome = ("canceled", None) if self.current.told() else ("ok", (yield from code))
            except Canceled:
                outcome = "canceled", None
            except Exception as error:
                outcome = "raised", error
            self.settle(future, outcome)

        future.on_cancel = cancel
        self.spawn_fiber(body(), scope)
        return future

    # what a program says

    def note(self, text):
        self.notes.append(text)

    def main(self):
        try:
            try:
                yield from self.within(forever(self.parent), self.walk(self.block, Here()))
            except Late:
                self.note("for ever")
            self.end("COMPLETED", list(self.notes))
        except Renewing as renewing:
            self.end("RENEWED", renewing.block)
        except Canceled:
            self.end("CANCELED")
        except Exception:
            self.end("FAILED")

    def walk(self, block, here):
        for each in block:
            yield from getattr(self, f"do_{type(each).__name__.lower()}")(each, here)

    def line(self, block, here):
        yield from self.walk(block, here)
        return "done"

    def inside(self, scope, code):
        """A block of code in a scope; whether it was canceled with the scope."""
        self.enter(scope)
        try:
            yield from code
        except (Canceled, Renewing, Exception) as error:
            self.leave(scope)
            self.cancel_scope(scope, "")
            if isinstance(error, Canceled) and error.scope is scope:
                return True
            raise
        self.leave(scope)
        return False

    def limit(self, seconds):
        scope, timer = Scope(self.current.scope), self.timer(seconds)

        def fired():
            if timer.outcome[0] == "ok":
                scope.expired = True
                self.cancel_scope(scope, f"not done within {seconds} seconds")

        timer.listener = fired
        return scope, timer

    def within(self, seconds, code, limit=None):
        scope, timer = limit or self.limit(seconds)
        try:
            canceled = yield from self.inside(scope, code)
        finally:
            self.cancel(timer)
        if canceled and scope.expired:
            raise Late

    def picked(self, which, here):
        return (
            list(dict.fromkeys(here.handles[each % len(here.handles)] for each in which))
            if here.handles
            else []
        )

    def result_of(self, future):
        while not future.done:
            yield from self.wait(future)
        return future.value()

    def do_sleep(self, each, here):
        yield from self.result_of(self.timer(each.seconds))
        self.note(f"slept {each.label}")

    def do_start(self, each, here):
        operation, label = each.operation, each.label
        if isinstance(operation, p.Timer):
            future = self.timer(operation.seconds)
        elif isinstance(operation, p.Activity):
            future = self.activity(label, operation)
        elif isinstance(operation, p.Child):
            future = self.child(operation)
        elif isinstance(operation, p.Line):
            future = self.spawn(self.line(operation.block, here.copy()))
        elif isinstance(operation, p.Tell):
            future = self.tell(operation.name, operation.value)
        else:
            future = self.spawn(self.handler(operation.name))
        here.handles.append((label, future))
        yield from ()

    def handler(self, name):
        while True:
            value = yield from self.receive(name)
            self.count += 1
            self.note(f"handled {value}")

    def do_await(self, each, here):
        for label, future in self.picked([each.which], here):
            try:
                value = yield from self.result_of(future)
            except Exception as error:
                self.note(f"{label}: {kind(error)}")
                if each.raising:
                    raise
            else:
                self.note(f"{label} = {value}")

    def all_of(self, futures, timer):
        for each in futures:
            while not each.done:
                if timer and timer.done:
                    return False
                yield from self.wait(*([timer] if timer else []), each)
        return True

    def any_of(self, futures, timer):
        while (futures or timer) and not any(each.done for each in futures):
            if timer and timer.done:
                return False
            yield from self.wait(*([timer] if timer else []), *futures)
        return True

    def await_several(self, each, here, several):
        picked = self.picked(each.which, here)
        futures = [future for _, future in picked]
        timer = None if each.limit is None else self.timer(each.limit)
        if not (yield from several(futures, timer)):
            self.note("late")
            return
        if timer and not timer.done:
            self.cancel(timer)
        done = sorted((f.settled_as, label) for label, f in picked if f.done)
        self.note("done: " + " ".join(label for _, label in done))

    def do_awaitall(self, each, here):
        yield from self.await_several(each, here, self.all_of)

    def do_awaitany(self, each, here):
        yield from self.await_several(each, here, self.any_of)

    def do_cancel(self, each, here):
        for _, future in self.picked([each.which], here):
            self.cancel(future, each.wait)
        yield from ()

    def do_peek(self, each, here):
        for label, future in self.picked([each.which], here):
            self.note(f"{label}: done={future.done} succeeded={future.done and future.outcome[0] == 'ok'}")
        yield from ()

    def map(self, start, items, width):
        fiber, futures, ended = self.current, [], []

        def end(future):
            ended.append(future)
            self.wake(fiber)

        try:
            for finished in range(len(items)):
                while len(futures) < len(items) and (width is None or len(futures) - finished < width):
                    future = start(len(futures) + 1, items[len(futures)])
                    futures.append(future)
                    future.listener = lambda future=future: end(future)
                while not ended:
                    yield from self.park()
                ended.pop(0).value()
        except (Canceled, Renewing, Exception):
            for each in futures:
                self.cancel(each)
            raise
        return [each.value() for each in futures]

    def do_map(self, each, here):
        def start(position, item):
            return self.spawn(self.line(item, here.copy()))

        found = yield from self.map(start, each.items, each.width)
        self.note(f"{each.label} = {found}")

    def do_mapsteps(self, each, here):
        def start(position, item):
            return self.activity(f"{each.label}.{position}", item)

        found = yield from self.map(start, each.items, each.width)
        self.note(f"{each.label} = {found}")

    def do_scope(self, each, here):
        scope = Scope(self.current.scope)
        if each.canceled_after is not None:
            self.spawn(self.cancel_later(scope, each.canceled_after))
        here.scopes.append(scope)
        try:
            yield from self.inside(scope, self.walk(each.block, here))
        finally:
            here.scopes.pop()
        self.note(f"left {each.label}, canceled={scope.canceled}")

    def cancel_later(self, scope, seconds):
        yield from self.result_of(self.timer(seconds))
        self.cancel_scope(scope, "later")

    def do_cancelscope(self, each, here):
        if here.scopes:
            self.cancel_scope(here.scopes[-1], "here")
        yield from ()

    def do_shield(self, each, here):
        scope = Scope(self.current.scope, shield=True)
        self.enter(scope)
        try:
            yield from self.walk(each.block, here)
        finally:
            self.leave(scope)

    def do_limit(self, each, here):
        try:
            yield from self.within(each.seconds, self.walk(each.block, here))
        except Late:
            self.note(f"{each.label} is over")

    def receive(self, name):
        unread, readers = self.channel(name)
        fiber = self.current
        readers.append(fiber)
        try:
            while not (unread and readers[0] is fiber):
                yield from self.park()
            value = unread.pop(0)
            self.unread.remove((name, value))
            return value
        finally:
            readers.remove(fiber)
            if unread and readers:
                self.wake(readers[0])

    def receive_in_time(self, name, seconds):
        unread, readers = self.channel(name)

        def in_time():
            try:
                value = yield from self.receive(name)
            except Canceled as canceled:
                if not (canceled.scope is limit[0] and unread and not readers):
                    raise
                value = yield from self.receive(name)
            found.append(value)

        found = []
        if seconds is None or (unread and not readers):
            return (yield from self.receive(name))
        limit = self.limit(seconds)
        yield from self.within(seconds, in_time(), limit)
        return found[0]

    def do_receive(self, each, here):
        try:
            value = yield from self.receive_in_time(each.name, each.limit)
        except Late:
            self.note(f"no {each.name}")
        else:
            self.count += 1
            self.note(f"received {value}")

    def do_until(self, each, here):
        def counted():
            return self.count >= each.count

        try:
            if not counted():
                waiting = self.wait_until(counted)
                yield from waiting if each.limit is None else self.within(each.limit, waiting)
        except Late:
            self.note(f"never {each.count}")
        else:
            self.note(f"counted {each.count}")

    def do_bump(self, each, here):
        self.count += 1
        yield from ()

    def do_once(self, each, here):
        self.note(f"once {each.label}")
        yield from ()

    def do_guard(self, each, here):
        try:
            yield from self.walk(each.block, here)
        except Canceled as canceled:
            self.note("canceled " + str(canceled).split(" within")[0])
            yield from self.do_shield(p.Shield(each.clean_up), here)
            if not each.swallows:
                raise
        except Exception as error:
            self.note(f"caught {kind(error)}")

    def do_renew(self, each, here):
        for pending in self.current.pending:
            if pending[0] is self.whole:
                raise self.current.tell(pending)
        raise Renewing(each.block)
        yield

    def do_fail(self, each, here):
        raise ValueError(each.label)
        yield

    def do_clock(self, each, here):
        self.note(f"at {round((self.world.now - self.began) / UNIT)}")
        yield from ()


def kind(error):
    return str(error) if isinstance(error, Unsuccessful) else f"{type(error).__name__} {error}"
