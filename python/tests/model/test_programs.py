"""Random programs, on the local SWF with faults and by a plain interpreter: they come to the same.

The same programs each time; `PYFLOW_EXPLORE=5000 pytest tests/model` takes so many new ones, and PYFLOW_EXPLORE_SEED=7
with it the same new ones again. A failure prints the program, and what its deciders met, one fault for each decision.
"""

from __future__ import annotations

import logging
import os

import pytest
from hypothesis import HealthCheck, Phase, assume, event, given, seed, settings
from model.drawing import faults, programs
from model.faulty import house
from model.ideal import ideal
from model.ideal_world import Undetermined

EXPLORE = int(os.environ.get("PYFLOW_EXPLORE", "0"))
SEED = os.environ.get("PYFLOW_EXPLORE_SEED")


@pytest.fixture(scope="module")
def it():
    logger = logging.getLogger("pyflow")
    logger.disabled = True  # runs that fail are meant to
    with house() as found:
        yield found
    logger.disabled = False


def seeded(test):
    return seed(int(SEED))(test) if SEED else test


@seeded
@settings(
    max_examples=EXPLORE or 250,
    derandomize=not EXPLORE,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
@given(program=programs(), faults=faults())
def test_a_program_comes_to_the_same_whatever_its_deciders_meet(it, program, faults):
    try:
        expected = ideal(program)
    except Undetermined as why:
        event(str(why))
        assume(False)
    event(expected.status)
    found = it.come_to(program, faults)
    if found != expected:
        met = ", ".join(faults) or "nothing"
        pytest.fail(
            f"{program!r}\nits deciders met: {met}\nexpected {expected}\nfound    {found}", pytrace=False
        )
