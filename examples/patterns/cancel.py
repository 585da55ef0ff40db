"""A tour that its customer may call off, from a web page: the drivers are told, and the car is brought home."""

import pyflow


@pyflow.activity(version="1", heartbeat_timeout=60)
def drive(stop: str) -> str:
    """Drive to a stop."""
    return f"at {stop}"


@pyflow.activity(version="1")
def drive_home(reason: str) -> str:
    """The end of every tour."""
    return f"home, {reason}"


class Tour(pyflow.Workflow):
    """Input: the stops; an hour at each."""

    NAME = "Tour"
    ON_CANCEL = "raise"
    OPTIONS = {"defaultExecutionStartToCloseTimeout": 7 * 86_400}
    drive = drive
    drive_home = drive_home

    def run(self, stops: list[str]) -> str:
        """Stop by stop; a cancel is raised at whatever `run` waits for."""
        try:
            for stop in stops:
                self.drive(stop).result()
                self.swf.sleep(3_600)
        except pyflow.WorkflowCanceled:
            with self.swf.shielded():
                return str(self.drive_home("called off").result())  # not raised again: the tour is complete
        return str(self.drive_home("as planned").result())


def call_off(domain: str, workflow_id: str, run_id: str, client: object = None) -> str:
    """What the web page does: ask, and wait for what the tour makes of it."""
    pyflow.cancel_workflow(domain, workflow_id, run_id, client=client)
    return str(pyflow.get_workflow_result(domain, workflow_id, run_id, timeout=60, client=client))
