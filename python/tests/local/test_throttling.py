"""`--profile aws`: token buckets over the service's clock, for calls, runs, decisions and task lists."""

from __future__ import annotations

from itertools import count

import pytest
from botocore.exceptions import ClientError
from local.direct import CHARGE, ORDER, Direct, child, complete, decision, function, schedule, timer

from pyflow.local.engine import rates
from pyflow.local.engine.accept.decisions import DECISIONS
from pyflow.local.engine.fault import Fault
from pyflow.local.engine.rates import Bucket, Rate, full
from pyflow.local.operations import OPERATIONS
from pyflow.local.service.throttle import Throttle
from pyflow.testing import local_swf


@pytest.fixture
def swf(swf: Direct) -> Direct:
    """A service that throttles as AWS does an account."""
    swf.service.throttle = Throttle()
    return swf


def passes(swf: Direct, operation: str, **request: object) -> int:
    """How many calls pass until one is throttled."""
    for number in count():
        try:
            swf(operation, **request)
        except Fault as fault:
            assert (fault.type, fault.message) == ("ThrottlingException", "Rate exceeded")
            return number
    raise AssertionError


def causes(swf: Direct, event_type: str, workflow_id: str = "o1") -> list[str]:
    events = [event for event in swf.history(workflow_id) if event["eventType"] == event_type]
    return [event[f"{event_type[0].lower()}{event_type[1:]}EventAttributes"]["cause"] for event in events]


def test_a_bucket_refills_by_the_millisecond_and_never_overflows() -> None:
    bucket = full(Rate(2, 6), 0)
    assert (bucket.full, bucket.empty) == (True, False)
    bucket = bucket.less_one().less_one()
    assert (bucket.full, bucket.empty) == (False, True)
    assert bucket.later(166).empty
    assert not bucket.later(167).empty
    assert bucket.later(333) == Bucket(Rate(2, 6), 1998, 333)
    assert bucket.later(10_000) == full(Rate(2, 6), 10_000)


def test_a_clock_that_goes_back_takes_nothing_from_a_bucket() -> None:
    bucket = full(Rate(2, 6), 5000).less_one()
    assert bucket.later(1000) == bucket


def test_every_operation_has_a_bucket_and_every_decision_that_can_be_throttled() -> None:
    assert set(rates.CALLS) == set(OPERATIONS)
    assert len(rates.CALLS) == 39
    assert set(rates.CALLS_OF_A_RUN) < set(OPERATIONS)
    assert set(rates.DECISIONS) < set(DECISIONS)
    assert set(rates.MADE.values()) == set(rates.DECISIONS)


def test_an_account_calls_as_often_as_its_bucket_allows_and_again_as_it_refills(swf: Direct) -> None:
    assert passes(swf, "DescribeDomain", name="shop") == 200
    swf.advance(1)
    assert passes(swf, "DescribeDomain", name="shop") == 6
    swf.advance(0.166)
    assert passes(swf, "DescribeDomain", name="shop") == 0
    swf.advance(0.001)
    assert passes(swf, "DescribeDomain", name="shop") == 1
    swf.advance(3600)
    assert passes(swf, "DescribeDomain", name="shop") == 200


def test_each_operation_has_a_bucket_of_its_own(swf: Direct) -> None:
    passes(swf, "ListTagsForResource", resourceArn="arn:aws:swf:us-east-1:123456789012:/domain/shop")
    assert passes(swf, "ListDomains", registrationStatus="REGISTERED") == 100


def test_a_call_that_is_refused_by_validation_takes_nothing(swf: Direct) -> None:
    with pytest.raises(Fault) as refused:
        swf("DescribeDomain", name="")
    assert refused.value.type == "ValidationException"
    assert passes(swf, "DescribeDomain", name="shop") == 200


def test_a_call_about_what_is_not_there_is_a_call(swf: Direct) -> None:
    with pytest.raises(Fault) as refused:
        swf("DescribeDomain", name="nowhere")
    assert refused.value.type == "UnknownResourceFault"
    assert passes(swf, "DescribeDomain", name="shop") == 199


def test_a_call_that_is_throttled_has_not_happened(swf: Direct, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rates.CALLS, "StartWorkflowExecution", Rate(1, 1))
    swf.start("o1")
    with pytest.raises(Fault) as refused:
        swf.start("o2")
    assert refused.value.type == "ThrottlingException"
    assert [workflow_id for workflow_id, _ in swf.executions()] == ["o1"]
    swf.advance(1)
    swf.start("o2")


