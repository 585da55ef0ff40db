"""A program on the bare local SWF, decided for by several deciders that meet faults."""

from __future__ import annotations

import contextlib
import heapq
import json
from itertools import count

from model import walking
from model.ideal import Result
from model.program import Program

import pyflow
from pyflow.decider import split
from pyflow.decider.resident import Resident
from pyflow.errors import DeciderException
from pyflow.history.context import Context, read_context
from pyflow.history.kinds import ACTIVITY, CHILD, KINDS, TIMER
from pyflow.history.reserved import RESUME, VOID
from pyflow.swf.decision_client import DecisionClient
from pyflow.testing import local_service
from pyflow.testing.driven import START

FAULTS = {
    "none": "the decider answers",
    "evict": "its resident runs are dropped before",
    "forget": "the run is dropped before, others stay",
    "other": "another decider takes the task, and those that follow",
    "killed before": "it takes the task and dies; another process begins with nothing",
    "killed": "it decides and dies before it answers; another process begins with nothing",
    "lost before": "the answer never gets to SWF",
    "lost after": "SWF takes the answer, the decider does not hear of it",
    "unheard": "nobody answers the task, the decider goes on with what it holds",
    "void": "the run is parked, and woken by a signal",
    "void long": "the run is parked, and woken by the timer",
    "void busy": "the run is parked while news comes, and woken by that",
    "noise": "a signal that nobody reads comes while it decides",
    "noise before": "such a signal comes before the task is taken",
    "noise twice": "one comes before, one while it decides",
    "short": "its answers hold four decisions at most",
    "shortest": "its answers hold two decisions at most",
}
DELAYS = ("killed before", "killed", "lost before", "unheard", "void long")
"""Those that cost time: two seconds of a decision task, or five of a void timer."""
GENTLE = tuple(fault for fault in FAULTS if fault not in DELAYS and not fault.startswith("void"))
"""Those that a child's decisions may meet, whose order among others is thus kept."""


CLOSES = {kind.decision for kind in KINDS if kind.closes}


class Seat:
    """A decider process: what it holds resident, and its client."""

    def __init__(self, house, task_list):
        self.decider = pyflow.Decider(
            [walking.Walker, walking.Stops, walking.Raises],
            house.swf.domain,
            task_list,
            None,
            client=object(),
        )
        self.swf = DecisionClient(house.swf.domain, task_list, None, house.client)
        self.residents: dict[str, Resident] = {}

    def drop(self, run_id=None):
        for each in [run_id] if run_id else list(self.residents):
            resident = self.residents.pop(each, None)
            if resident is not None:
                resident.execution.close()

    def decide(self, task):
        resident = self.residents.get(task.run.run_id)
        if resident is not None:
            if resident.reached_by(task.events):
                with contextlib.suppress(DeciderException):
                    return resident.decide(task.events)
            self.drop(task.run.run_id)
        resident = self.residents[task.run.run_id] = Resident(self.decider.execution(task.run, polled=True))
        return resident.decide(self.swf.history(task))


class House:
    """The local SWF, and what happens around a run: deciders, a worker, clients."""

    def __init__(self, swf):
        self.swf, self.client = swf, swf.client()
        self.keys = count(1)
        self.seats = {}
        self.client.register_activity_type(
            domain=swf.domain, name="act", version="1", defaultTaskList={"name": "work"},
            **{f"defaultTask{each}": "NONE" for each in (
                "HeartbeatTimeout", "ScheduleToStartTimeout", "ScheduleToCloseTimeout", "StartToCloseTimeout")},
        )  # fmt: skip
        for each in (walking.Walker, walking.Stops, walking.Raises):
            pyflow.Decider(
                [each], swf.domain, "deciders", None, client=self.client
            ).ensure_workflows_registered()

    def come_to(self, program: Program, faults: tuple[str, ...] = ()) -> Result:
        """What a new run of the program comes to, its decisions meeting the faults in their order."""
        kept = {kind: kind.window for kind in (ACTIVITY, TIMER, CHILD)}
        for kind in kept:
            object.__setattr__(kind, "window", program.window)
        performance = Performance(self, program, faults)
        try:
            return performance.result()
        finally:
            performance.end()
            for kind, window in kept.items():
                object.__setattr__(kind, "window", window)


