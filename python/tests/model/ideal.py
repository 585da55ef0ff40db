"""What a program comes to, by a plain interpreter: generators and a heap of events, no SWF, no history, no replay.

A run takes turns: all its news, then its code until everything waits, then what it asked for takes effect.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model import program as p
from model.ideal_steps import Asking
from model.ideal_world import Canceled, Late, Renewing, Scope, Unsuccessful, World
from model.program import UNIT, forever


@dataclass
class Result:
    status: str
    notes: list[str]
    activities: list[str]
    """Which attempts began, in their order."""


def ideal(program: p.Program) -> Result:
    """Raises Undetermined."""
    world = World()
    main = Programmed(world, program.block, program.on_cancel, program.window)
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


@dataclass
class Here:
    handles: list = field(default_factory=list)
    scopes: list = field(default_factory=list)

    def copy(self):
        return Here(list(self.handles), list(self.scopes))


class Programmed(Asking):
    """A run that goes through a program."""

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

    def do_patched(self, each, here):
        self.note(f"patched {each.id} True")
        yield from ()

    def do_version(self, each, here):
        self.note(f"version {each.id} {self.versions.setdefault(each.id, each.choose)}")
        yield from ()

    def do_state(self, each, here):
        yield from ()


def kind(error):
    return str(error) if isinstance(error, Unsuccessful) else f"{type(error).__name__} {error}"
