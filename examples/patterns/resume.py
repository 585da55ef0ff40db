"""A long import that is tried again after a crash, and goes on where the last heartbeat was."""

import pyflow

CHUNK = 1_000


@pyflow.activity(version="1", heartbeat_timeout=60, heartbeat="manual")
def import_rows(count: int) -> str:
    """Import rows by chunks; each chunk may be imported twice."""
    activity = pyflow.current_activity()
    begin = activity.info.last_heartbeat or 0
    for row in range(begin, count, CHUNK):
        activity.heartbeat(row)  # up to here all is done
    return f"rows {begin} to {count} in attempt {activity.info.attempt}"


class Import(pyflow.Workflow):
    """Input: how many rows."""

    NAME = "Import"
    rows = import_rows.using(retry=pyflow.RetryPolicy(10, first=30, maximum=600))

    def run(self, count: int) -> str:
        """One step: how often it is tried is not the workflow's concern."""
        return str(self.rows(count).result())
