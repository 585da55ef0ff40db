"""Durable, distributed workflows as ordinary procedural Python on Amazon SWF.

The public names are loaded when they are first asked for, so that a process pays for what it uses alone.
"""

from __future__ import annotations

TYPE_CHECKING = False  # known to type checkers by its name; `typing` is what would take longest here

if TYPE_CHECKING:
    import logging

    from pyflow.client.ending import cancel_workflow, terminate_workflow
    from pyflow.client.result import get_workflow_result
    from pyflow.client.signaling import signal_with_start, signal_workflow
    from pyflow.client.start import start_workflow
    from pyflow.client.status import WorkflowStatus, get_workflow_status
    from pyflow.decider.future import ChildFuture, Future
    from pyflow.declare.activity import Activity, activity
    from pyflow.declare.descriptors import ActivityDescriptor, ChildWorkflowDescriptor, LambdaDescriptor
    from pyflow.declare.retry import RetryPolicy
    from pyflow.errors import (
        ActivityCanceled,
        ApplicationError,
        DeciderException,
        InvocationCanceledException,
        InvocationException,
        InvocationFailedException,
        InvocationTimedOutException,
        NonDeterminismException,
        PayloadDecodeError,
        PayloadEncodeError,
        PayloadException,
        PayloadTooLarge,
        PayloadUnavailable,
        PyflowException,
        UnknownCodec,
        UnknownExecutionException,
        UnsupportedPayloadVersion,
        WaitTimedOutException,
        WorkflowAlreadyStartedException,
        WorkflowBlockedException,
        WorkflowCanceled,
        WorkflowCanceledException,
        WorkflowException,
        WorkflowFailedException,
        WorkflowTerminatedException,
        WorkflowTimedOutException,
    )
    from pyflow.flow.invocation import WorkflowInvocationHelper
    from pyflow.flow.news import SignalChannel
    from pyflow.flow.scopes import CancelScope
    from pyflow.flow.workflow import Workflow
    from pyflow.tracing.tracing import Tracing
    from pyflow.worker.activities.completion import ActivityCompletion
    from pyflow.worker.activities.context import ActivityContext, current_activity
    from pyflow.worker.activities.worker import ActivityWorker, poll_for_activities
    from pyflow.worker.decisions.decider import Decider, poll_for_executions

    logger: logging.Logger

__version__ = "3.0.0"

__all__ = [
    "Activity",
    "ActivityCanceled",
    "ActivityCompletion",
    "ActivityContext",
    "ActivityDescriptor",
    "ActivityWorker",
    "ApplicationError",
    "CancelScope",
    "ChildFuture",
    "ChildWorkflowDescriptor",
    "Decider",
    "DeciderException",
    "Future",
    "InvocationCanceledException",
    "InvocationException",
    "InvocationFailedException",
    "InvocationTimedOutException",
    "LambdaDescriptor",
    "NonDeterminismException",
    "PayloadDecodeError",
    "PayloadEncodeError",
    "PayloadException",
    "PayloadTooLarge",
    "PayloadUnavailable",
    "PyflowException",
    "RetryPolicy",
    "SignalChannel",
    "Tracing",
    "UnknownCodec",
    "UnknownExecutionException",
    "UnsupportedPayloadVersion",
    "WaitTimedOutException",
    "Workflow",
    "WorkflowAlreadyStartedException",
    "WorkflowBlockedException",
    "WorkflowCanceled",
    "WorkflowCanceledException",
    "WorkflowException",
    "WorkflowFailedException",
    "WorkflowInvocationHelper",
    "WorkflowStatus",
    "WorkflowTerminatedException",
    "WorkflowTimedOutException",
    "activity",
    "cancel_workflow",
    "current_activity",
    "get_workflow_result",
    "get_workflow_status",
    "logger",
    "poll_for_activities",
    "poll_for_executions",
    "signal_with_start",
    "signal_workflow",
    "start_workflow",
    "terminate_workflow",
]

_ROOMS = {
    "Activity": "declare.activity",
    "ActivityCompletion": "worker.activities.completion",
    "ActivityContext": "worker.activities.context",
    "ActivityDescriptor": "declare.descriptors",
    "ActivityWorker": "worker.activities.worker",
    "CancelScope": "flow.scopes",
    "ChildFuture": "decider.future",
    "ChildWorkflowDescriptor": "declare.descriptors",
    "Decider": "worker.decisions.decider",
    "Future": "decider.future",
    "LambdaDescriptor": "declare.descriptors",
    "RetryPolicy": "declare.retry",
    "SignalChannel": "flow.news",
    "Tracing": "tracing.tracing",
    "Workflow": "flow.workflow",
    "WorkflowInvocationHelper": "flow.invocation",
    "WorkflowStatus": "client.status",
    "activity": "declare.activity",
    "cancel_workflow": "client.ending",
    "current_activity": "worker.activities.context",
    "get_workflow_result": "client.result",
    "get_workflow_status": "client.status",
    "poll_for_activities": "worker.activities.worker",
    "poll_for_executions": "worker.decisions.decider",
    "signal_with_start": "client.signaling",
    "signal_workflow": "client.signaling",
    "start_workflow": "client.start",
    "terminate_workflow": "client.ending",
}
"""Public name -> the module that holds it. Every other one is an error, and in `errors`."""

_PACKAGES = ("client", "codec", "declare", "errors", "flow", "worker")
"""What `import pyflow` alone makes usable beside the names, as in `pyflow.codec.Timestamp`."""

if not TYPE_CHECKING:  # a type checker shall know a name that is not there

    def __getattr__(name):
        """The value of a public name; from then on it is there."""
        from importlib import import_module

        if name in _PACKAGES:
            return import_module(f"pyflow.{name}")
        if name not in __all__:
            raise AttributeError(f"module 'pyflow' has no attribute {name!r}")
        if name == "logger":
            value = import_module("logging").getLogger("pyflow")
        else:
            value = getattr(import_module(f"pyflow.{_ROOMS.get(name, 'errors')}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_PACKAGES})
