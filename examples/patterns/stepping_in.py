"""An operator decides in the place of somebody who is away: orders to a run that is open."""

import pyflow

DAY = 86_400


@pyflow.activity(version="1")
def pay(bill: str) -> str:
    """Spend the money, and show that it was."""
    return f"paid {bill}"


class Payment(pyflow.Workflow):
    """Input: a bill. Somebody at a desk of their own approves it, by an activity that nobody here implements."""

    NAME = "Payment"
    approve = pyflow.ActivityDescriptor("approve", "1", task_list="people", timeout=30 * DAY)
    pay = pay

    def run(self, bill: str) -> str:
        """Pay what was approved. `pyflow operate ID result activity1 --value true` approves too."""
        approved = self.approve(bill).result()
        return str(self.pay(bill).result()) if approved else f"refused {bill}"
