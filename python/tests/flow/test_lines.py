"""Functions of a workflow side by side, scopes and limits of time, on a whole SWF: resident, and replayed every time."""

from __future__ import annotations

import pytest
from flow.house import house

import pyflow

DAY = {"defaultExecutionStartToCloseTimeout": 86_400}


class Lines(pyflow.Workflow):
    NAME = "Lines"
    OPTIONS = DAY
    ON_CANCEL = "raise"
    double = pyflow.ActivityDescriptor("double", "1")

    def run(self, what):
        return getattr(self, what)()

    def squared_after(self, seconds):
        self.swf.sleep(seconds)
        return seconds * seconds

    def spawns(self):
        futures = [self.swf.spawn(self.squared_after, seconds) for seconds in (3, 1, 2)]
        finished = self.swf.wait_for_all(futures)
        return [[future.result() for future in futures], [future.invocation_id for future in finished]]

    def raises(self):
        def fails():
            self.swf.sleep(1)
            raise ValueError("of the function's own")

        failing = self.swf.spawn(fails)
        try:
            failing.result()
        except ValueError as error:
            return [str(error), failing.failed]

    def maps(self):
        begun = self.swf.workflow_time()
        squares = self.swf.map(self.squared_after, [2, 1, 2, 1], width=2)
        return [squares, (self.swf.workflow_time() - begun).total_seconds()]

    def maps_a_step(self):
        return self.swf.map(self.double, range(250))

    def maps_in_children(self):
        return self.swf.map(self.double, range(25), batch=10)

    def maps_a_method_in_children(self):
        return self.swf.map(self.squared_after, [1, 2, 3], batch=2, width=1)

    def limits(self):
        try:
            with self.swf.timeout(5):
                self.swf.sleep(10)
        except pyflow.WaitTimedOutException as error:
            return str(error)

    def is_in_time(self):
        with self.swf.timeout(5) as limit:
            self.swf.sleep(1)
        self.swf.sleep(10)
        return limit.expired

    def scopes(self):
        with self.swf.scope() as scope:
            inner = self.swf.spawn(self.squared_after, 100)

            def cancels():
                self.swf.sleep(1)
                scope.cancel("enough")

            self.swf.spawn(cancels)
            self.swf.sleep(50)
        self.swf.sleep(1)
        return [scope.canceled, inner.done, inner.exception.details]

    def leaves_nothing(self):
        left = []
        with self.swf.scope() as scope:
            scope.cancel()
            left.append(self.swf.start_timer(1000))
            self.swf.sleep(1)
        return [future.failed for future in left]

    def ends_alone(self):
        self.swf.signal("late").on(lambda value: self.swf.invoke_once(lambda: "handled"))
        self.swf.signal("go").result()
        return "ended"

    def shields(self):
        try:
            with self.swf.timeout(2):
                with self.swf.shielded():
                    self.swf.sleep(5)
                self.swf.sleep(100)
        except pyflow.WaitTimedOutException:
            return "told behind the shield"

    def cleans_up(self):
        try:
            self.swf.sleep(1000)
        except pyflow.WorkflowCanceled as canceled:
            with self.swf.shielded():
                self.swf.sleep(3)
            return [str(canceled), "clean"]

    def waits_until(self):
        seen = []

        def counts():
            for number in range(3):
                self.swf.sleep(1)
                seen.append(number)

        self.swf.spawn(counts)
        self.swf.wait_until(lambda: len(seen) == 2)
        try:
            self.swf.wait_until(lambda: len(seen) == 5, timeout=60)
        except pyflow.WaitTimedOutException:
            return seen


@pytest.fixture(params=[1000, 0], ids=["resident", "replaying"])
def it(request):
    with house(Lines, max_resident_runs=request.param, activities={"double": lambda n: 2 * n}) as found:
        yield found


@pytest.mark.parametrize(
    ("what", "result"),
    [
        ("spawns", [[9, 1, 4], ["spawn2", "spawn3", "spawn1"]]),
        ("raises", ["of the function's own", True]),
        ("maps", [[4, 1, 4, 1], 3.0]),
        ("maps_a_step", [2 * n for n in range(250)]),
        ("maps_in_children", [2 * n for n in range(25)]),
        ("maps_a_method_in_children", [1, 4, 9]),
        ("limits", "not done within 5 seconds"),
        ("is_in_time", False),
        ("scopes", [True, True, "enough"]),
        ("leaves_nothing", [True]),
        ("shields", "told behind the shield"),
        ("waits_until", [0, 1, 2]),
    ],
)
def test_it_comes_to(it, what, result):
    assert it.result(Lines, what) == result


def test_a_cancel_is_told_at_the_next_wait_and_a_shield_lets_clean_up_end(it):
    run = it.start(Lines, "cleans_up")
    it.settle()
    it.client.request_cancel_workflow_execution(domain=it.swf.domain, workflowId=run["workflowId"])
    assert it.finish(run).result == '["", "clean"]'


def test_ids_tell_the_line_that_asked(it):
    run = it.start(Lines, "spawns")
    it.finish(run)
    timers = [
        event["timerStartedEventAttributes"]["timerId"]
        for event in it.history(run)
        if event["eventType"] == "TimerStarted"
    ]
    assert timers == ["spawn1.sleep1", "spawn2.sleep1", "spawn3.sleep1"]


def test_nothing_goes_on_in_the_turn_in_which_the_run_ends(it):
    run = it.start(Lines, "ends_alone")
    it.settle()
    it.signal(run, "go")
    it.signal(run, "late")
    assert it.finish(run).result == '"ended"'
    assert "MarkerRecorded" not in [event["eventType"] for event in it.history(run)]
