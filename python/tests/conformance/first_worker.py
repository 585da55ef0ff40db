"""The worker of protocol/conformance/README.md, "From nothing to the first green behaviour": its four points, by boto3."""

import argparse

import boto3

options = argparse.ArgumentParser()
for name in ("--endpoint-url", "--domain", "--task-list"):
    options.add_argument(name, required=True)
asked = options.parse_args()
swf = boto3.client("swf", endpoint_url=asked.endpoint_url)
timeouts = ("ScheduleToStart", "StartToClose", "ScheduleToClose", "Heartbeat")
swf.register_activity_type(
    domain=asked.domain, name="echo", version="1", **{f"defaultTask{it}Timeout": "NONE" for it in timeouts}
)
print("ready", flush=True)
while True:
    task = swf.poll_for_activity_task(domain=asked.domain, taskList={"name": asked.task_list})
    if task.get("taskToken"):
        swf.respond_activity_task_completed(taskToken=task["taskToken"], result=task.get("input", ""))
