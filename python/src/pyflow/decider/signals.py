"""The signals of a run that nobody has read yet."""

from __future__ import annotations

from dataclasses import dataclass

from pyflow import codec
from pyflow.decider.fibers import Fiber
from pyflow.errors import PayloadException


@dataclass(frozen=True)
class Signal:
    """One signal: its input as payload text, the id of one that may come twice, and its place among all."""

    name: str
    input: str | None
    id: str | None
    number: int


class Channel:
    """The unread signals of one name, and the fibers that wait for one, both in order."""

    __slots__ = ("readers", "unread")

    def __init__(self) -> None:
        self.unread: list[Signal] = []
        self.readers: list[Fiber] = []


class Signals:
    """All channels of a run."""

    __slots__ = ("_channels", "_count", "_ids")

    def __init__(self) -> None:
        self._channels: dict[str, Channel] = {}
        self._ids: dict[str, None] = {}
        self._count = 0

    def channel(self, name: str) -> Channel:
        """That of a name."""
        return self._channels.setdefault(name, Channel())

    def put(self, name: str, text: str | None, id: str | None = None) -> Fiber | None:
        """Adds a signal, unless its id was seen before; the fiber that may have it now."""
        id = id or _id_of(text)
        if id is not None:
            if id in self._ids:
                return None
            self._ids[id] = None
        self._count += 1
        channel = self.channel(name)
        channel.unread.append(Signal(name, text, id, self._count))
        return channel.readers[0] if channel.readers else None

    def unread(self) -> list[Signal]:
        """Every signal that nobody read, in the order in which they came."""
        found = [signal for channel in self._channels.values() for signal in channel.unread]
        return sorted(found, key=lambda signal: signal.number)


def _id_of(text: str | None) -> str | None:
    if not text or '"$pyflow"' not in text:
        return None
    try:
        return codec.read(text, lenient=True).id
    except PayloadException:
        return None
