"""Somebody has to say yes within a week, and is reminded every day: a signal with a limit of time."""

from typing import Any

import pyflow

DAY = 86_400


@pyflow.activity(version="1")
def remind(who: str) -> str:
    """Write to somebody who takes their time."""
    return f"wrote to {who}"


@pyflow.activity(version="1")
def buy(thing: str) -> str:
    """Spend the money."""
    return f"bought {thing}"


class Purchase(pyflow.Workflow):
    """Input: `thing`, and `by`, who decides. Signal `decision`: true or false."""

    NAME = "Purchase"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 8 * DAY}
    remind = remind
    buy = buy

    def run(self, purchase: dict[str, Any]) -> str:
        """Wait for the decision, a day at a time."""
        decision = self.swf.signal("decision")
        for _ in range(7):
            try:
                approved = decision.result(timeout=DAY)
            except pyflow.WaitTimedOutException:
                self.remind(purchase["by"]).result()
                continue
            return str(self.buy(purchase["thing"]).result()) if approved else "declined"
        return "nobody decided"
