"""The calls of a running service, with the faults of a plan."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from pyflow.local.chaos.faults import CARRIED_OUT, Incident
from pyflow.local.chaos.held import HeldSignals
from pyflow.local.chaos.plan import Plan
from pyflow.local.running.running import Running
from pyflow.local.service.service import Answer
from pyflow.local.wire.wire import Call

logger = logging.getLogger("pyflow.local")


class Chaos:
    """Counts the calls of each operation and lets some of them meet their faults, each a line in the log."""

    def __init__(self, running: Running, plan: Plan) -> None:
        self._running = running
        self._plan = plan
        self._numbers: dict[str, int] = {}
        self._signals = HeldSignals(running.service)
        logger.warning("chaos: seed %s, profile %s", plan.seed, plan.profile)

    async def call(self, call: Call, alive: Callable[[], bool], gone: list[Callable[[], None]]) -> Answer:
        """As Running.call, but for the faults. Raises Fault, and Cut where the client is to get no answer."""
        number = self._numbers[call.operation] = self._numbers.get(call.operation, 0) + 1
        act = partial(self._act, alive, gone)
        planned = self._plan.at(call.operation, number)
        if planned is None:
            return await act(call)

        def tell() -> None:
            logger.warning(
                "chaos: seed %s, profile %s: %s %d %s",
                self._plan.seed,
                self._plan.profile,
                call.operation,
                number,
                planned.fault,
            )

        return await CARRIED_OUT[planned.fault](Incident(call, act, tell, planned.share, self._signals))

    async def _act(self, alive: Callable[[], bool], gone: list[Callable[[], None]], call: Call) -> Answer:
        answer = await self._running.call(call, alive, gone)
        if call.operation == "PollForDecisionTask":
            self._signals.release()
        return answer