class Performance:
    def __init__(self, house: House, program: Program, faults):
        self.house, self.swf, self.client, self.domain = house, house.swf, house.client, house.swf.domain
        self.faults = list(reversed(faults))
        self.key = f"program {next(house.keys)}"
        walking.PROGRAMS[self.key] = program.block
        self.seats = {name: [Seat(house, name), Seat(house, name)] for name in ("deciders", "children")}
        self.limits: dict[Seat, int] = {}
        self.began = self.now()
        self.agenda, self.order = [], count()
        self.has_closed = False
        self.working, self.activities, self.races = {}, [], []
        workflow = {"stop": walking.Stops, "raise": walking.Raises}[program.on_cancel]
        self.run = pyflow.start_workflow(
            self.domain,
            workflow.NAME,
            workflow.VERSION,
            "deciders",
            input=json.dumps(self.key),
            client=self.client,
        )
        for action in program.actions:
            self.plan(1000 * action.at, lambda action=action: self.act(action))

    def now(self):
        """Milliseconds."""
        return round((self.swf.now - START).total_seconds() * 1000)

    def plan(self, milliseconds, happen):
        heapq.heappush(self.agenda, (self.now() + milliseconds, next(self.order), happen))

    def act(self, action):
        if action.races:
            self.races.append(action)
        else:
            self.send(action)

    def send(self, action):
        if action.what == "signal":
            self.signal(action.name, json.dumps(action.value))
        else:
            self.client.request_cancel_workflow_execution(
                domain=self.domain, workflowId=self.run["workflowId"]
            )

    def signal(self, name, text="null"):
        self.client.signal_workflow_execution(
            domain=self.domain, workflowId=self.run["workflowId"], signalName=name, input=text
        )

    # everything that is done before time passes

    def result(self):
        for _ in range(10_000):
            self.settle()
            if self.has_closed:
                return self.read(self.close_status())
            self.pass_time()
        raise AssertionError("the run goes on for ever")

    def close_status(self):
        """None as long as the run is open."""
        described = self.client.describe_workflow_execution(domain=self.domain, execution=self.run)
        return described["executionInfo"].get("closeStatus")

    def read(self, status):
        notes = walking.NOTES.get(self.run["runId"], [])
        if status == "COMPLETED":
            [last] = self.client.get_workflow_execution_history(
                domain=self.domain, execution=self.run, reverseOrder=True, maximumPageSize=1
            )["events"]
            notes = json.loads(last["workflowExecutionCompletedEventAttributes"]["result"])
        return Result(status, notes, self.activities)

    def settle(self):
        while True:
            did = self.decide("deciders")
            self.take_up()
            if self.has_closed:
                return
            if did == "stands":  # nobody answered: all else waits until SWF gives the task to another
                return
            if not did and not self.decide("children"):
                break
        self.work()

    def pass_time(self):
        due = self.swf.do(lambda service: service.store.next_due())
        assert due is not None, "nothing is left that could happen"
        due -= round(START.timestamp() * 1000)
        if self.agenda and self.agenda[0][0] < due:
            at, _, happen = heapq.heappop(self.agenda)
            self.swf.advance((at - self.now()) / 1000)
            with contextlib.suppress(self.client.exceptions.UnknownResourceFault):  # of what is closed
                happen()
        else:
            self.swf.advance_to_next()

    # deciding

    def decide(self, task_list):
        """One decision task, with the fault whose turn it is."""
        seats = self.seats[task_list]
        fault = self.faults.pop() if self.faults else "none"
        if task_list == "children" and fault not in GENTLE:
            fault = "none"
        waits = self.waiting(task_list)
        if not waits:
            self.faults.append(fault)
            return False
        if fault == "other":
            seats.reverse()
        seat = seats[0]
        if fault in ("evict", "forget"):
            seat.drop(self.run["runId"] if fault == "forget" else None)
        if fault in ("noise before", "noise twice") and task_list == "deciders":
            self.signal("noise")
        task = seat.swf.poll()
        assert task is not None
        if fault in ("killed before", "unheard"):
            if fault == "killed before":
                self.replace(seats)
            return "stands"
        if fault.startswith("void"):
            self.park(seat, task, fault)
            return "stands" if fault == "void long" else True
        self.limits.setdefault(seat, split.DECISIONS)
        if fault in ("short", "shortest"):
            self.limits[seat] = 4 if fault == "short" else 2
        decisions, split.DECISIONS = split.DECISIONS, self.limits[seat]
        try:
            answer = seat.decide(task)
        finally:
            split.DECISIONS = decisions
        if fault == "killed":
            self.replace(seats)
            return "stands"
        if fault == "lost before":
            seat.drop(task.run.run_id)
            return "stands"
        if fault in ("noise", "noise twice") and task_list == "deciders":
            self.signal("noise")
        if task_list == "deciders":
            races, self.races = self.races, []
            for action in races:
                self.send(action)
        seat.swf.respond(task, answer.decisions, answer.context)
        if any(decision["decisionType"] in CLOSES for decision in answer.decisions):
            self.look(task.run.run_id)
        if fault == "lost after":
            seat.drop(task.run.run_id)
        return True

    def look(self, run_id):
        """Whether the run has closed, or goes on as a new one."""
        if run_id != self.run["runId"]:
            return
        status = self.close_status()
        if status == "CONTINUED_AS_NEW":
            [last] = self.client.get_workflow_execution_history(
                domain=self.domain, execution=self.run, reverseOrder=True, maximumPageSize=1
            )["events"]
            renewed = last["workflowExecutionContinuedAsNewEventAttributes"]["newExecutionRunId"]
            self.run = {**self.run, "runId": renewed}
        else:
            self.has_closed = status is not None

    def waiting(self, task_list):
        counted = self.client.count_pending_decision_tasks(domain=self.domain, taskList={"name": task_list})
        return counted["count"]

    def replace(self, seats):
        seats[0].drop()
        seats[0] = Seat(self.house, seats[0].swf._task_list)

    def park(self, seat, task, fault):
        """Answers void, as protocol/history.md has it."""
        history = seat.swf.history(task)
        held, timers, fired = None, [], 0
        for event in history:
            completed = event.get("decisionTaskCompletedEventAttributes", {})
            held = completed.get("executionContext", held)
            timers.append(event.get("timerStartedEventAttributes", {}).get("timerId", ""))
            fired += event.get("timerFiredEventAttributes", {}).get("timerId", "").startswith(VOID)
        voids = sum(timer.startswith(VOID) for timer in timers)
        said = read_context(held)
        context = Context(said.behaviour, said.state, True, "a fault", "2026-01-01T00:00:00Z")
        decisions = []
        if voids == fired:
            attributes = {"timerId": f"{VOID}{voids + 1}", "startToFireTimeout": "5"}
            decisions.append({"decisionType": "StartTimer", "startTimerDecisionAttributes": attributes})
        seat.drop(task.run.run_id)
        if fault == "void busy":
            self.signal("noise")
        seat.swf.respond(task, decisions, context.text())
        if fault == "void":
            self.signal(RESUME)

    # working

    def take_up(self):
        """Activities begin at once, also those of a run that closes right after."""
        while True:
            task = self.client.poll_for_activity_task(domain=self.domain, taskList={"name": "work"})
            if not task.get("taskToken"):
                break
            self.begin(task)

    def work(self):
        self.take_up()
        for token, yields in list(self.working.items()):
            try:
                beat = self.client.record_activity_task_heartbeat(taskToken=token)
            except self.client.exceptions.UnknownResourceFault:
                del self.working[token]
                continue
            if beat["cancelRequested"]:
                del self.working[token]
                if yields is not None:
                    self.plan(
                        1000 * yields,
                        lambda token=token: self.client.respond_activity_task_canceled(taskToken=token),
                    )

    def begin(self, task):
        label, attempts, yields = json.loads(json.loads(task["input"]))
        _, _, suffix = task["activityId"].partition(".attempt")
        number = int(suffix or 1)
        self.activities.append(f"{label}.{number}")
        how, seconds = attempts[min(number, len(attempts)) - 1]
        token = task["taskToken"]
        self.working[token] = yields
        if how == "ok":
            text = json.dumps(f"{label}.{number}")
            self.plan(
                1000 * seconds,
                lambda: self.client.respond_activity_task_completed(taskToken=token, result=text),
            )
        elif how == "fail":
            self.plan(
                1000 * seconds,
                lambda: self.client.respond_activity_task_failed(taskToken=token, reason="Busy"),
            )

    def end(self):
        for seats in self.seats.values():
            for seat in seats:
                seat.drop()
        left = self.client.list_open_workflow_executions(
            domain=self.domain, startTimeFilter={"oldestDate": START}
        )
        for each in left["executionInfos"]:  # children that outlive their parent among them
            run = each["execution"]
            self.client.terminate_workflow_execution(domain=self.domain, **run, childPolicy="ABANDON")
        while self.client.poll_for_activity_task(domain=self.domain, taskList={"name": "work"}).get(
            "taskToken"
        ):
            pass


@contextlib.contextmanager
def house():
    with local_service() as swf:
        yield House(swf)
