"""Seconds of CPU of a cold decision by botoflow, after N sequential activities. Prints JSON; runs in its environment."""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from types import SimpleNamespace

from botoflow import WorkflowDefinition, activity, execute, return_
from botoflow import activities as activities_of
from botoflow.decider.decider import Decider
from botoflow.utils import extract_workflows_dict
from played import activities


@activities_of(schedule_to_start_timeout=60, start_to_close_timeout=60)
class Activities:
    @activity("1", name="add_one")
    def add_one(self, value):
        raise AssertionError("a decider calls no activity")


class Sequential(WorkflowDefinition):
    @execute("1.0", execution_start_to_close_timeout=3600)
    def run(self, count):
        value = 0
        for _ in range(count):
            value = yield Activities.add_one(value)
        return_(value)


def schedule(number, result):
    own = {"activityId": str(number), "activityType": {"name": "add_one", "version": "1"}}
    return {**own, "input": json.dumps([[int(result)], {}])}


def done(text):
    return str(json.loads(text)[0][0] + 1)


def main(count, rounds):
    [(name, version)] = workflows = extract_workflows_dict([Sequential])
    play = activities(count, json.dumps([[count], {}]), schedule, kind=(name, version), done=done)
    answers = []
    client = SimpleNamespace(
        poll_for_decision_task=lambda **request: play.task(),
        respond_decision_task_completed=lambda **answer: answers.append(answer["decisions"]),
    )
    worker = SimpleNamespace(client=client)
    best = float("inf")
    for _ in range(rounds):
        decider = Decider(worker, "domain", "t", lambda name, version: workflows[name, version], "bench")
        begin = time.process_time()
        decider.decide()
        best = min(best, time.process_time() - begin)
        [decision] = answers.pop()
        assert decision["completeWorkflowExecutionDecisionAttributes"]["result"] == str(count), decision
    return best


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
