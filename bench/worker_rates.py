"""No-op activities a second of one worker with 20 slots, beside a bare loop in as many threads, on the same local SWF."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import report
import yardsticks
from feeder import Feeder, until
from servers import DOMAIN, HERE, Process, Server, ours
from workers import LANGUAGES, bare, worker

SLOTS, TASKS, ROUNDS = 20, 500, 4
WARM = {"python": 100, "ruby": 100, "java": 2000}
SIMPLE = "simple_activities.nothing"


def rate(feeder: Feeder, task_list: str, activity: str, count: int, text: str = "1") -> float:
    """Activities a second by SWF's clock, from the first that started to the last that was completed."""
    batch = feeder.schedule(task_list, activity, [text] * count)
    until(lambda: feeder.pending(task_list) == 0, f"an empty task list {task_list}")
    until(lambda: len(feeder.events(batch, "ActivityTaskCompleted")) == count, f"completed {activity}")
    times = [
        event["eventTimestamp"]
        for event in feeder.events(batch, "ActivityTaskStarted", "ActivityTaskCompleted")
    ]
    return count / (max(times) - min(times))


@contextmanager
def simpleflow(endpoint_url: str, task_list: str) -> Iterator[Process]:
    """simpleflow's worker, with as many processes as ours has slots."""
    command = [str(yardsticks.OTHERS.with_name("simpleflow")), "worker.start"]
    command += ["--domain", DOMAIN, "--task-list", task_list, "--nb-processes", str(SLOTS)]
    where = {"AWS_ENDPOINT_URL_SWF": endpoint_url, "PYTHONPATH": str(HERE / "activities")}
    with Process("simpleflow-worker", command, environment=where) as process:
        yield process
        process.stop()


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    how = f"{SLOTS} slots, local SWF in memory, median of {ROUNDS} rounds of {TASKS} that alternate"
    table = report.Table("no-op activities a second", how)
    python = 0.0
    with ours() as server:
        feeder = Feeder(server)
        for language in LANGUAGES:
            where = language, server.endpoint_url
            with ExitStack() as stack:
                slots = ("--concurrency", str(SLOTS), "--pollers", str(SLOTS))
                stack.enter_context(worker(*where, f"{language}-worker", *slots))
                stack.enter_context(bare(*where, f"{language}-bare", SLOTS))
                lists = [f"{language}-worker", f"{language}-bare"]
                for task_list in lists:
                    rate(feeder, task_list, "nothing", min(WARM[language], 1000))
                rounds = [[rate(feeder, each, "nothing", TASKS) for each in lists] for _ in range(ROUNDS)]
            of_worker, of_bare = (statistics.median(each) for each in zip(*rounds, strict=True))
            table.row(f"{language}: worker over bare loop", of_worker / of_bare, "×", bar=0.8, at_least=True)
            table.row("  its worker", of_worker, "/s")
            python = python or of_worker
        beside_simpleflow(table, server, feeder, python)
        feeder.close()
    return table.show()


def beside_simpleflow(table: report.Table, server: Server, feeder: Feeder, python: float) -> None:
    """A row for simpleflow's worker, which starts a process a task; a note where there is none."""
    if not yardsticks.OTHERS.exists():
        table.note("simpleflow's worker: not installed")
        return
    feeder.register(SIMPLE)
    with simpleflow(server.endpoint_url, "simpleflow"):
        try:
            theirs = max(rate(feeder, "simpleflow", SIMPLE, 60, '{"args":[1],"kwargs":{}}') for _ in range(2))
        except TimeoutError as error:
            table.note(f"simpleflow's worker: {error}")
            return
    table.row("python: worker over simpleflow's", python / theirs, "×", bar=2, at_least=True)
    table.row("  simpleflow's worker, a process a slot and another a task", theirs, "/s")


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
