"""An account that lives for ever: it takes signals, shows its state, and begins a new run before its history is full."""

from typing import Any

import pyflow


@pyflow.activity(version="1")
def report(account: str, balance: int) -> str:
    """Tell whoever owns it."""
    return f"{account}: {balance}"


class Account(pyflow.Workflow):
    """Input: `name`, `balance`. Signals: `deposit`, an amount; `close`. One execution for each account."""

    NAME = "Account"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 365 * 86_400}
    report = report

    def run(self, account: dict[str, Any]) -> str:
        """Take deposits until it is closed, report each day, go on in a new run when it is time."""
        self.name_of_it, self.balance, self.closed = account["name"], account["balance"], False
        self.swf.signal("deposit").on(self.deposit)  # neither of them waits, so none is ever half done
        self.swf.signal("close").on(self.close)
        while True:
            try:
                self.swf.wait_until(lambda: self.closed or self.swf.should_continue_as_new, timeout=86_400)
            except pyflow.WaitTimedOutException:
                self.tell()
                continue
            if self.closed:
                return self.tell()
            self.swf.continue_as_new(
                {"name": self.name_of_it, "balance": self.balance}
            )  # with unread signals

    def deposit(self, amount: int) -> None:
        """Signal `deposit`."""
        self.balance += amount
        self.swf.set_state({"balance": self.balance})  # what `pyflow status` shows

    def close(self, value: Any) -> None:
        """Signal `close`."""
        self.closed = True

    def tell(self) -> str:
        """Report the balance."""
        return str(self.report(account=self.name_of_it, balance=self.balance).result())
