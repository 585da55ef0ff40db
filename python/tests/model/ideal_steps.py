"""Of the plain interpreter: what SWF can be asked for, and what comes of it."""

from __future__ import annotations

from itertools import count

from model.ideal_run import Run
from model.ideal_world import Canceled, Future, Operation, Scope


class Asking(Run):
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

            child = type(self)(self.world, described.block, described.on_cancel, self.window, close)

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
