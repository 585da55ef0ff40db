"""Workers that are told to stop again and again, in mid-poll and in mid-task, and workers that are killed: no task is lost.

One life after another, a few at a time, shares a task list on which there is always something to do. Each life gets
SIGTERM at a random moment, and goes when its polls and tasks are done. Every task must be answered by somebody: one that
times out was lost.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import report
from feeder import Batch, Feeder, until
from servers import Server, ours
from workers import LANGUAGES, started

KILLS = int(os.environ.get("PYFLOW_KILLS", "30"))
"""SIGTERMs for each language; 300 is what the issue asks for."""

AT_ONCE, SLOTS = 3, ("--concurrency", "4", "--pollers", "2", "--graceful-timeout", "70")
ENDS = {
    "ActivityTaskCompleted": "completed",
    "ActivityTaskFailed": "handed back",
    "ActivityTaskTimedOut": "lost",
    "ActivityTaskCanceled": "canceled",
}
LIMIT = "60"  # seconds from start to close, after which a task was lost
HEARTBEAT = 5  # seconds until SWF misses a worker: the timeout of activity `busy`


class Lives:
    """The lives of one language's workers, and what they are fed with."""

    def __init__(self, language: str, server: Server, feeder: Feeder) -> None:
        self._language, self._server, self._feeder = language, server, feeder
        self._random = random.Random(language)
        self._batches: list[Batch] = []
        self.statuses: Counter[int] = Counter()

    def live(self, number: int) -> None:
        """One life, with SIGTERM at some moment after its first breath."""
        moment = self._random.expovariate(1 / 0.15)
        with started(self._language, self._server.endpoint_url, self._language, *SLOTS) as process:
            process.wait_until_ready()
            time.sleep(moment)
            process.ask_to_stop()
            self.statuses[process.wait()] += 1

    def feed(self, over: threading.Event) -> None:
        """Offers tasks that take up to 50 ms, one by one, sooner or later."""
        while not over.wait(self._random.expovariate(1 / 0.06)):
            if self._feeder.pending(self._language) < 20:
                naps = [f"{self._random.uniform(0, 0.05):.4f}"] * self._random.randint(1, 3)
                self._batches.append(
                    self._feeder.schedule(self._language, "nap", naps, startToCloseTimeout=LIMIT)
                )

    def outcomes(self) -> Counter[str]:
        """What became of every task, once none is open: one more worker does what is left."""
        with started(self._language, self._server.endpoint_url, self._language) as last:
            until(lambda: self._feeder.pending(self._language) == 0, "an empty task list")
            until(
                lambda: all(self._closed(batch) for batch in self._batches), "an end of every task", every=0.5
            )
            last.kill()
        return Counter(
            ENDS[event["eventType"]] for batch in self._batches for event in self._feeder.events(batch, *ENDS)
        )

    def _closed(self, batch: Batch) -> bool:
        return len(self._feeder.events(batch, *ENDS)) == batch.count


def terminated(table: report.Table, language: str, server: Server, feeder: Feeder) -> None:
    """Rows of so many lives that end by SIGTERM."""
    lives = Lives(language, server, feeder)
    over = threading.Event()
    feeding = threading.Thread(target=lives.feed, args=(over,))
    feeding.start()
    try:
        with ThreadPoolExecutor(AT_ONCE) as crew:
            list(crew.map(lives.live, range(KILLS)))
    finally:
        over.set()
        feeding.join()
    ends = lives.outcomes()
    table.row(f"{language}: tasks lost over {KILLS} SIGTERMs", ends["lost"], "", bar=0)
    table.row("  lives that did not end with status 0", KILLS - lives.statuses[0], "", bar=0)
    table.row("  tasks", ends.total(), "")
    table.row("  of them handed back", ends["handed back"], "")


def killed(language: str, server: Server, feeder: Feeder) -> float:
    """Seconds from a SIGKILL in mid-task until another worker has the task, once SWF misses its heartbeats."""
    task_list = f"{language}-killed"
    with started(language, server.endpoint_url, task_list) as process:
        process.wait_until_ready()
        batch = feeder.schedule(task_list, "busy", ["60"], heartbeatTimeout=str(HEARTBEAT))
        until(lambda: bool(feeder.events(batch, "ActivityTaskStarted")), "a task that is started")
        with started(language, server.endpoint_url, task_list) as other:
            other.wait_until_ready()
            time.sleep(1.3 * HEARTBEAT)  # only heartbeats can have kept it for so long
            at = time.time()
            process.kill()
            feeder.once_more(batch, task_list, "busy", "0")
            until(lambda: bool(feeder.events(batch, "ActivityTaskCompleted")), "a task that is done")
            other.kill()
    [end] = feeder.events(batch, "ActivityTaskTimedOut")
    assert end["activityTaskTimedOutEventAttributes"]["timeoutType"] == "HEARTBEAT", end
    return float(feeder.events(batch, "ActivityTaskStarted")[-1]["eventTimestamp"]) - at


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    how = f"{AT_ONCE} at a time, in mid-poll and mid-task; PYFLOW_KILLS=300 for the whole"
    table = report.Table("workers that are stopped", how)
    with ours() as server:
        feeder = Feeder(server)
        feeder.register("nap")
        for language in LANGUAGES:
            terminated(table, language, server, feeder)
            noticed = killed(language, server, feeder)
            table.row("  killed: another worker has its task after", noticed, "s", bar=HEARTBEAT)
        feeder.close()
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
