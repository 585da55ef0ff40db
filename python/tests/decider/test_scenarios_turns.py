"""Every way through a history that the reader of turns has: one scenario each, and no line of it is left out."""

from __future__ import annotations

import sys
from types import CodeType, FunctionType

import pytest

from pyflow.decider.record import attributes_of
from pyflow.errors import DeciderException
from pyflow.history import turns
from pyflow.history.turns import Confirmation, TurnReader
from pyflow.testing.story import HistoryBuilder

STAMP = '{"$pyflow":1,"behaviour":1}'
VOID = '{"$pyflow":1,"void":true,"reason":"not known here","since":"2026-01-01T00:00:00Z"}'


def begun():
    return HistoryBuilder().turn()


def two_timers():
    return begun().decided(STAMP).timer("sleep1").timer("sleep2")


def split():
    """The first answer is in two parts, the second of which is asked for."""
    return two_timers().timer("pyflow.split1", 0).fired("pyflow.split1").turn()


def refused_timer(story, own_id):
    return story.refused("StartTimerFailed", "TIMER_CREATION_RATE_EXCEEDED", timerId=own_id)


def parked(story, number=1):
    """The task that was started is answered void."""
    return story.decided(VOID).timer(f"pyflow.void{number}")


def signaled(name):
    return lambda story: story.signaled(name)


SCENARIOS = {
    "the first turn": ([begun()], ["decide 3: Started"]),
    "a turn whose answer is recorded": (
        [two_timers().fired("sleep1").turn()],
        ["turn 3: Started; sleep1 sleep2", "decide 9: sleep1 fired"],
    ),
    "a confirmation of what was answered": (
        [begun(), two_timers().fired("sleep1").turn()],
        ["decide 3: Started", "confirmed: sleep1 sleep2", "decide 9: sleep1 fired"],
    ),
    "events that were read already": (
        [begun(), begun()],
        ["decide 3: Started"],
    ),
    "news while the answer is made": (
        [begun().signaled("late").decided(STAMP).timer("sleep1").turn()],
        ["turn 3: Started; sleep1", "decide 8: late"],
    ),
    "news while the answer is made, and a confirmation": (
        [begun(), begun().signaled("late").decided(STAMP).timer("sleep1").turn()],
        ["decide 3: Started", "confirmed: sleep1", "decide 8: late"],
    ),
    "a task that timed out": (
        [begun().turn_timed_out().turn()],
        ["decide 6: Started"],
    ),
    "a task that timed out behind an answer": (
        [two_timers().fired("sleep1").turn().turn_timed_out().signaled("late").turn()],
        ["turn 3: Started; sleep1 sleep2", "decide 13: sleep1 fired, late"],
    ),
    "a task that timed out after it was answered": (
        [begun(), begun().turn_timed_out().turn()],
        ["decide 3: Started", "! the decision task that was answered last has timed out"],
    ),
    "a void answer": (
        [parked(begun()).fired("pyflow.void1").turn()],
        ["decide 8: Started"],
    ),
    "a void answer, and what came meanwhile": (
        [parked(begun().signaled("late")).signaled("pyflow.resume").turn()],
        ["decide 9: Started, late"],
    ),
    "a void answer whose timer is refused": (
        [refused_timer(begun().decided(VOID), "pyflow.void1").signaled("pyflow.resume").turn()],
        ["decide 8: Started"],
    ),
    "a void answer between two turns": (
        [parked(two_timers().fired("sleep1").turn()).fired("sleep2").turn().decided(STAMP).turn()],
        ["turn 3: Started; sleep1 sleep2", "turn 14: sleep1 fired, sleep2 fired;", "decide 17: "],
    ),
    "a void answer of another decider": (
        [begun(), parked(begun()).fired("pyflow.void1").turn()],
        ["decide 3: Started", "! another decider parked the run"],
    ),
    "an answer of another decider to a task that this one was not given": (
        [begun(), two_timers().fired("sleep1").turn().decided().fired("sleep2").turn()],
        ["decide 3: Started", "confirmed: sleep1 sleep2", "turn 9: sleep1 fired;", "decide 13: sleep2 fired"],
    ),
    "an answer in parts, to be gone on with": ([split()], ["half of turn 3: Started; sleep1 sleep2"]),
    "an answer in parts, to be gone on with by who began it": (
        [begun(), split()],
        ["decide 3: Started", "half confirmed: sleep1 sleep2"],
    ),
    "an answer in parts that is whole": (
        [split().decided().timer("sleep3").fired("sleep1").turn()],
        ["turn 3: Started; sleep1 sleep2 sleep3", "decide 15: sleep1 fired"],
    ),
    "an answer in parts, confirmed part by part": (
        [begun(), split(), split().decided().timer("sleep3").fired("sleep1").turn()],
        ["decide 3: Started", "half confirmed: sleep1 sleep2", "confirmed: sleep3", "decide 15: sleep1 fired"],
    ),
    "an answer in three parts": (
        [split().decided().timer("sleep3").timer("pyflow.split2", 0).fired("pyflow.split2").turn()],
        ["half of turn 3: Started; sleep1 sleep2 sleep3"],
    ),
    "an answer whose next part timed out": (
        [split().turn_timed_out().turn()],
        ["half of turn 3: Started; sleep1 sleep2"],
    ),
    "an answer whose next part was taken by another decider": (
        [begun(), split(), split().turn_timed_out().turn().decided().timer("sleep3").turn()],
        ["decide 3: Started", "half confirmed: sleep1 sleep2", "! the decision task that was answered last has timed out"],
    ),
    "an answer that another decider went on with": (
        [begun(), split().decided().timer("sleep3").turn()],
        ["decide 3: Started", "! another decider went on with the answer"],
    ),
    "an answer in parts whose timer is refused": (
        [refused_timer(two_timers(), "pyflow.split1").turn()],
        ["half of turn 3: Started; sleep1 sleep2"],
    ),
    "a void answer between the parts": (
        [parked(split()).fired("pyflow.void1").turn()],
        ["half of turn 3: Started; sleep1 sleep2"],
    ),
    "news between the parts": (
        [two_timers().timer("pyflow.split1", 0).signaled("late").fired("pyflow.split1").turn().decided().timer("sleep3")
         .fired("sleep1").turn()],
        ["turn 3: Started; sleep1 sleep2 sleep3", "decide 16: late, sleep1 fired"],
    ),
    "a refusal, which is news as well": (
        [refused_timer(begun().decided(STAMP), "sleep1").turn()],
        ["turn 3: Started; sleep1", "decide 7: sleep1 refused"],
    ),
    "a refusal of what was initiated": (
        [begun().decided(STAMP).child("child1", "Ship")
         .add("StartChildWorkflowExecutionFailed", workflowId="child1", initiatedEventId=5, cause="X").turn()],
        ["turn 3: Started; child1", "decide 8: child1 refused"],
    ),
    "what tells nothing": (
        [begun().decided(STAMP).activity("activity1").add("ActivityTaskStarted", scheduledEventId=5).turn()],
        ["turn 3: Started; activity1", "decide 8: "],
    ),
    "an empty answer": ([begun().decided(STAMP).turn()], ["turn 3: Started;", "decide 6: "]),
    "what AWS adds later": ([HistoryBuilder().add("WorkflowExecutionBlamed").turn()], ["decide 4: Started"]),
    "events that are missing": (
        [begun(), two_timers().turn().events[5:]],
        ["decide 3: Started", "! the events between 3 and 6 are missing"],
    ),
    "an answer to nothing": (
        [begun().turn_timed_out().decided(STAMP)],
        ["! a DecisionTaskCompleted has no DecisionTaskStarted before it"],
    ),
}  # fmt: skip


