"""Who is there: clients, as long as their connections are open, and the tasks that they have taken."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pyflow.local.service.tokens import TaskToken

Place: TypeAlias = tuple[str, str, str]
"""The kind, domain and name of a task list."""


@dataclass(slots=True)
class Client:
    """One open connection: the identities that were given over it, and where it polled last."""

    identities: set[str] = field(default_factory=set)
    place: Place | None = None


@dataclass(slots=True)
class Taken:
    """A started task: the identity of the poll that came to it, and the connections it was spoken of over."""

    identity: str | None
    connections: set[Hashable] = field(default_factory=set)


class Presence:
    """Knows of every started task whether its worker is there.

    A worker is more than the connection that its task went over, since clients keep pools of them and close the idle
    ones: any open connection over which the task's token came, or its identity, is the worker's too.
    """

    def __init__(self) -> None:
        self._clients: dict[Hashable, Client] = {}
        self._taken: dict[TaskToken, Taken] = {}

    def asked(self, connection: Hashable) -> Client:
        """A request came."""
        return self._clients.setdefault(connection, Client())

    def polled(self, connection: Hashable, identity: str | None, place: Place) -> None:
        """It was a poll."""
        client = self.asked(connection)
        client.place = place
        if identity:
            client.identities.add(identity)

    def took(self, connection: Hashable, identity: str | None, task: TaskToken) -> None:
        """A poll is answered with a task."""
        self._taken[task] = Taken(identity, {connection})

    def spoke(self, connection: Hashable, task: TaskToken) -> None:
        """A request named a task that its worker holds."""
        self.asked(connection)
        self._taken.setdefault(task, Taken(None)).connections.add(connection)

    def recalled(self, identity: str | None, task: TaskToken) -> None:
        """A task was taken before anybody was there."""
        self._taken[task] = Taken(identity)

    def ended(self, task: TaskToken) -> None:
        """A task is not started any more."""
        self._taken.pop(task, None)

    def left(self, connection: Hashable) -> None:
        """A connection is closed."""
        self._clients.pop(connection, None)

    @property
    def nobody(self) -> bool:
        """Whether no client is there at all."""
        return not self._clients

    def places(self) -> set[Place]:
        """The task lists that have a poller, be it at work or between two polls."""
        return {client.place for client in self._clients.values() if client.place is not None}

    def at_work(self) -> Iterator[TaskToken]:
        """The started tasks whose worker is there."""
        identities = set[str]().union(*(client.identities for client in self._clients.values()))
        for task, taken in list(self._taken.items()):
            if taken.identity in identities or not taken.connections.isdisjoint(self._clients):
                yield task
