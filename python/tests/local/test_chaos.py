"""Faults by seed, each seen by a real client of a real server; the seeds are chosen for the calls they befall."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from local.direct import ACTIVITY_DEFAULTS, CHARGE, ORDER, WORKFLOW_DEFAULTS, complete, schedule
from local.signed import LINES

from pyflow.local.chaos.faults import CARRIED_OUT
from pyflow.local.chaos.plan import Plan, Planned, PlanRefused
from pyflow.local.chaos.profiles import CLASSES, DEFAULT, POSSIBLE, PROFILES
from pyflow.local.operations import OPERATIONS, ask
from pyflow.testing import local_swf

DECIDERS = {"name": "deciders"}
WORKERS = {"name": "workers"}


# the plan


def befallen(plan: Plan, operation: str, calls: int = 20) -> list[int]:
    """The numbers of the calls that meet a fault."""
    return [number for number in range(1, calls + 1) if plan.at(operation, number)]


def test_the_same_seed_gives_the_same_faults_on_every_machine() -> None:
    assert befallen(Plan(42, "throttle"), "SignalWorkflowExecution") == [3, 6, 13, 17, 19]
    assert befallen(Plan(43, "throttle"), "SignalWorkflowExecution") == [5, 6, 10, 11, 12, 13, 15, 17]
    assert Plan(1, "errors").at("StartWorkflowExecution", 2) == Planned("unavailable", 0.5123595532495528)
    assert Plan(1, "errors").at("StartWorkflowExecution", 6) is None


def test_faults_come_as_often_as_their_profile_says() -> None:
    assert len(befallen(Plan(42, "throttle"), "SignalWorkflowExecution", 10_000)) == 2965


def test_every_operation_has_a_class_and_every_fault_somewhere_to_happen() -> None:
    assert set(CLASSES) == set(OPERATIONS)
    assert set(CARRIED_OUT) == set(POSSIBLE)
    assert all(classes <= set(CLASSES.values()) for classes in POSSIBLE.values())
    assert set(PROFILES[DEFAULT]) == set(POSSIBLE)
    assert next(iter(PROFILES)) == DEFAULT


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_a_profile_names_what_can_happen_and_leaves_calls_that_go_well(profile: str) -> None:
    for fault, probabilities in PROFILES[profile].items():
        assert set(probabilities) <= POSSIBLE[fault]
    for kind in set(CLASSES.values()):
        assert 0 <= sum(each.get(kind, 0.0) for each in PROFILES[profile].values()) < 1


def test_a_plan_is_a_seed_and_perhaps_a_profile() -> None:
    assert Plan.read("42:throttle") == Plan(42, "throttle")
    assert Plan.read("18446744073709551615") == Plan(2**64 - 1, "mixed")


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (
            "4 2",
            "seed '4 2' is no whole number from 0 to 18446744073709551615: SEED or SEED:PROFILE, where the ",
        ),
        (
            "-1:lost",
            "seed '-1' is no whole number from 0 to 18446744073709551615: SEED or SEED:PROFILE, where the ",
        ),
        (
            "18446744073709551616",
            "seed '18446744073709551616' is no whole number from 0 to 18446744073709551615: ",
        ),
        ("", "seed '' is no whole number"),
        ("42:", "there is no profile '': the "),
        ("42:calm", "there is no profile 'calm': the "),
    ],
)
def test_what_is_no_plan_is_refused_with_the_profiles_there_are(text: str, refusal: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        Plan.read(text)
    assert str(refused.value).startswith(refusal)
    assert str(refused.value).endswith(
        "profiles are mixed, throttle, errors, lost, swallow, duplicate, pages, race"
    )


# the faults, by their clients


class Server:
    """A local SWF with a domain and types, its client, and what it has told of its faults."""

    def __init__(self, swf: Any, told: SimpleQueue[str]) -> None:
        self.swf = swf
        self.domain = swf.domain
        self.client = swf.client()
        self._told = told

    def told(self) -> str:
        """The next line about a fault, waited for."""
        return self._told.get(timeout=30)

    def quiet(self) -> bool:
        return self._told.empty()

    def start(self, workflow_id: str = "o1", client: Any = None) -> str:
        answer = (client or self.client).start_workflow_execution(
            domain=self.domain, workflowId=workflow_id, workflowType=ORDER
        )
        return str(answer["runId"])

    def signal(self, workflow_id: str = "o1") -> None:
        self.client.signal_workflow_execution(domain=self.domain, workflowId=workflow_id, signalName="s")

    def open(self) -> list[str]:
        found = self.client.list_open_workflow_executions(
            domain=self.domain, startTimeFilter={"oldestDate": 0}
        )
        return [info["execution"]["workflowId"] for info in found["executionInfos"]]

    def poll(self) -> Any:
        return self.client.poll_for_decision_task(domain=self.domain, taskList=DECIDERS)

    def decide(self, *decisions: Any) -> None:
        token = self.poll()["taskToken"]
        self.client.respond_decision_task_completed(taskToken=token, decisions=decisions)

    def events(self, run_id: str, workflow_id: str = "o1") -> list[Any]:
        pages = self.client.get_paginator("get_workflow_execution_history").paginate(
            domain=self.domain, execution={"workflowId": workflow_id, "runId": run_id}
        )
        return [event for page in pages for event in page["events"]]

    def types(self, run_id: str, workflow_id: str = "o1") -> list[str]:
        return [event["eventType"] for event in self.events(run_id, workflow_id)]


@pytest.fixture
def told() -> Iterator[SimpleQueue[str]]:
    """What the local SWF logs while a test runs, which must be of no error."""
    lines: SimpleQueue[str] = SimpleQueue()
    errors: list[str] = []

    class Telling(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            (errors.append if record.levelno >= logging.ERROR else lines.put)(record.getMessage())

    handler = Telling()
    watched = [logging.getLogger(name) for name in ("pyflow.local", "uvicorn.error", "asyncio")]
    for logger in watched:
        logger.addHandler(handler)
    yield lines
    for logger in watched:
        logger.removeHandler(handler)
    assert errors == []


@pytest.fixture
def server(request: pytest.FixtureRequest, told: SimpleQueue[str]) -> Iterator[Server]:
    """A server with the chaos of the test's mark, its types registered past all faults."""
    with local_swf(chaos=request.param) as swf:
        seed, _, profile = request.param.partition(":")
        assert told.get(timeout=30) == f"chaos: seed {seed}, profile {profile}"
        workflow = {"domain": swf.domain, **ORDER, **WORKFLOW_DEFAULTS}
        activity = {"domain": swf.domain, **CHARGE, **ACTIVITY_DEFAULTS}
        swf.do(lambda service: ask(service, "RegisterWorkflowType", workflow))
        swf.do(lambda service: ask(service, "RegisterActivityType", activity))
        yield Server(swf, told)


