"""Drawing by a seed, and the pieces that fuzzers in three languages draw from (protocol/fuzz)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

from codec.notation import PROTOCOL, text

T = TypeVar("T")

SEED = int(os.environ.get("PYFLOW_FUZZ_SEED", "1"))
"""Of every stream; `PYFLOW_FUZZ_SEED=n` takes another."""

PIECES: dict[str, list[str]] = {
    name: [text(piece) for piece in pieces]
    for name, pieces in json.loads((PROTOCOL / "fuzz/pieces.json").read_text("utf-8")).items()
}


def count(usual: int) -> int:
    """How many to try: `PYFLOW_FUZZ=n` says, else as many as a usual run has time for."""
    return int(os.environ.get("PYFLOW_FUZZ", usual))


class Drawing:
    """Draws the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def choose(self, of: Sequence[T]) -> T:
        return self.random.choice(of)

    def below(self, limit: int) -> int:
        return self.random.randrange(limit)

    def piece(self, kind: str) -> str:
        return self.choose(PIECES[kind])

    def perhaps(self, share: float, change: Callable[[Any], Any], made: Any) -> Any:
        return change(made) if self.chance(share) else made
