"""Durable, distributed workflows as ordinary procedural Python on Amazon SWF."""

from __future__ import annotations

import logging

from pyflow.client.ending import cancel_workflow, terminate_workflow
from pyflow.client.result import get_workflow_result
from pyflow.client.signaling import signal_with_start, signal_workflow
from pyflow.client.start import start_workflow
from pyflow.client.status import WorkflowStatus, get_workflow_status
from pyflow.declare.activity import Activity, activity
from pyflow.declare.descriptors import ActivityDescriptor, ChildWorkflowDescriptor, LambdaDescriptor
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
from pyflow.flow.workflow import Workflow
from pyflow.worker.activity_worker import ActivityWorker, poll_for_activities
from pyflow.worker.context import ActivityContext, current_activity
from pyflow.worker.decider import Decider, poll_for_executions

logger = logging.getLogger("pyflow")

__version__ = "3.0.0"

__all__ = [
    "Activity",
    "ActivityCanceled",
    "ActivityContext",
    "ActivityDescriptor",
    "ActivityWorker",
    "ApplicationError",
    "ChildWorkflowDescriptor",
    "Decider",
    "DeciderException",
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
    "PyflowException",
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