def under(chaos: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("server", [chaos], indirect=True)


@under("1:throttle")
def test_a_call_is_throttled_and_has_not_happened(server: Server) -> None:
    server.start("o1")
    with pytest.raises(ClientError) as refused:
        server.start("o2")
    assert refused.value.response["Error"] == {"Code": "ThrottlingException", "Message": "Rate exceeded"}
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert server.told() == "chaos: seed 1, profile throttle: StartWorkflowExecution 2 throttled"
    assert server.swf.do(lambda service: service.runs.open("test", "o2")) is None


@under("1:errors")
@pytest.mark.parametrize(
    ("call", "status", "code", "fault"),
    [(2, 503, "ServiceUnavailableException", "unavailable"), (3, 500, "InternalFailure", "failed")],
)
def test_a_call_fails_by_no_fault_of_its_client_and_has_not_happened(
    server: Server, call: int, status: int, code: str, fault: str
) -> None:
    for number in range(1, call + 1):
        try:
            server.start(f"o{number}")
        except ClientError as error:
            refused = error.response
    assert refused["ResponseMetadata"]["HTTPStatusCode"] == status
    assert refused["Error"] == {
        "Code": code,
        "Message": "this was the chaos that was asked for: nothing of the call has happened",
    }
    lines = [server.told() for _ in range(2, call + 1)]
    assert lines[-1] == f"chaos: seed 1, profile errors: StartWorkflowExecution {call} {fault}"
    assert server.swf.do(lambda service: service.runs.open("test", f"o{call}")) is None


@under("4:lost")
def test_an_answer_is_lost_after_its_call_was_done(server: Server) -> None:
    with pytest.raises(ConnectionClosedError):
        server.start("o1")
    assert server.told() == "chaos: seed 4, profile lost: StartWorkflowExecution 1 lost"
    assert server.swf.do(lambda service: service.runs.open("test", "o1").last_id) == 2


@under("4:lost")
def test_a_connection_is_cut_without_a_byte(server: Server) -> None:
    address = urlsplit(server.swf.endpoint_url)
    body = b'{"domain":"test","workflowId":"o1","workflowType":{"name":"order","version":"1"}}'
    with socket.create_connection((address.hostname, address.port)) as client:
        client.sendall(
            b"POST / HTTP/1.1\r\nHost: localhost\r\n"
            b"X-Amz-Target: SimpleWorkflowService.StartWorkflowExecution\r\n"
            b"%sContent-Length: %d\r\n\r\n%s" % (LINES.encode(), len(body), body)
        )
        assert client.recv(4096) == b""
    assert server.swf.do(lambda service: service.runs.open("test", "o1").last_id) == 2


@under("8:lost")
def test_a_client_that_tries_again_after_a_lost_answer_is_told_of_its_own_run(server: Server) -> None:
    patient = server.swf.client(config=Config(retries={"mode": "standard", "total_max_attempts": 5}))
    with pytest.raises(ClientError, match="WorkflowExecutionAlreadyStartedFault"):
        server.start("o1", patient)
    assert server.told() == "chaos: seed 8, profile lost: StartWorkflowExecution 1 lost"
    assert server.open() == ["o1"]


@under("9:swallow")
def test_a_decision_task_is_swallowed_until_it_times_out(server: Server) -> None:
    run = server.start()
    with pytest.raises(ConnectionClosedError):
        server.poll()
    assert server.told() == "chaos: seed 9, profile swallow: PollForDecisionTask 1 swallowed"
    assert server.types(run)[2:] == ["DecisionTaskStarted"]
    assert server.client.count_pending_decision_tasks(domain="test", taskList=DECIDERS)["count"] == 0
    server.swf.advance(10)
    assert server.types(run)[3:] == ["DecisionTaskTimedOut", "DecisionTaskScheduled"]
    assert server.poll()["startedEventId"] == 6


@under("7:swallow")
def test_an_activity_task_is_swallowed_until_it_times_out(server: Server) -> None:
    run = server.start()
    server.decide(schedule(startToCloseTimeout="30"))
    with pytest.raises(ConnectionClosedError):
        server.client.poll_for_activity_task(domain="test", taskList=WORKERS)
    assert server.told() == "chaos: seed 7, profile swallow: PollForActivityTask 1 swallowed"
    server.swf.advance(30)
    assert server.types(run)[4:] == [
        "ActivityTaskScheduled",
        "ActivityTaskStarted",
        "ActivityTaskTimedOut",
        "DecisionTaskScheduled",
    ]


@under("9:swallow")
def test_a_poll_that_found_nothing_swallows_nothing(told: SimpleQueue[str], server: Server) -> None:
    with local_swf(chaos="9:swallow", poll_seconds=0) as swf:
        assert told.get(timeout=30) == "chaos: seed 9, profile swallow"
        empty = swf.client().poll_for_decision_task(domain="test", taskList=DECIDERS)
    assert "taskToken" not in empty
    assert server.quiet()


@under("0:duplicate")
def test_a_start_is_done_again_and_its_client_told_of_its_own_run(server: Server) -> None:
    with pytest.raises(ClientError, match="WorkflowExecutionAlreadyStartedFault"):
        server.start("o1")
    assert server.told() == "chaos: seed 0, profile duplicate: StartWorkflowExecution 1 duplicated"
    assert server.open() == ["o1"]


@under("1:duplicate")
def test_a_signal_and_a_cancel_request_come_twice(server: Server) -> None:
    run = server.start()
    server.signal()
    server.client.request_cancel_workflow_execution(domain="test", workflowId="o1")
    server.client.request_cancel_workflow_execution(domain="test", workflowId="o1")
    assert server.told() == "chaos: seed 1, profile duplicate: SignalWorkflowExecution 1 duplicated"
    assert server.told() == "chaos: seed 1, profile duplicate: RequestCancelWorkflowExecution 2 duplicated"
    assert server.types(run) == [
        "WorkflowExecutionStarted",
        "DecisionTaskScheduled",
        *["WorkflowExecutionSignaled"] * 2,
        *["WorkflowExecutionCancelRequested"] * 3,
    ]


@under("0:duplicate")
def test_what_is_refused_is_not_done_again(server: Server) -> None:
    with pytest.raises(ClientError, match="Unknown execution, workflowId = nobody"):
        server.signal("nobody")
    assert server.quiet()


@under("2:pages")
def test_a_page_has_fewer_items_than_asked_for_and_a_token_for_the_rest(server: Server) -> None:
    run = server.start()
    for _ in range(7):
        server.signal()
    execution = {"workflowId": "o1", "runId": run}
    request = {"domain": "test", "execution": execution, "maximumPageSize": 4}
    first = server.client.get_workflow_execution_history(**request)
    assert [event["eventId"] for event in first["events"]] == [1, 2, 3, 4]
    second = server.client.get_workflow_execution_history(nextPageToken=first["nextPageToken"], **request)
    assert [event["eventId"] for event in second["events"]] == [5, 6]
    assert server.told() == "chaos: seed 2, profile pages: GetWorkflowExecutionHistory 2 truncated"
    third = server.client.get_workflow_execution_history(nextPageToken=second["nextPageToken"], **request)
    assert [event["eventId"] for event in third["events"]] == [7, 8, 9]
    assert "nextPageToken" not in third


@under("2:pages")
def test_a_page_of_one_item_is_as_short_as_pages_get(server: Server) -> None:
    run = server.start()
    request = {"execution": {"workflowId": "o1", "runId": run}, "domain": "test", "maximumPageSize": 1}
    for _ in range(20):
        assert len(server.client.get_workflow_execution_history(**request)["events"]) == 1
    assert server.quiet()


@under("1:pages")
def test_a_decision_task_comes_in_pages_that_make_its_whole_history(server: Server) -> None:
    run = server.start()
    for _ in range(30):
        server.signal()
    pages = list(
        server.client.get_paginator("poll_for_decision_task").paginate(domain="test", taskList=DECIDERS)
    )
    assert [len(page["events"]) for page in pages] == [5, 5, 1, 22]
    assert [event["eventId"] for page in pages for event in page["events"]] == list(range(1, 34))
    assert len(server.events(run)) == 33


@under("3:pages")
def test_lists_come_in_pages_that_make_the_whole_list(server: Server) -> None:
    for number in range(2, 14):
        server.client.register_workflow_type(domain="test", name="order", version=f"{number:02}")
    pages = list(
        server.client.get_paginator("list_workflow_types").paginate(
            domain="test", registrationStatus="REGISTERED"
        )
    )
    assert [len(page["typeInfos"]) for page in pages] == [1, 4, 8]
    versions = [info["workflowType"]["version"] for page in pages for info in page["typeInfos"]]
    assert versions == ["02", "03", "04", "05", "06", "07", "08", "09", "1", "10", "11", "12", "13"]


@under("0:race")
def test_a_signal_lands_while_a_decider_decides_to_close(server: Server) -> None:
    run = server.start()
    with ThreadPoolExecutor(1) as signaler:
        signaled = signaler.submit(server.signal)
        assert server.told() == "chaos: seed 0, profile race: SignalWorkflowExecution 1 delayed"
        task = server.poll()
        server.client.respond_decision_task_completed(taskToken=task["taskToken"], decisions=[complete()])
        signaled.result()
    assert [event["eventId"] for event in task["events"]] == [1, 2, 3]
    assert server.types(run)[3:] == [
        "WorkflowExecutionSignaled",
        "DecisionTaskScheduled",
        "DecisionTaskCompleted",
        "CompleteWorkflowExecutionFailed",
    ]
    server.decide(complete())
    assert server.types(run)[-1] == "WorkflowExecutionCompleted"


@under("0:race")
def test_a_signal_is_not_held_back_for_ever(server: Server) -> None:
    run = server.start()
    server.signal()
    assert server.types(run)[2:] == ["WorkflowExecutionSignaled"]


@under("0:race")
def test_a_signal_for_nobody_is_refused_at_once(server: Server) -> None:
    with pytest.raises(ClientError, match="Unknown execution, workflowId = nobody"):
        server.signal("nobody")
    assert server.quiet()


@under("42:throttle")
@pytest.mark.parametrize("between", [0, 1, 3])
def test_what_else_is_called_changes_no_faults(server: Server, between: int) -> None:
    request = {"domain": "test", "workflowId": "o1", "workflowType": ORDER}
    server.swf.do(lambda service: ask(service, "StartWorkflowExecution", request))
    throttled = []
    for number in range(1, 21):
        try:
            server.signal()
        except ClientError:
            throttled.append(number)
        for _ in range(between):
            try:
                server.client.list_domains(registrationStatus="REGISTERED")
            except ClientError as error:
                assert error.response["Error"]["Code"] == "ThrottlingException"
    assert throttled == [3, 6, 13, 17, 19]
