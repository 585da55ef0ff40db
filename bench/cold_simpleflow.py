"""Seconds of CPU of a cold decision by simpleflow, after N sequential activities. Prints JSON; runs in its environment."""

from __future__ import annotations

import json
import logging
import sys
import time

from played import activities
from simpleflow import Workflow, activity
from simpleflow.swf.executor import Executor
from simpleflow.swf.mapper.models import Domain
from simpleflow.swf.mapper.models.history import History
from simpleflow.swf.mapper.responses import Response


@activity.with_attributes(name="add_one", version="1", task_list="t")
def add_one(value):
    raise AssertionError("a decider calls no activity")


class Sequential(Workflow):
    name, version, task_list = "Sequential", "1.0", "t"

    def run(self, count):
        value = 0
        for _ in range(count):
            value = self.submit(add_one, value).result
        return value


def schedule(number, result):
    return {
        "activityId": f"activity-add_one-{number}",
        "activityType": {"name": "add_one", "version": "1"},
        "taskList": {"name": "t"},
        "input": json.dumps({"args": [int(result)], "kwargs": {}}),
    }


def done(text):
    return str(json.loads(text)["args"][0] + 1)


def main(count, rounds):
    play = activities(count, json.dumps({"args": [count], "kwargs": {}}), schedule, done=done)
    best = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        history = History.from_event_list(play.events)
        answer = Executor(Domain("bench"), Sequential).replay(Response(history=history, execution=None))
        best = min(best, time.process_time() - begin)
        [decision] = answer.decisions
        assert decision["completeWorkflowExecutionDecisionAttributes"]["result"] == str(count), decision
    return best


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
