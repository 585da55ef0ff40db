"""A local SWF in this process, deciders that run in threads of their own, and a way to see what was recorded."""

from __future__ import annotations

import contextlib
import json
import threading
import time

import pyflow
from pyflow.history.event import attributes_key

PATIENCE = 30  # seconds; a test that waits as long has failed


def until(holds, what="it holds"):
    """Waits until the predicate holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"{what} did not come to be"
        time.sleep(0.002)


class Around:
    """A client that does something else for some calls: `poll_for_decision_task=f` calls f(really, request)."""

    def __init__(self, client, **instead):
        self._client, self._instead = client, instead

    def __getattr__(self, name):
        really = getattr(self._client, name)
        instead = self._instead.get(name)
        return really if instead is None else lambda **request: instead(really, request)


class House:
    """swf: a LocalService; its clock stands still until it is advanced."""

    def __init__(self, swf, *classes):
        self.swf, self.classes, self.client = swf, classes, swf.client()

    def decider(self, client=None, **options):
        made = pyflow.Decider(
            self.classes, self.swf.domain, "deciders", "me", client=client or self.client, **options
        )
        made.ensure_workflows_registered()
        return made

    @contextlib.contextmanager
    def deciding(self, client=None, **options):
        """A decider that runs in a thread until the block ends."""
        decider, errors = self.decider(client, **options), []

        def run():
            try:
                decider.run()
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield decider
        finally:
            decider.stop()
            thread.join(PATIENCE)
            assert not thread.is_alive()
        if errors:
            raise errors[0]

    def start(self, name, value=None, workflow_id=None):
        return pyflow.start_workflow(
            self.swf.domain,
            name,
            "1.0",
            "deciders",
            input=json.dumps(value),
            client=self.client,
            workflow_id=workflow_id,
        )

    def signal(self, run, name="wake"):
        self.client.signal_workflow_execution(domain=self.swf.domain, signalName=name, **run)

    def events(self, run, event_type=None):
        """The attributes of the run's events of a type."""
        page = self.client.get_workflow_execution_history(domain=self.swf.domain, execution=run)
        assert "nextPageToken" not in page
        return [
            each.get(attributes_key(each["eventType"]), {})
            for each in page["events"]
            if event_type in (None, each["eventType"])
        ]

    def answered(self, run, times):
        """Waits until so many decision tasks of the run were completed; what each said."""
        until(lambda: len(self.events(run, "DecisionTaskCompleted")) >= times, f"answer {times}")
        return self.events(run, "DecisionTaskCompleted")

    def result(self, run):
        """Waits for the run's end; its result."""

        def status():
            return pyflow.get_workflow_status(self.swf.domain, run["workflowId"], run["runId"], self.client)

        until(lambda: status().execution_status == "CLOSED", "the run's end")
        ended = status()
        assert ended.close_status == "COMPLETED", ended
        return json.loads(ended.result)
