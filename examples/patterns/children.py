"""A child workflow for each customer, with a workflow id of its own: nobody is billed by two at a time."""

from typing import Any

import pyflow


@pyflow.activity(version="1")
def send_bill(customer: str) -> str:
    """Bill one customer."""
    return f"bill for {customer}"


class Billing(pyflow.Workflow):
    """Input: a customer."""

    NAME = "Billing"
    send_bill = send_bill

    def run(self, customer: str) -> str:
        """Here one step; in life a month of them."""
        return str(self.send_bill(customer).result())


class MonthEnd(pyflow.Workflow):
    """Input: customers. Result: for each the bill, or why there is none."""

    NAME = "MonthEnd"
    bill = pyflow.ChildWorkflowDescriptor("Billing", "1.0", child_policy="ABANDON")

    def run(self, customers: list[str]) -> dict[str, Any]:
        """Start them all, then wait for each."""
        children = {
            name: self.bill.using(workflow_id=f"billing-{name}", tags=[name])(name) for name in customers
        }
        return {name: self.outcome(child) for name, child in children.items()}

    def outcome(self, child: pyflow.ChildFuture) -> Any:
        """A child that runs already is left alone."""
        try:
            return child.result()
        except pyflow.InvocationFailedException as error:
            return error.type
