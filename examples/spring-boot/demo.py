"""Runs target/cards.jar against a local SWF: one sale, then SIGTERM; exit status 0 if both went well."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pyflow
from pyflow.testing import local_swf
from pyflow.testing.processes import Process

HERE = Path(__file__).resolve().parent
JAVA = "java"
ORDER = {"id": "o1", "item": "card", "count": 3}
SECONDS = 120  # for everything, on a machine that does much else


def main() -> int:
    """What the sale came to, and how the application ended."""
    with local_swf(domain="shop", clock="real", poll_seconds=2) as swf:
        decider = [sys.executable, "-m", "pyflow", "decider", "workflow:Sale"]
        where = ["--task-list", "deciders", "--domain", "shop", "--endpoint-url", swf.endpoint_url]
        shop = [JAVA, "-jar", "target/cards.jar", f"--pyflow.endpoint={swf.endpoint_url}"]
        with (
            Process("decider", [*decider, *where], cwd=HERE) as deciding,
            Process("shop", shop, cwd=HERE) as selling,
        ):
            deciding.wait_until_ready()
            _until_the_worker_is_ready(selling)
            client = swf.client()
            started = pyflow.start_workflow(
                "shop",
                "Sale",
                "1.0",
                "deciders",
                input=json.dumps(ORDER),
                workflow_id="sale-o1",
                client=client,
            )
            receipt = pyflow.get_workflow_result(
                "shop", started["workflowId"], started["runId"], timeout=SECONDS, client=client
            )
            print(f"the bean charged {receipt}")
            status = selling.stop(SECONDS)
            drained = "drained, 0 tasks given up" in selling.said()
            print(f"on SIGTERM it {'drained' if drained else 'did not drain'}, exit status {status}")
            if not drained:
                print(selling.said(), file=sys.stderr)
    return 0 if receipt == {"order": "o1", "cents": 750} and drained else 1


def _until_the_worker_is_ready(selling: Process) -> None:
    """Waits until the types are registered, which Worker.java logs. Raises TimeoutError."""
    give_up = time.monotonic() + SECONDS
    while "shop.Worker" not in selling.said():
        if time.monotonic() > give_up or selling.process.poll() is not None:
            raise TimeoutError(f"the application did not get ready:\n{selling.said()}")
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
