"""Random programs, and random faults, for hypothesis to draw."""

from __future__ import annotations

from hypothesis import strategies as st
from model import program as p
from model.faulty import DELAYS, FAULTS
from model.program import UNIT, Program

TIMED = 13
"""How much of a program takes time at most. Each duration has a bit of its own, so that hardly two sums are equal."""
NAMES = ("a", "b")


class Drawing:
    """One program being drawn."""

    def __init__(self, draw):
        self.draw, self.timed, self.labels = draw, 0, 0

    def seconds(self):
        rough = self.draw(st.integers(0, 3))
        self.timed += 1
        return UNIT * ((rough << TIMED) + (1 << (self.timed - 1)))

    def has_time(self):
        return self.timed < TIMED

    def label(self, kind):
        self.labels += 1
        return f"{kind}{self.labels}"

    def maybe_seconds(self):
        return self.seconds() if self.has_time() and self.draw(st.booleans()) else None

    def one_of(self, *choices):
        return self.draw(st.sampled_from(choices))

    def which(self):
        return self.draw(st.integers(-3, 5))

    def several(self):
        return tuple(self.draw(st.lists(st.integers(-3, 5), min_size=1, max_size=4)))

    def block(self, depth, at_most=4, at_least=1):
        return tuple(self.statement(depth) for _ in range(self.draw(st.integers(at_least, at_most))))

    def statement(self, depth):
        kinds = [
            "await",
            "all",
            "any",
            "cancel",
            "peek",
            "receive",
            "until",
            "bump",
            "once",
            "clock",
            "leave",
            "marked",
        ]
        if depth < 3:
            kinds.append("fail")
        if self.has_time():
            kinds = ["start", "sleep", "start", "steps", "start", *kinds]
        if depth:
            kinds += ["map", "scope", "scope", "shield", "guard", "guard"]
            if self.has_time():
                kinds += ["limit", "limit"]
        return getattr(self, self.one_of(*kinds))(depth)

    def sleep(self, depth):
        return p.Sleep(self.label("sleep"), self.seconds())

    def start(self, depth):
        kinds = ["timer", "activity", "activity", "tell", "handler"]
        if depth:
            kinds += ["child", "line", "line"]
        kind = self.one_of(*kinds)
        return p.Start(self.label(kind), getattr(self, f"a_{kind}")(depth))

    def a_timer(self, depth):
        return p.Timer(self.seconds())

    def a_activity(self, depth):
        tries = self.draw(st.integers(1, 3))
        attempts = [(self.one_of("ok", "fail", "hang"), self.seconds())]
        if tries > 1 and self.has_time():
            attempts.append((self.one_of("ok", "fail"), self.seconds()))
        first = (self.maybe_seconds() or 0) if tries > 1 else 0
        return p.Activity(tuple(attempts), tries, first, self.maybe_seconds(), self.maybe_seconds())

    def a_child(self, depth):
        rest = tuple(each for each in self.block(depth - 1, 3) if not _starts_child(each))
        return p.Child((self.sleep(0), *rest), self.one_of("stop", "raise"))

    def a_line(self, depth):
        return p.Line(self.block(depth - 1, 4))

    def a_tell(self, depth):
        return p.Tell(self.one_of(*NAMES), self.label("said"))

    def a_handler(self, depth):
        return p.Handler(self.one_of(*NAMES))

    def all(self, depth):
        return p.AwaitAll(self.several(), self.maybe_seconds())

    def any(self, depth):
        return p.AwaitAny(self.several(), self.maybe_seconds())

    # `await` is no name: see below

    def cancel(self, depth):
        return p.Cancel(self.which(), self.draw(st.booleans()))

    def peek(self, depth):
        return p.Peek(self.which())

    def receive(self, depth):
        return p.Receive(self.one_of(*NAMES), self.maybe_seconds())

    def until(self, depth):
        return p.Until(self.draw(st.integers(1, 3)), self.maybe_seconds())

    def bump(self, depth):
        return p.Bump()

    def once(self, depth):
        return p.Once(self.label("once"))

    def fail(self, depth):
        return p.Fail(self.label("fail"))

    def clock(self, depth):
        return p.Clock()

    def marked(self, depth):
        kinds = [
            p.Patched(self.one_of(*NAMES)),
            p.Version(self.one_of(*NAMES), self.draw(st.integers(0, 2))),
            p.State(self.label("state")),
        ]
        return self.one_of(*kinds)

    def leave(self, depth):
        return p.CancelScope()

    def width(self):
        return self.one_of(None, 1, 2)

    def map(self, depth):
        items = tuple(self.block(depth - 1, 2) for _ in range(self.draw(st.integers(1, 3))))
        return p.Map(self.label("map"), items, self.width())

    def steps(self, depth):
        items = []
        while self.has_time() and len(items) < 3:
            items.append(
                p.Activity(((self.one_of("ok", "ok", "fail"), self.seconds()),), yields=self.maybe_seconds())
            )
        return p.MapSteps(self.label("map"), tuple(items), self.width())

    def scope(self, depth):
        return p.Scope(self.label("scope"), self.block(depth - 1), self.maybe_seconds())

    def shield(self, depth):
        return p.Shield(self.block(depth - 1, 3))

    def guard(self, depth):
        return p.Guard(self.block(depth - 1), self.block(depth - 1, 2), self.draw(st.booleans()))

    def limit(self, depth):
        return p.Limit(self.label("limit"), self.seconds(), self.block(depth - 1))

    def action(self):
        what = self.one_of("signal", "signal", "signal", "cancel")
        name, value = (self.one_of(*NAMES), self.label("said")) if what == "signal" else ("", "")
        return p.Action(self.seconds(), what, name, value, self.draw(st.booleans()))


setattr(Drawing, "await", lambda self, depth: p.Await(self.which(), depth < 3 and self.draw(st.booleans())))


def _starts_child(statement):
    return "Child(" in repr(statement)


@st.composite
def programs(draw):
    drawing = Drawing(draw)
    actions = tuple(drawing.action() for _ in range(draw(st.integers(0, 2))))
    block = drawing.start(3), drawing.start(3), *drawing.block(3, 8, 4)
    if draw(st.integers(0, 5)) == 5:
        block = *block, p.Renew(drawing.label("next"), drawing.block(2))
    return Program(
        block, actions, drawing.one_of("raise", "raise", "stop"), draw(st.sampled_from([1000, 1000, 3, 2]))
    )


@st.composite
def faults(draw):
    """At most four that cost time, so that they delay a program by less than half a UNIT."""
    length = draw(st.sampled_from([6, 0, 15]))
    found = draw(st.lists(st.sampled_from(list(FAULTS)), min_size=length, max_size=length))
    left, kept = 4, []
    for each in found:
        if each in DELAYS:
            left -= 1
        if left >= 0 or each not in DELAYS:
            kept.append(each)
    return tuple(kept)
