"""What the measured worker of simpleflow can do; runs in its environment."""

from simpleflow import activity


@activity.with_attributes(name="simple_activities.nothing", version="1", task_list="t")
def nothing(value):
    return value
