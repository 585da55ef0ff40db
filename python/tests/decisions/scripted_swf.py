"""An SWF client whose polls are given beforehand and whose calls are remembered."""

from __future__ import annotations


class Fault(Exception):
    def __init__(self, code, message="said SWF", status=400):
        super().__init__(message)
        self.response = {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": status},
        }


class ScriptedSwf:
    """Answers polls with the tasks given, newest events first and at most a page of them, as SWF does."""

    def __init__(self, *tasks, answers=(), registration=None):
        self.tasks = list(tasks)
        self.answers = list(answers)  # errors that the next answers raise; None accepts
        self.registration = registration
        self.registered, self.answered, self.requests, self.histories = [], [], [], []
        self.events = []

    def register_workflow_type(self, **request):
        self.registered.append(request)
        if self.registration:
            raise self.registration

    def poll_for_decision_task(self, **request):
        assert request["reverseOrder"] is True
        if not self.tasks:
            return {"startedEventId": 0, "previousStartedEventId": 0}
        task = dict(self.tasks.pop(0))
        self.events = task["events"]
        task["events"] = task["events"][::-1][: request["maximumPageSize"]]
        return task

    def get_workflow_execution_history(self, **request):
        start = int(request.get("nextPageToken", 0))
        self.histories.append(start)
        page = {"events": self.events[start : start + request["maximumPageSize"]]}
        if start + request["maximumPageSize"] < len(self.events):
            page["nextPageToken"] = str(start + request["maximumPageSize"])
        return page

    def respond_decision_task_completed(self, **request):
        self.requests.append(request)
        self.answered.append([decision["decisionType"] for decision in request["decisions"]])
        error = self.answers.pop(0) if self.answers else None
        if error:
            raise error