def read(chunks):
    """What a reader makes of a history that comes in chunks, each step in a few words."""
    reader, told = TurnReader(), []
    for chunk in chunks:
        try:
            steps = reader.read(chunk if isinstance(chunk, list) else chunk.events)
        except DeciderException as error:
            return [*told, f"! {error}"]
        told += [in_words(step) for step in steps]
    return told


def in_words(step):
    recorded = " ".join(own_id(event) for event in step.recorded or ())
    if isinstance(step, Confirmation):
        return f"{'' if step.whole else 'half '}confirmed: {recorded}".strip()
    news = ", ".join(news_of(event) for event in step.news)
    if step.recorded is None:
        return f"decide {step.started}: {news}"
    return f"{'' if step.whole else 'half of '}turn {step.started}: {news}; {recorded}".strip()


def own_id(event):
    attributes = attributes_of(event)
    return next(attributes[key] for key in ("timerId", "activityId", "workflowId") if key in attributes)


def news_of(event):
    event_type = event["eventType"]
    if event_type == "WorkflowExecutionStarted":
        return "Started"
    if event_type == "WorkflowExecutionSignaled":
        return event["workflowExecutionSignaledEventAttributes"]["signalName"]
    return f"{own_id(event)} {'fired' if event_type == 'TimerFired' else 'refused'}"


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_reader_makes_of(name):
    chunks, expected = SCENARIOS[name]
    assert read(chunks) == expected


def test_every_line_of_the_reader_is_taken_by_a_scenario():
    turns._unknown_types.discard("WorkflowExecutionBlamed")
    taken: set[int] = set()

    def trace(frame, event, argument):
        if frame.f_code.co_filename != turns.__file__:
            return None
        taken.add(frame.f_lineno)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for chunks, _ in SCENARIOS.values():
            read(chunks)
    finally:
        sys.settrace(before)
    functions = [each for each in vars(turns).values() if isinstance(each, FunctionType)]
    functions += [each for each in vars(TurnReader).values() if isinstance(each, FunctionType)]
    assert lines(*(each.__code__ for each in functions if each.__module__ == turns.__name__)) - taken == set()


def lines(*codes: CodeType) -> set[int]:
    """The lines of code, but for those that begin a function."""
    found: set[int] = set()
    for code in codes:
        found |= {line for _, _, line in code.co_lines() if line is not None and line > code.co_firstlineno}
        found |= lines(*(each for each in code.co_consts if isinstance(each, CodeType)))
    return found
