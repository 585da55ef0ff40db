"""What decisions cost, in instructions: the guard of the decider's speed that no neighbour disturbs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parents[3] / "bench"
BARS_ARE_OF = (3, 11)
SMALL, LARGE = 100, 400


@pytest.fixture(scope="module")
def instructions() -> Iterator[Any]:
    """The program of `make bench`; skipped where nothing can be counted."""
    if not BENCH.is_dir():
        pytest.skip("the measurements are in the repository, not in the package")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCH))
        import instructions
    if not instructions.available():
        pytest.skip(instructions.MISSING)
    yield instructions


@pytest.fixture(scope="module")
def millions(instructions: Any) -> dict[str, float]:
    """Counted in one process, which takes long to start under valgrind."""
    sizes = [f"{name}:{number}" for name in instructions.present() for number in (SMALL, LARGE)]
    found: dict[str, float] = instructions.counts(dict.fromkeys([*instructions.BARS, *sizes]))
    return found


@pytest.mark.skipif(sys.version_info[:2] != BARS_ARE_OF, reason="the bars are CPython 3.11's")
def test_a_decision_costs_no_more_instructions_than_promised(
    instructions: Any, millions: dict[str, float]
) -> None:
    dear = {what: millions[what] for what, bar in instructions.BARS.items() if millions[what] > bar}
    assert dear == {}


def test_a_whole_execution_costs_its_news_alone_whatever_its_shape(
    instructions: Any, millions: dict[str, float]
) -> None:
    grown = {
        name: instructions.exponent(millions[f"{name}:{SMALL}"], millions[f"{name}:{LARGE}"], LARGE / SMALL)
        for name in instructions.present()
    }
    assert {name: power for name, power in grown.items() if power > instructions.GROWTH} == {}
