"""Starts a StringTransformer, waits until it has closed, prints what it made of the text.

    python starter.py "durable workflows read like plain code"

Exit 0 where the workflow completed, 1 where it did not.
"""

import json
import os
import sys
import time

import pyflow

DOMAIN = os.environ.get("PYFLOW_DOMAIN", "strings")
TASK_LIST = "strings"
# the role as which SWF invokes the functions; the local SWF asks only that there is one
LAMBDA_ROLE = os.environ.get("LAMBDA_ROLE", "arn:aws:iam::123456789012:role/swf-lambda")


def main(text: str) -> int:
    """Run one workflow; the exit status."""
    started = pyflow.start_workflow(
        domain=DOMAIN,
        workflow_name="StringTransformer",
        workflow_version="1.0",
        task_list=TASK_LIST,
        lambda_role=LAMBDA_ROLE,
        input=json.dumps(text),
    )
    print(f"started {started['workflowId']}", file=sys.stderr)
    while True:
        status = pyflow.get_workflow_status(DOMAIN, started["workflowId"], started["runId"])
        if status is not None and status.execution_status == "CLOSED":
            break
        time.sleep(0.2)
    if status.close_status != "COMPLETED":
        print(f"{status.close_status}: {status.failure_reason}: {status.failure_details}", file=sys.stderr)
        return 1
    print(json.loads(status.result or "null"))
    return 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
