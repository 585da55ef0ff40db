"""A decider that runs: its own task list, its threads, its end, and what it survives."""

from __future__ import annotations

import threading

import pytest
from decisions.running import PATIENCE, Around, House, until
from decisions.scripted_swf import Fault

import pyflow
from pyflow.testing.service import local_service


class Naps(pyflow.Workflow):
    NAME = "Naps"
    begun = 0

    def run(self, times):
        type(self).begun += 1
        for _ in range(times):
            self.swf.sleep(100)
        return times


class Calls(pyflow.Workflow):
    """Calls what the test has put here, within its decision."""

    NAME = "Calls"
    call = staticmethod(lambda: None)

    def run(self, value):
        self.swf.invoke_once(type(self).call)
        self.swf.sleep(100)
        return value


@pytest.fixture
def house():
    Naps.begun = 0
    with local_service(poll_seconds=0.2) as swf:
        yield House(swf, Naps, Calls)


def lists(house, run):
    return [each["taskList"]["name"] for each in house.events(run, "DecisionTaskScheduled")]


def test_the_next_decision_task_of_a_resident_run_comes_back_to_its_decider(house):
    with house.deciding() as decider:
        run = house.start("Naps", 2)
        house.answered(run, 1)
        house.swf.advance(100)
        said = house.answered(run, 2)
        house.swf.advance(100)
        assert house.result(run) == 2
    first, *own = lists(house, run)
    assert first == "deciders"
    assert len(own) == 2 and len(set(own)) == 1
    assert own[0].startswith("deciders-") and len(own[0]) == len("deciders-") + 16
    assert [each["taskListScheduleToStartTimeout"] for each in said] == ["10", "10"]
    assert Naps.begun == 1
    assert decider.statistics.replays == {"new": 1}


def test_only_polls_of_its_own_list_ask_for_new_events_only(house):
    asked = []

    def poll(really, request):
        asked.append(
            (request["taskList"]["name"] == "deciders", request.get("startAtPreviousStartedEvent", False))
        )
        return really(**request)

    with house.deciding(Around(house.client, poll_for_decision_task=poll)):
        run = house.start("Naps", 1)
        house.answered(run, 1)
        house.swf.advance(100)
        house.result(run)
    assert set(asked) == {(True, False), (False, True)}


@pytest.mark.parametrize(
    "options", [{"sticky_timeout": 0}, {"sticky_timeout": None}, {"max_resident_runs": 0}]
)
def test_without_a_list_of_its_own_every_task_goes_to_the_shared_one(house, options):
    with house.deciding(**options) as decider:
        run = house.start("Naps", 1)
        house.answered(run, 1)
        house.swf.advance(100)
        assert house.result(run) == 1
    assert lists(house, run) == ["deciders", "deciders"]
    assert all("taskList" not in each for each in house.events(run, "DecisionTaskCompleted"))
    assert decider.statistics.polls["private"] == 0


def test_a_task_list_whose_name_is_as_long_as_it_may_be_leaves_room_for_the_suffix(house):
    long = pyflow.Decider([Naps], "test", "d" * 256, "me", client=house.client)
    assert len(long._sticky.task_list) == 256


def test_a_task_in_flight_at_a_stop_leads_back_to_the_shared_list(house):
    with house.deciding() as decider:
        Calls.call = staticmethod(lambda: decider.stop())
        run = house.start("Calls")
        [said] = house.answered(run, 1)
    assert said["taskList"] == {"name": "deciders"}
    assert "taskListScheduleToStartTimeout" not in said
    with house.deciding():
        house.swf.advance(100)
        house.result(run)
    assert lists(house, run) == ["deciders", "deciders"]


def test_an_idle_run_of_a_decider_that_is_gone_costs_one_timeout_and_a_replay(house):
    with house.deciding():
        run = house.start("Naps", 1)
        house.answered(run, 1)
    with house.deciding() as successor:
        house.swf.advance(100)
        house.swf.advance(10)
        assert house.result(run) == 1
    [lost] = house.events(run, "DecisionTaskTimedOut")
    assert lost["timeoutType"] == "SCHEDULE_TO_START"
    assert Naps.begun == 2
    assert successor.statistics.replays == {"unknown": 1}


def test_a_run_that_somebody_else_decided_meanwhile_is_replayed(house):
    one, two = house.decider(), house.decider()
    run = house.start("Naps", 3)
    for decider in (one, two, one):
        assert decider.step()
        house.swf.advance(100)
    assert one.statistics.replays == {"new": 1, "foreign": 1}
    assert two.statistics.replays == {"unknown": 1}
    assert one.step()
    assert house.result(run) == 3
    assert one.statistics.replays == {"new": 1, "foreign": 1}


def test_where_its_own_list_may_not_be_polled_it_goes_on_without_and_says_so_once(house, caplog):
    def poll(really, request):
        if request["taskList"]["name"] != "deciders":
            raise Fault("OperationNotPermittedFault", "not this list")
        return really(**request)

    with house.deciding(Around(house.client, poll_for_decision_task=poll)) as decider:
        run = house.start("Naps", 1)
        until(lambda: not decider._sticky.on)
        house.answered(run, 1)
        house.swf.advance(120)  # its first answer may have led to that list: ten seconds more
        assert house.result(run) == 1
        later = house.start("Naps", 1)
        house.answered(later, 1)
        house.swf.advance(100)
        assert house.result(later) == 1
    assert lists(house, run)[0] == lists(house, run)[-1] == "deciders"
    assert lists(house, later) == ["deciders", "deciders"]
    said = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert len(said) == 1
    assert said[0].startswith(
        "the decider goes on without a task list of its own (OperationNotPermittedFault: not"
    )


