"""What a worker adds to the calls of its SDK client: CPU of a no-op activity, beside a bare loop on the same client."""

from __future__ import annotations

import statistics
import sys
from contextlib import ExitStack

import report
from one_activity import Best, server_yardstick
from servers import Process, cpu, floor
from workers import LANGUAGES, NullSwf, bare, null_swf, worker

WARM = {"python": 200, "ruby": 200, "java": 2000}
"""Tasks before anything is counted: Java compiles what it runs often."""

TASKS, ROUNDS = 100, 15
BARS = {"python": 0.2, "ruby": 0.3, "java": 0.1}  # ms
ONE = ("--concurrency", "1", "--pollers", "1")


def a_task(swf: NullSwf, task_list: str, process: Process, count: int) -> float:
    """Milliseconds of CPU that the process uses for a task, of so many."""
    before = cpu(process)
    swf.offer(task_list, count)
    return (cpu(process) - before) / count * 1000


def rounds(swf: NullSwf, processes: dict[str, Process], warm: int) -> list[dict[str, float]]:
    """The same of each process, by its task list, in each of the rounds."""
    for task_list, process in processes.items():
        a_task(swf, task_list, process, warm)
    return [
        {task_list: a_task(swf, task_list, process, TASKS) for task_list, process in processes.items()}
        for _ in range(ROUNDS)
    ]


def measured(language: str, swf: NullSwf) -> dict[str, float]:
    """Milliseconds of a task in the worker, in a bare loop and, of Python, in one of boto3 as it comes; `added`.

    Medians of rounds; what the worker adds to the bare loop is that of their differences, so that what disturbs both is
    not in it.
    """
    where = language, swf.endpoint_url
    with ExitStack() as stack:
        processes = {
            "worker": stack.enter_context(worker(*where, "worker", *ONE)),
            "bare": stack.enter_context(bare(*where, "bare", 1)),
        }
        if language == "python":
            processes["boto3"] = stack.enter_context(bare(*where, "boto3", 1, "boto3"))
        found = rounds(swf, processes, WARM[language])
    took = {task_list: statistics.median(each[task_list] for each in found) for task_list in processes}
    return {**took, "added": statistics.median(each["worker"] - each["bare"] for each in found)}


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    how = f"CPU of the process a no-op activity, one slot, median of {ROUNDS} rounds of {TASKS}; every answer checked"
    table = report.Table("a worker's overhead", how)
    with null_swf() as swf, floor() as ground:
        yardsticks = Best()
        found = {}
        for language in LANGUAGES:
            yardsticks.drive(ground, TASKS)
            found[language] = measured(language, swf)
            yardsticks.drive(ground, TASKS)
        by = server_yardstick(yardsticks)
        table.yardstick(by)
        for language, took in found.items():
            table.row(
                f"{language}: beyond its client's calls", took["added"], "ms", bar=BARS[language], by=by
            )
            table.row("  in all", took["worker"], "ms")
            if "boto3" in took:
                table.row(
                    "  a bare loop of boto3, without the calls that are made cheap", took["boto3"], "ms"
                )
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
