"""One story, replayed as of a run that has a stamp and as of one that has none."""

from __future__ import annotations

from pyflow.testing.story import replay_every_turn

STAMP = '{"$pyflow":1,"behaviour":1}'


def replayed(workflow, story_of, **options):
    """The decisions of each turn, which must be the same both ways. story_of: makes it, given the first context."""
    unstamped = replay_every_turn(workflow, story_of(None), **options)
    stamped = replay_every_turn(workflow, story_of(STAMP), polled=True, **options)
    assert [bare(each) for each in stamped] == unstamped
    return unstamped


def bare(decisions):
    """Without the call sites, which only the polling loop leaves."""
    for decision in decisions:
        for attributes in decision.values():
            if isinstance(attributes, dict):
                attributes.pop("control", None)
    return decisions


def types(turns):
    """The decision types of each turn."""
    return [[decision["decisionType"] for decision in decisions] for decisions in turns]
