"""Who is there, and whose tasks: bookkeeping without a server."""

from __future__ import annotations

import pytest

from pyflow.local.running.presence import Presence
from pyflow.local.service.tokens import ACTIVITY, TaskToken

TASK = TaskToken(ACTIVITY, 1, 5, 6)
OTHER = TaskToken(ACTIVITY, 2, 5, 6)
CARDS, DECIDERS = ("activity", "shop", "cards"), ("decision", "shop", "deciders")


@pytest.fixture
def presence() -> Presence:
    """A worker `w` that has taken a task over its connection `a`."""
    presence = Presence()
    presence.polled("a", "w", CARDS)
    presence.took("a", "w", TASK)
    return presence


def test_who_took_a_task_is_at_work_until_its_connection_is_closed(presence: Presence) -> None:
    assert list(presence.at_work()) == [TASK]
    presence.left("a")
    assert list(presence.at_work()) == []
    assert presence.nobody


def test_an_open_connection_of_the_same_identity_is_the_workers_too(presence: Presence) -> None:
    presence.polled("b", "w", CARDS)
    presence.left("a")
    assert list(presence.at_work()) == [TASK]
    presence.left("b")
    assert list(presence.at_work()) == []


def test_one_of_another_identity_is_not(presence: Presence) -> None:
    presence.polled("b", "v", CARDS)
    presence.asked("c")
    presence.left("a")
    assert list(presence.at_work()) == []


def test_no_identity_is_nobodys(presence: Presence) -> None:
    presence.polled("b", None, CARDS)
    presence.took("b", None, OTHER)
    presence.polled("c", None, CARDS)
    presence.left("b")
    assert list(presence.at_work()) == [TASK]


def test_a_connection_over_which_the_token_came_is_the_workers_too(presence: Presence) -> None:
    presence.spoke("b", TASK)
    presence.left("a")
    assert list(presence.at_work()) == [TASK]
    presence.left("b")
    assert list(presence.at_work()) == []


def test_a_token_of_before_makes_its_sender_the_worker() -> None:
    presence = Presence()
    presence.spoke("a", TASK)
    assert list(presence.at_work()) == [TASK]


def test_a_task_of_before_is_its_identitys() -> None:
    presence = Presence()
    presence.recalled("w", TASK)
    assert list(presence.at_work()) == []
    presence.polled("a", "w", CARDS)
    assert list(presence.at_work()) == [TASK]


def test_a_worker_that_comes_back_is_at_work_again(presence: Presence) -> None:
    presence.left("a")
    presence.polled("b", "w", CARDS)
    assert list(presence.at_work()) == [TASK]


def test_a_task_that_has_ended_keeps_nobody(presence: Presence) -> None:
    presence.ended(TASK)
    presence.ended(TASK)
    assert list(presence.at_work()) == []


def test_a_poller_is_at_the_list_where_it_polled_last(presence: Presence) -> None:
    presence.polled("b", None, DECIDERS)
    assert presence.places() == {CARDS, DECIDERS}
    presence.polled("b", None, CARDS)
    presence.asked("b")
    assert presence.places() == {CARDS}
    presence.left("a")
    presence.left("b")
    assert presence.places() == set()
