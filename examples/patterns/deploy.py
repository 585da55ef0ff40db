"""Runs that were started by the code of yesterday end as they began, new ones go the new way: `patched`, `version`."""

import pyflow

DAY = 86_400


@pyflow.activity(version="1")
def mail(customer: str) -> str:
    """How customers were reminded."""
    return f"mailed {customer}"


@pyflow.activity(version="1")
def text(customer: str) -> str:
    """How they want to be reminded."""
    return f"texted {customer}"


class Yesterday(pyflow.Workflow):
    """What was deployed when the open runs began."""

    NAME = "Reminding"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 30 * DAY}
    mail = mail

    def run(self, customer: str) -> str:
        """Give them a day, then write."""
        self.swf.sleep(DAY)
        return str(self.mail(customer).result())


class Reminding(pyflow.Workflow):
    """The same workflow today: the step has changed, and how long customers get has changed twice since."""

    NAME = "Reminding"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 30 * DAY}
    mail = mail
    text = text

    def run(self, customer: str) -> str:
        """Ask before each step that is new: runs that came by before are told the old way."""
        days = {0: 1, 1: 2, 2: 3}[self.swf.version("patience", 0, 2)]
        self.swf.sleep(days * DAY)
        remind = self.text if self.swf.patched("texts") else self.mail
        return str(remind(customer).result())
