"""A worker's start: from exec to its first poll; and the memory of one that waits."""

from __future__ import annotations

import sys
import time

import report
from local_swf import start
from servers import BARE, resident
from workers import LANGUAGES, null_swf, started

STARTS = 5
SECONDS = {"python": 0.5, "ruby": 0.6, "java": 1.5}
MIB = {"python": 60, "ruby": 50, "java": 120}


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    how = f"from exec to the first poll, best of {STARTS}; resident memory of a worker that waits, most of {STARTS}"
    table = report.Table("a worker's start", how)
    with null_swf() as swf:
        of_start = report.Yardstick(
            "start of a bare uvicorn", 0.11, min(start(BARE) for _ in range(STARTS)), "s"
        )
        table.yardstick(of_start)
        for language in LANGUAGES:
            took, memory = [], []
            for number in range(STARTS + 1):
                task_list = f"{language}{number}"
                begin = time.perf_counter()
                with started(language, swf.endpoint_url, task_list) as process:
                    swf.await_poll(task_list)
                    took.append(time.perf_counter() - begin)
                    process.wait_until_ready()
                    time.sleep(0.2)  # what else is loaded after the first poll
                    memory.append(resident(process) / 2**20)
                    process.kill()
            # the first start compiled what later ones load
            table.row(f"{language}: first poll", min(took[1:]), "s", bar=SECONDS[language], by=of_start)
            table.row("  memory", max(memory[1:]), "MiB", bar=MIB[language])
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
