"""The document's workflow worker: registers MyWorkflow, then decides for its executions, for ever."""

from workflow import MyWorkflow

import pyflow

domain = "SWFSampleDomain"
task_list = "my-workflow-tasklist"

# Will poll indefinitely for events
pyflow.poll_for_executions([MyWorkflow], domain=domain, task_list=task_list, identity="My Workflow Worker")