def test_expired_credentials_are_waited_out_with_one_warning(house, caplog):
    left = [3, 3]
    lock = threading.Lock()

    def expired(number):
        def call(really, request):
            with lock:
                left[number] -= 1
                if left[number] >= 0:
                    raise Fault(
                        "ExpiredTokenException", "the security token included in the request is expired"
                    )
            return really(**request)

        return call

    client = Around(
        house.client, poll_for_decision_task=expired(0), respond_decision_task_completed=expired(1)
    )
    with house.deciding(client):
        run = house.start("Naps", 1)
        house.answered(run, 1)
        house.swf.advance(100)
        assert house.result(run) == 1
    said = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert said == [
        "ExpiredTokenException: the security token included in the request is expired; trying again until it passes"
    ]


def test_what_swf_refuses_for_good_ends_it(house):
    def poll(really, request):
        raise Fault("DomainDeprecatedFault", "it is gone")

    with (
        pytest.raises(Fault, match="it is gone"),
        house.deciding(Around(house.client, poll_for_decision_task=poll)) as it,
    ):
        until(lambda: not threading.active_count() or it._inbox.empty())


def test_a_slow_answer_holds_no_other_run(house):
    gate, held = threading.Event(), threading.Event()

    def respond(really, request):
        if slow.is_set() and not held.is_set():
            held.set()
            assert gate.wait(PATIENCE)
        return really(**request)

    slow = threading.Event()
    slow.set()
    with house.deciding(Around(house.client, respond_decision_task_completed=respond)):
        first = house.start("Naps", 1)
        assert held.wait(PATIENCE)
        second = house.start("Naps", 0)
        assert house.result(second) == 0
        assert house.events(first, "DecisionTaskCompleted") == []
        gate.set()
        house.answered(first, 1)


def test_it_takes_no_more_tasks_than_it_has_room_for(house):
    gate = threading.Event()
    Calls.call = staticmethod(lambda: gate.wait(PATIENCE) and None)
    taken, most, lock = set(), [0], threading.Lock()

    def poll(really, request):
        task = really(**request)
        with lock:
            if task.get("taskToken"):
                taken.add(task["taskToken"])
                most[0] = max(most[0], len(taken))
        return task

    def respond(really, request):
        with lock:
            taken.discard(request["taskToken"])
        return really(**request)

    around = Around(house.client, poll_for_decision_task=poll, respond_decision_task_completed=respond)
    with house.deciding(around, pollers=1, private_pollers=1):
        runs = [house.start("Calls") for _ in range(40)]
        until(lambda: len(taken) == 17, "that all room is taken but the permit of the private poller")
        gate.set()
        for run in runs:
            house.answered(run, 1)
    assert most[0] <= 18


def test_an_answer_that_was_lost_on_the_way_drops_the_run_which_then_replays(house):
    lost = []

    def respond(really, request):
        answer = really(**request)
        if not lost:
            lost.append(True)
            raise ConnectionError("the answer of the answer was lost")
        return answer

    with house.deciding(Around(house.client, respond_decision_task_completed=respond)) as decider:
        run = house.start("Naps", 1)
        until(lambda: decider.statistics.answers_lost == 1)
        house.swf.advance(100)
        assert house.result(run) == 1
    assert decider.statistics.replays == {"new": 1, "unknown": 1}
    assert Naps.begun == 2


def test_a_workflow_that_blocks_the_process_is_named_once_with_its_stack(house, caplog):
    def blocking():
        until(lambda: any("has blocked the decider" in each.getMessage() for each in caplog.records))
        assert decider.blocked

    Calls.call = staticmethod(blocking)
    with house.deciding(blocked_after=0.1) as decider:
        run = house.start("Calls")
        house.answered(run, 1)
        assert not decider.blocked
    said = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert len(said) == 1
    assert said[0].startswith(
        f"decision task 3 of {run['workflowId']} (Calls 1.0) has blocked the decider for 0 s"
    )
    assert "in blocking" in said[0]


def test_it_can_run_again_after_its_time_is_over(house):
    decider = house.decider()
    run = house.start("Naps", 1)
    decider.run(max_time=0.1)
    assert len(house.answered(run, 1)) == 1
    house.swf.advance(110)
    decider.run(max_time=0.1)
    assert house.result(run) == 1


def test_statistics_count_what_it_did(house):
    with house.deciding() as decider:
        runs = [house.start("Naps", 1) for _ in range(3)]
        for run in runs:
            house.answered(run, 1)
        until(lambda: decider.statistics.resident_runs == 3)
        assert 36_000 < decider.statistics.resident_bytes < 40_000
    assert decider.statistics.decision_tasks == 3
    assert sum(decider.statistics.decide_seconds) == 3
    assert decider.statistics.decide_seconds_sum > 0
    assert decider.statistics.polls["shared"] >= 3
    assert decider.statistics.resident_runs == decider.statistics.resident_bytes == 0
