"""A decider outlives the SWF that it talks to: it waits for it, and goes on."""

from __future__ import annotations

import threading
from urllib.parse import urlsplit

from decisions.running import PATIENCE, until

import pyflow
from pyflow.swf.boto import client as client_of
from pyflow.testing.processes import local_swf_process

RUNS = 20


class Ticks(pyflow.Workflow):
    NAME = "Ticks"
    OPTIONS = {"defaultTaskStartToCloseTimeout": 3}

    def run(self, value):
        for _ in range(4):
            self.swf.sleep(1)
        return value


def test_all_runs_close_although_the_server_is_killed_and_started_again(tmp_path, caplog):
    where = ["--domain", "shop", "--db", str(tmp_path / "swf.db"), "--poll-seconds", "2"]
    with local_swf_process(*where) as (first, url):
        decider = pyflow.Decider([Ticks], "shop", "d", "me", endpoint_url=url, sticky_timeout=2)
        decider.ensure_workflows_registered()
        client = client_of(endpoint_url=url)
        for number in range(RUNS):
            pyflow.start_workflow("shop", "Ticks", "1.0", "d", input=str(number), client=client)
        deciding = threading.Thread(target=decider.run)
        deciding.start()
        until(lambda: decider.statistics.decision_tasks > RUNS)
        first.kill()
    with local_swf_process(*where, "--port", str(urlsplit(url).port)):
        until(lambda: closed(client) == {"COMPLETED": RUNS})
        decider.stop()
        deciding.join(PATIENCE)
        assert not deciding.is_alive()
    said = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert any("trying again until it passes" in each for each in said)
    assert len(said) < 10


def closed(client):
    """How many runs ended in which way."""
    found = client.list_closed_workflow_executions(domain="shop", startTimeFilter={"oldestDate": 0})
    ways = [each["closeStatus"] for each in found["executionInfos"]]
    return {way: ways.count(way) for way in ways}
