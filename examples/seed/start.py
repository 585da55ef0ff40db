"""The document's start call."""

import pyflow

domain = "SWFSampleDomain"
task_list = "my-workflow-tasklist"
workflow_name = "MyWorkflow"
workflow_version = "1.0"
lambda_role = "arn:aws:iam::528461152743:role/swf-lambda"
workflow_id = pyflow.start_workflow(
    domain=domain,
    workflow_name=workflow_name,
    workflow_version=workflow_version,
    task_list=task_list,
    lambda_role=lambda_role,
    input='"Hello"',
)
print(f"Workflow started with workflow_id {workflow_id}")
