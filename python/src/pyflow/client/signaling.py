"""Signals from outside: to an open run, or to one that is started to get it."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Sequence
from itertools import islice
from typing import Any

from pyflow import codec
from pyflow.client.runs import of_an_open_run, which_run
from pyflow.client.start import start_request
from pyflow.errors import PyflowException, UnknownExecutionException
from pyflow.history.reserved import PREFIX, is_reserved
from pyflow.stores.payloads import PLAIN, Payloads
from pyflow.stores.texts import seal_text
from pyflow.swf.boto import client as boto_client
from pyflow.swf.faults import ALREADY_STARTED, is_fault
from pyflow.swf.patience import REAL, Time, pauses
from pyflow.tracing.starting import with_current_span

ATTEMPTS = 5
"""How often `signal_with_start` signals, and starts, before it gives up."""


def signal_workflow(
    domain: str,
    workflow_id: str,
    name: str,
    value: Any = None,
    run_id: str | None = None,
    client: Any = None,
    *,
    plain: bool = False,
    signal_id: str | None = None,
    payloads: Payloads = PLAIN,
) -> None:
    """Sends a signal to the open run. value: any value of the contract.

    It travels with an id, so that the run takes it once however often it is sent; signal_id: the same for every
    attempt of a caller who sends it again, made here unless given. plain: without an id, for a run whose decider
    is not pyflow's. payloads: the keys and stores that the decider has (`pyflow.stores.Payloads`), by which the value is
    encrypted, or stored where it does not fit. Raises UnknownExecutionException where no such run is open, and
    PyflowException for a name that is the runtime's own.
    """
    _check(name)
    what = f"input of signal {name}"
    if plain:
        if signal_id is not None:
            raise PyflowException("a plain signal has no room for a signal_id: leave one of both out")
        text = None if value is None else payloads.write(value, what=what)
    else:
        text = payloads.write(value, what=what, id=signal_id or str(uuid.uuid4()))
    _send(client or boto_client(), domain, workflow_id, run_id, name, text)


def signal_with_start(
    domain: str,
    workflow_name: str,
    workflow_version: str,
    task_list: str | None,
    workflow_id: str,
    name: str,
    value: Any = None,
    *,
    input: str | None = None,
    lambda_role: str | None = None,
    client: Any = None,
    task_start_to_close_timeout: int | str | None = None,
    execution_start_to_close_timeout: int | str | None = None,
    task_priority: int | str | None = None,
    tag_list: Sequence[str] | None = None,
    child_policy: str | None = None,
    signal_id: str | None = None,
    payloads: Payloads = PLAIN,
    time: Time = REAL,
) -> dict[str, str | None]:
    """Signals the open run of the workflow id; where none is open, starts one that has the signal already.

    name, value, signal_id, payloads: as `signal_workflow` has them; the rest is as `start_workflow` has it, and of no
    account where a run is open. Returns `workflowId` and, where this call started the run, `runId`, else None.

    Whoever else starts or closes runs of that id meanwhile: the signal reaches one, and each run takes it once. If
    five times a run opened and closed again between two calls, PyflowException is raised.
    """
    _check(name)
    swf = client or boto_client()
    own_id = signal_id or str(uuid.uuid4())
    what = f"input of signal {name}"
    signal = payloads.write(value, what=what, id=own_id)
    carried = codec.CarriedSignal(name, None if value is None else payloads.write(value, what=what), own_id)
    beginning = f"input of {workflow_id} with signal {name}"
    request = start_request(
        domain,
        workflow_id,
        workflow_name,
        workflow_version,
        taskList=task_list,
        input=with_current_span(
            seal_text(
                codec.encode_start(input, [carried], what=beginning, limit=sys.maxsize),
                payloads,
                what=beginning,
            )
        ),
        lambdaRole=lambda_role,
        taskStartToCloseTimeout=task_start_to_close_timeout,
        executionStartToCloseTimeout=execution_start_to_close_timeout,
        taskPriority=task_priority,
        tagList=tag_list,
        childPolicy=child_policy,
    )
    for pause in islice(pauses(), ATTEMPTS):
        try:
            _send(swf, domain, workflow_id, None, name, signal)
            return {"workflowId": workflow_id, "runId": None}
        except UnknownExecutionException:
            pass
        try:
            return {"workflowId": workflow_id, "runId": swf.start_workflow_execution(**request)["runId"]}
        except Exception as error:
            if not is_fault(error, ALREADY_STARTED):
                raise
        time.sleep(pause)
    raise PyflowException(
        f"signal {name} reached no run of {workflow_id}: {ATTEMPTS} times one was open when it was to be started, and"
        " none when it was to be signaled"
    )


def _send(
    client: Any, domain: str, workflow_id: str, run_id: str | None, name: str, text: str | None
) -> None:
    content = {} if text is None else {"input": text}
    with of_an_open_run(domain, workflow_id, run_id):
        client.signal_workflow_execution(
            domain=domain, signalName=name, **which_run(workflow_id, run_id), **content
        )


def _check(name: str) -> None:
    if is_reserved(name):
        raise PyflowException(
            f"signal {name} can't be sent: names that begin with {PREFIX} are the runtime's own"
        )
    if not 1 <= codec.units(name) <= 256:
        raise PyflowException(f"a signal has a name of 1 to 256 characters, and this has {codec.units(name)}")
