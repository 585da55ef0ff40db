"""Durable, distributed workflows as ordinary procedural Python on Amazon SWF."""

from __future__ import annotations

import logging

from pyflow.client.start import start_workflow
from pyflow.client.status import WorkflowStatus, get_workflow_status
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
    PyflowException,
    UnknownCodec,
    UnsupportedPayloadVersion,
    WaitTimedOutException,
    WorkflowBlockedException,
    WorkflowCanceled,
    WorkflowFailedException,
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
    "RetryPolicy",
    "UnknownCodec",
    "UnsupportedPayloadVersion",
    "WaitTimedOutException",
    "Workflow",
    "WorkflowBlockedException",
    "WorkflowCanceled",
    "WorkflowFailedException",
    "WorkflowInvocationHelper",
    "WorkflowStatus",
    "activity",
    "current_activity",
    "get_workflow_status",
    "logger",
    "poll_for_activities",
    "poll_for_executions",
    "start_workflow",
]
