"""Of the plain interpreter: a run, its turns, its fibers, and what they may ask for."""

from __future__ import annotations

from model.ideal_world import Fiber, Scope, Undetermined, is_inside, is_reached


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
        self.versions = {}  # what a run said first
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
            run = type(self)(self.world, self.close[1], self.on_cancel, self.window)
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
