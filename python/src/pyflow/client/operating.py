"""An operator's orders to a run: a signal that its decider obeys if it has the same key."""

from __future__ import annotations

import uuid
from typing import Any

from pyflow import codec
from pyflow.client.runs import of_an_open_run, open_run, which_run
from pyflow.codec import Order
from pyflow.errors import UnknownExecutionException
from pyflow.history.reserved import OPERATOR
from pyflow.swf.boto import client as boto_client


def operate_workflow(
    domain: str,
    workflow_id: str,
    operation: str,
    target: str | None = None,
    value: Any = None,
    *,
    key: bytes,
    by: str,
    run_id: str | None = None,
    client: Any = None,
    nonce: str | None = None,
) -> Order:
    """Orders the open run to `retry` a step at once, to take a `result` or a `failure` for it, to `pause` or `resume`.

    target: the step's id, as `activity3`; none for pause and resume. value: the result, any value of the contract; or
    the failure, `{"reason": …, "details": …}`. key: the decider's `operator_key`. by: who asks, kept in the history.
    nonce: the same for every attempt of a caller who asks again, made here unless given.
    Returns the order. Whether the run obeys, its history says: a marker `pyflow.operator.` and the nonce.
    Raises PayloadEncodeError, which says what is wrong with the order; UnknownExecutionException.
    """
    swf = client or boto_client()
    if operation == "result":
        value = codec.encode(value, what=f"result of {target}")
    order = Order(operation, by, nonce or str(uuid.uuid4()), target, value)
    run_id = run_id or open_run(swf, domain, workflow_id)
    if run_id is None:
        raise UnknownExecutionException(
            f"domain {domain} has no open execution {workflow_id}: it closed, or check the workflow id"
        )
    text = codec.encode_order(order, key, run_id)
    with of_an_open_run(domain, workflow_id, run_id):
        swf.signal_workflow_execution(
            domain=domain, signalName=OPERATOR, input=text, **which_run(workflow_id, run_id)
        )
    return order