def test_a_poll_that_is_throttled_starts_no_task(swf: Direct, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rates.CALLS, "PollForDecisionTask", Rate(1, 1))
    swf.poll("elsewhere")
    swf.start()
    with pytest.raises(Fault) as refused:
        swf.poll()
    assert refused.value.type == "ThrottlingException"
    assert swf.types() == ["WorkflowExecutionStarted", "DecisionTaskScheduled"]
    swf.advance(1)
    assert swf.poll()["startedEventId"] == 3


def test_one_run_is_signaled_and_read_less_often_than_all_of_them(swf: Direct) -> None:
    swf.start("o1")
    swf.start("o2")
    assert passes(swf, "SignalWorkflowExecution", workflowId="o1", signalName="s") == 1000
    assert passes(swf, "SignalWorkflowExecution", workflowId="o2", signalName="s") == 999
    assert len(swf.history("o1")) == 1002
    assert passes(swf, "RequestCancelWorkflowExecution", workflowId="o2") == 200
    swf.advance(1)
    assert passes(swf, "RequestCancelWorkflowExecution", workflowId="o2") == 200
    execution = {"workflowId": "o1", "runId": swf.newest("o1")}
    assert passes(swf, "GetWorkflowExecutionHistory", execution=execution, maximumPageSize=1) == 400


def test_one_run_beats_a_thousand_times_at_once(swf: Direct) -> None:
    swf.start()
    swf.decide(schedule("a1"), schedule("a2"))
    first, second = swf.work(), swf.work()
    assert passes(swf, "RecordActivityTaskHeartbeat", taskToken=first["taskToken"]) == 1000
    assert passes(swf, "RecordActivityTaskHeartbeat", taskToken=second["taskToken"]) == 0


def test_decisions_beyond_the_bucket_fail_and_the_rest_of_their_batch_stands(swf: Direct) -> None:
    swf.start("o1")
    swf.start("o2", taskList={"name": "others"})
    swf.decide(*(schedule(f"a{number}") for number in range(600)))
    swf.decide(
        *(schedule(f"a{number}") for number in range(402)),
        decision("RecordMarker", markerName="m"),
        task_list="others",
    )
    assert causes(swf, "ScheduleActivityTaskFailed", "o2") == ["ACTIVITY_CREATION_RATE_EXCEEDED"] * 2
    assert swf.types("o2", start=405) == [
        "ScheduleActivityTaskFailed",
        "ScheduleActivityTaskFailed",
        "MarkerRecorded",
        "DecisionTaskScheduled",
    ]
    assert swf.describe("o2")["openCounts"]["openActivityTasks"] == 400
    swf.advance(1)
    swf.decide(*(schedule(f"b{number}") for number in range(201)), task_list="others")
    assert swf.describe("o2")["openCounts"]["openActivityTasks"] == 600


