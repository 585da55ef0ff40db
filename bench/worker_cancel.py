"""How soon busy activities learn that they should stop, and whether their heartbeats are missed meanwhile."""

from __future__ import annotations

import random
import sys
import time

import report
from feeder import Feeder, until
from servers import ours
from workers import LANGUAGES, worker

BUSY, ROUNDS = 20, 4
INTERVAL = 2.0  # seconds: 0.4 of the five of activity `busy`
WATCHED = 6.0  # seconds without a cancel: longer than a missed heartbeat needs to be seen


def canceled(feeder: Feeder, task_list: str, seconds: float) -> tuple[list[float], int]:
    """Seconds from the request to when each was told so, of activities that are all busy at once; how many never were."""
    batch = feeder.schedule(task_list, "busy", ["60"] * BUSY, heartbeatTimeout="5", startToCloseTimeout="90")
    until(lambda: len(feeder.events(batch, "ActivityTaskStarted")) == BUSY, "twenty busy activities")
    time.sleep(seconds)
    feeder.cancel(batch)
    ends = "ActivityTaskCanceled", "ActivityTaskTimedOut", "ActivityTaskCompleted", "ActivityTaskFailed"
    until(lambda: len(feeder.events(batch, *ends)) == BUSY, "twenty canceled activities", every=0.5)
    asked = [event["eventTimestamp"] for event in feeder.events(batch, "ActivityTaskCancelRequested")]
    ended = feeder.events(batch, "ActivityTaskCanceled")
    told = [float(event["activityTaskCanceledEventAttributes"]["details"]) for event in ended]
    return [each - asked[0] for each in told], BUSY - len(told)


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    how = f"{BUSY} activities that never sleep, a heartbeat each {INTERVAL:.0f} s; from the request until each is told"
    table = report.Table("a worker's cancels", how)
    phases = random.Random(6)
    with ours() as server:
        feeder = Feeder(server)
        for language in LANGUAGES:
            took: list[float] = []
            missed = 0
            with worker(
                language, server.endpoint_url, language, "--concurrency", str(BUSY), "--pollers", "4"
            ):
                for number in range(ROUNDS):
                    seconds = phases.uniform(0, INTERVAL) + (WATCHED if number == 0 else 0)
                    these, others = canceled(feeder, language, seconds)
                    took += these
                    missed += others
            took = sorted(took) or [float("inf")]
            table.row(f"{language}: p99", took[len(took) * 99 // 100], "s", bar=INTERVAL + 1)
            table.row("  median", took[len(took) // 2], "s")
            table.row("  heartbeats missed, or not canceled", missed, "", bar=0)
        feeder.close()
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
