"""Writes a store of the present version with something of everything in it: open, waiting, started, closed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from local.direct import ACTIVITY_DEFAULTS, Direct, child, complete, decision, function, schedule, timer

from pyflow.local.storage.schema import VERSION

HERE = Path(__file__).parent


def write(path: Path) -> dict[str, object]:
    """Make the store; what workers hold of it."""
    swf = Direct(str(path))
    swf("RegisterActivityType", name="old", version="1", **ACTIVITY_DEFAULTS)
    swf("DeprecateActivityType", activityType={"name": "old", "version": "1"})
    swf(
        "RegisterDomain",
        name="shut",
        workflowExecutionRetentionPeriodInDays="NONE",
        description="once a shop",
        tags=[{"key": "k", "value": "v"}],
    )
    swf("DeprecateDomain", name="shut")

    swf.start("closed", input="é \ud800")
    swf.decide(complete(result="x" * 5000))  # longer than a page

    swf.start("open", tagList=["t"], lambdaRole="arn:aws:iam::123456789012:role/r")
    swf.decide(
        schedule("a1", heartbeatTimeout="30"),
        schedule("a2", taskPriority="5"),
        timer(seconds="60"),
        child(),
        function(),
        executionContext="so far",
    )
    activity = swf.work()  # a2, the more urgent
    beating = swf.work()
    swf("RecordActivityTaskHeartbeat", taskToken=beating["taskToken"], details="half")
    swf.decide(schedule("a3"))

    swf.start("again")
    swf.decide(decision("ContinueAsNewWorkflowExecution", input="2"))
    swf.decide()

    swf.start("deciding")
    task = swf.poll(maximumPageSize=2)
    swf("RequestCancelWorkflowExecution", workflowId="deciding")
    now = swf.clock.now()
    swf.service.store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
    return {
        "now": now,
        "activity": activity["taskToken"],
        "beating": beating["taskToken"],
        "decision": task["taskToken"],
        "page": task["nextPageToken"],
    }


def main() -> None:
    """Write the fixture of the present version; one that is there stays."""
    path = HERE / f"version-{VERSION}.sqlite"
    if path.exists():
        raise SystemExit(f"{path} is there already, and stays as it is")
    path.with_suffix(".json").write_text(json.dumps(write(path), indent=1) + "\n")


if __name__ == "__main__":
    main()