def test_a_decision_that_fails_for_another_reason_takes_nothing(
    swf: Direct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(rates.DECISIONS, "StartTimer", Rate(2, 1))
    swf.start()
    swf.decide(timer("t1"), timer("t1"), timer("t2"), timer("t3"))
    assert causes(swf, "StartTimerFailed") == ["TIMER_ID_ALREADY_IN_USE", "TIMER_CREATION_RATE_EXCEEDED"]


@pytest.mark.parametrize(
    ("made", "cause"),
    [
        (schedule, "ACTIVITY_CREATION_RATE_EXCEEDED"),
        (timer, "TIMER_CREATION_RATE_EXCEEDED"),
        (child, "CHILD_CREATION_RATE_EXCEEDED"),
        (function, "LAMBDA_FUNCTION_CREATION_RATE_EXCEEDED"),
    ],
)
def test_each_decision_that_is_made_counts(
    swf: Direct, monkeypatch: pytest.MonkeyPatch, made: object, cause: str
) -> None:
    assert callable(made)
    decision_type = made("x")["decisionType"]
    monkeypatch.setitem(rates.DECISIONS, decision_type, Rate(2, 1))
    swf.start()
    swf.decide(made("x1"), made("x2"), made("x3"))
    assert causes(swf, f"{decision_type}Failed") == [cause]


@pytest.mark.parametrize(
    ("decision_type", "members"),
    [
        ("SignalExternalWorkflowExecution", {"signalName": "s"}),
        ("RequestCancelExternalWorkflowExecution", {}),
    ],
)
def test_an_external_decision_that_is_throttled_reaches_nobody(
    swf: Direct, monkeypatch: pytest.MonkeyPatch, decision_type: str, members: dict[str, str]
) -> None:
    monkeypatch.setitem(rates.DECISIONS, decision_type, Rate(1, 1))
    other = swf.start("other", taskList={"name": "elsewhere"})
    swf.start()
    one = decision(decision_type, workflowId="other", runId=other, control="c", **members)
    swf.decide(one, one)
    assert swf.last(f"{decision_type}Failed") == {
        "workflowId": "other",
        "runId": other,
        "control": "c",
        "cause": {
            "SignalExternalWorkflowExecution": "SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_RATE_EXCEEDED",
            "RequestCancelExternalWorkflowExecution": (
                "REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_RATE_EXCEEDED"
            ),
        }[decision_type],
        "initiatedEventId": 0,
        "decisionTaskCompletedEventId": 4,
    }
    assert len(swf.history("other")) == 3


def test_a_run_that_may_not_continue_as_new_stays_open(swf: Direct, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rates.DECISIONS, "ContinueAsNewWorkflowExecution", Rate(1, 1))
    swf.start()
    swf.decide(decision("ContinueAsNewWorkflowExecution"))
    run_id = swf.newest("o1")
    swf.decide(decision("ContinueAsNewWorkflowExecution"))
    assert swf.newest("o1") == run_id
    assert causes(swf, "ContinueAsNewWorkflowExecutionFailed") == [
        "CONTINUE_AS_NEW_WORKFLOW_EXECUTION_RATE_EXCEEDED"
    ]
    swf.advance(1)
    swf.decide(decision("ContinueAsNewWorkflowExecution"))
    assert swf.newest("o1") != run_id


def test_a_task_list_takes_so_many_activity_tasks_a_second(
    swf: Direct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflow.local.service.throttle.TASKS_OF_A_LIST", Rate(2, 2))
    swf.start()
    swf.decide(
        schedule("a1"), schedule("a2"), schedule("a3"), schedule("a4", taskList={"name": "other workers"})
    )
    assert causes(swf, "ScheduleActivityTaskFailed") == ["ACTIVITY_CREATION_RATE_EXCEEDED"]
    assert swf.describe()["openCounts"]["openActivityTasks"] == 3


def test_a_task_list_that_was_given_too_many_decision_tasks_takes_no_new_run(
    swf: Direct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflow.local.service.throttle.TASKS_OF_A_LIST", Rate(2, 2))
    swf.start("o1")
    swf.start("o2")
    with pytest.raises(Fault) as refused:
        swf.start("o3")
    assert refused.value.type == "ThrottlingException"
    swf.decide(complete())
    with pytest.raises(Fault):
        swf.start("o3")
    swf.start("o3", taskList={"name": "others"})
    swf.advance(1)
    swf.start("o4")


def test_news_of_a_run_is_never_refused_for_its_task_list(
    swf: Direct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyflow.local.service.throttle.TASKS_OF_A_LIST", Rate(1, 1))
    swf.start()
    swf.decide(timer("t1", "0"))
    assert swf.types()[-2:] == ["TimerFired", "DecisionTaskScheduled"]


def test_buckets_that_are_full_again_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyflow.local.service.throttle.ROOM", 100)
    throttle = Throttle()
    for number in range(10_000):
        throttle.scheduled("activity", "shop", f"list {number}", number)
    assert len(throttle._buckets) <= 200


def test_a_client_is_throttled_until_the_clock_moves_on() -> None:
    with local_swf(profile="aws") as server:
        client = server.client()

        def listed() -> int:
            for number in count():
                try:
                    client.list_domains(registrationStatus="REGISTERED")
                except ClientError as error:
                    assert error.response["Error"] == {
                        "Code": "ThrottlingException",
                        "Message": "Rate exceeded",
                    }
                    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400
                    return number
            raise AssertionError

        assert listed() == 100
        server.advance(2)
        assert listed() == 12


def test_nothing_is_throttled_unless_asked_for() -> None:
    swf = Direct()
    for _ in range(300):
        swf("DescribeDomain", name="shop")
    assert swf.service.throttle is None
    assert swf("DescribeActivityType", activityType=CHARGE)["typeInfo"]["activityType"] == CHARGE
    assert swf("DescribeWorkflowType", workflowType=ORDER)["typeInfo"]["workflowType"] == ORDER
