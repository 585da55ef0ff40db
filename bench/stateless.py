"""Seconds of CPU of cold decisions: the last of N, and all of N one by one. Prints JSON; any pyflow runs it."""

import json
import logging
import sys
import time

import sequential


def last(count, rounds):
    events, starts = sequential.history(count)
    decider = sequential.decider()
    task = sequential.task(events, starts[-1], starts[-2])
    best = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        decided = decider.process_decision_task(task)
        best = min(best, time.process_time() - begin)
        sequential.check(decided.decisions, count, count)
    return best


def whole(count):
    events, starts = sequential.history(count)
    decider = sequential.decider()
    begin = time.process_time()
    for number, started in enumerate(starts):
        decided = decider.process_decision_task(
            sequential.task(events, started, starts[number - 1] if number else 0)
        )
        sequential.check(decided.decisions, number, count)
    return time.process_time() - begin


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    what, count, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(last(count, rounds) if what == "last" else min(whole(count) for _ in range(rounds))))
