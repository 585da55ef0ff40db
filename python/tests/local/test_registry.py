"""Domains and types: registered, deprecated, taken back, deleted, tagged, listed."""

from __future__ import annotations

import pytest
from local.direct import CHARGE, ORDER, WORKFLOW_DEFAULTS, Direct, child, decision, schedule

from pyflow.local.engine.fault import Fault

ARN = "arn:aws:swf:us-east-1:123456789012:/domain/shop"
KINDS = [("ActivityType", "activityType"), ("WorkflowType", "workflowType")]


def refused(swf: Direct, operation: str, **request: object) -> tuple[str, str]:
    """Type and message of the refusal of a request."""
    with pytest.raises(Fault) as fault:
        swf(operation, **request)
    return fault.value.type, fault.value.message


def test_a_domain_is_described_as_it_was_registered(swf: Direct) -> None:
    swf("RegisterDomain", name="spare", description="d", workflowExecutionRetentionPeriodInDays="NONE")
    assert swf("DescribeDomain", name="spare") == {
        "domainInfo": {
            "name": "spare",
            "status": "REGISTERED",
            "description": "d",
            "arn": "arn:aws:swf:us-east-1:123456789012:/domain/spare",
        },
        "configuration": {"workflowExecutionRetentionPeriodInDays": "NONE"},
    }
    assert "description" not in swf("DescribeDomain", name="shop")["domainInfo"]
    assert refused(swf, "RegisterDomain", name="spare", workflowExecutionRetentionPeriodInDays="1") == (
        "DomainAlreadyExistsFault",
        "spare",
    )
    assert refused(swf, "DescribeDomain", name="nowhere") == (
        "UnknownResourceFault",
        "Unknown domain: nowhere",
    )


def test_a_deprecated_domain_takes_nothing_new_but_its_runs_go_on(swf: Direct) -> None:
    swf.start()
    swf("DeprecateDomain", name="shop")
    assert refused(swf, "DeprecateDomain", name="shop") == ("DomainDeprecatedFault", "shop")
    new_run = {"workflowId": "o2", "workflowType": ORDER}
    assert refused(swf, "StartWorkflowExecution", **new_run) == ("DomainDeprecatedFault", "shop")
    assert refused(swf, "RegisterActivityType", name="n", version="1") == ("DomainDeprecatedFault", "shop")
    assert swf("DescribeWorkflowType", workflowType=ORDER)["typeInfo"]["status"] == "DEPRECATED"
    assert swf("DescribeActivityType", activityType=CHARGE)["typeInfo"]["status"] == "DEPRECATED"
    swf.decide(decision("CompleteWorkflowExecution"))
    assert swf.describe()["executionInfo"]["closeStatus"] == "COMPLETED"
    swf("UndeprecateDomain", name="shop")
    assert refused(swf, "UndeprecateDomain", name="shop") == ("DomainAlreadyExistsFault", "shop")
    assert swf("DescribeWorkflowType", workflowType=ORDER)["typeInfo"]["status"] == "DEPRECATED"


def test_domains_are_listed_by_name_in_pages(swf: Direct) -> None:
    for name in ("c", "a", "b"):
        swf("RegisterDomain", name=name, workflowExecutionRetentionPeriodInDays="1")
    swf("DeprecateDomain", name="b")

    def names(**options: object) -> list[str]:
        found, token = [], None
        while True:
            more = {"nextPageToken": token} if token else {}
            page = swf("ListDomains", maximumPageSize=2, **options, **more)
            found += [info["name"] for info in page["domainInfos"]]
            token = page.get("nextPageToken")
            if token is None:
                return found

    assert names(registrationStatus="REGISTERED") == ["a", "c", "shop"]
    assert names(registrationStatus="REGISTERED", reverseOrder=True) == ["shop", "c", "a"]
    assert names(registrationStatus="DEPRECATED") == ["b"]


def test_a_hundred_domains_are_enough(swf: Direct) -> None:
    for number in range(99):
        swf("RegisterDomain", name=f"d{number}", workflowExecutionRetentionPeriodInDays="1")
    fault, _ = refused(swf, "RegisterDomain", name="more", workflowExecutionRetentionPeriodInDays="1")
    assert fault == "LimitExceededFault"


@pytest.mark.parametrize(("kind", "member"), KINDS)
def test_a_type_is_registered_once_and_described_with_the_defaults_it_has(
    swf: Direct, kind: str, member: str
) -> None:
    swf.advance(5)
    swf(f"Register{kind}", name="n", version="1", description="d", defaultTaskList={"name": "l"})
    assert swf(f"Describe{kind}", **{member: {"name": "n", "version": "1"}}) == {
        "typeInfo": {
            member: {"name": "n", "version": "1"},
            "status": "REGISTERED",
            "description": "d",
            "creationDate": 1767225605.0,
        },
        "configuration": {"defaultTaskList": {"name": "l"}},
    }
    assert refused(swf, f"Register{kind}", name="n", version="1") == (
        "TypeAlreadyExistsFault",
        f"{kind}=[name=n, version=1]",
    )


@pytest.mark.parametrize(("kind", "member"), KINDS)
def test_the_life_of_a_type(swf: Direct, kind: str, member: str) -> None:
    swf(f"Register{kind}", name="n", version="1")
    this = {member: {"name": "n", "version": "1"}}
    named = f"{kind}=[name=n, version=1]"
    assert refused(swf, f"Delete{kind}", **this) == (
        "TypeNotDeprecatedFault",
        "The type is currently registered and cannot be deleted in its current state",
    )
    assert refused(swf, f"Undeprecate{kind}", **this) == ("TypeAlreadyExistsFault", named)
    swf(f"Deprecate{kind}", **this)
    assert swf(f"Describe{kind}", **this)["typeInfo"]["deprecationDate"] == 1767225600.0
    assert refused(swf, f"Deprecate{kind}", **this) == ("TypeDeprecatedFault", named)
    assert refused(swf, f"Register{kind}", name="n", version="1") == ("TypeAlreadyExistsFault", named)
    swf(f"Undeprecate{kind}", **this)
    assert "deprecationDate" not in swf(f"Describe{kind}", **this)["typeInfo"]
    swf(f"Deprecate{kind}", **this)
    swf(f"Delete{kind}", **this)
    unknown = ("UnknownResourceFault", f"Unknown type: {named}")
    for operation in ("Describe", "Deprecate", "Undeprecate", "Delete"):
        assert refused(swf, f"{operation}{kind}", **this) == unknown
    swf(f"Register{kind}", name="n", version="1")


def test_a_deprecated_workflow_type_starts_nothing(swf: Direct) -> None:
    swf("DeprecateWorkflowType", workflowType=ORDER)
    assert refused(swf, "StartWorkflowExecution", workflowId="o1", workflowType=ORDER) == (
        "TypeDeprecatedFault",
        "WorkflowType=[name=order, version=1]",
    )


@pytest.mark.parametrize(("kind", "member"), KINDS)
def test_types_are_listed_by_name_and_version(swf: Direct, kind: str, member: str) -> None:
    for name, version in [("z", "1"), ("y", "2"), ("y", "1")]:
        swf(f"Register{kind}", name=name, version=version)
    swf(f"Deprecate{kind}", **{member: {"name": "z", "version": "1"}})

    def listed(**options: object) -> list[str]:
        infos = swf(f"List{kind}s", **options)["typeInfos"]
        return [f"{info[member]['name']} {info[member]['version']}" for info in infos]

    own = "charge 1" if kind == "ActivityType" else "order 1"
    assert listed(registrationStatus="REGISTERED") == [own, "y 1", "y 2"]
    assert listed(registrationStatus="REGISTERED", reverseOrder=True) == ["y 2", "y 1", own]
    assert listed(registrationStatus="REGISTERED", name="y") == ["y 1", "y 2"]
    assert listed(registrationStatus="DEPRECATED") == ["z 1"]
    page = swf(f"List{kind}s", registrationStatus="REGISTERED", maximumPageSize=2)
    token = page["nextPageToken"]
    rest = swf(f"List{kind}s", registrationStatus="REGISTERED", maximumPageSize=2, nextPageToken=token)
    assert [info[member]["version"] for info in rest["typeInfos"]] == ["2"]


def test_domains_keep_their_types_apart(swf: Direct) -> None:
    swf("RegisterDomain", name="other", workflowExecutionRetentionPeriodInDays="1")
    swf("RegisterWorkflowType", domain="other", **ORDER, **WORKFLOW_DEFAULTS)
    swf("DeprecateWorkflowType", domain="other", workflowType=ORDER)
    swf.start()
    assert refused(swf, "ListWorkflowTypes", domain="nowhere", registrationStatus="REGISTERED") == (
        "UnknownResourceFault",
        "Unknown domain: nowhere",
    )


def test_tags_of_a_domain_replace_one_another_by_key(swf: Direct) -> None:
    swf("TagResource", resourceArn=ARN, tags=[{"key": "a", "value": "1"}, {"key": "b"}])
    swf("TagResource", resourceArn=ARN, tags=[{"key": "a", "value": "2"}])
    assert swf("ListTagsForResource", resourceArn=ARN) == {
        "tags": [{"key": "a", "value": "2"}, {"key": "b", "value": ""}]
    }
    swf("UntagResource", resourceArn=ARN, tagKeys=["b", "never"])
    assert swf("ListTagsForResource", resourceArn=ARN)["tags"] == [{"key": "a", "value": "2"}]
    many = [{"key": f"k{number}"} for number in range(50)]
    assert refused(swf, "TagResource", resourceArn=ARN, tags=many)[0] == "TooManyTagsFault"
    assert refused(swf, "ListTagsForResource", resourceArn=ARN + "s")[0] == "UnknownResourceFault"


def test_a_domain_may_be_registered_with_tags(swf: Direct) -> None:
    new = {"name": "new", "workflowExecutionRetentionPeriodInDays": "1"}
    swf("RegisterDomain", **new, tags=[{"key": "Größe", "value": "klein 1_.:/=+-@"}, {"key": "日本"}])
    swf("DeprecateDomain", name="new")
    arn = swf("DescribeDomain", name="new")["domainInfo"]["arn"]
    assert swf("ListTagsForResource", resourceArn=arn)["tags"] == [
        {"key": "Größe", "value": "klein 1_.:/=+-@"},
        {"key": "日本", "value": ""},
    ]
    for key in ("a,b", "a;b", "a*"):
        fault, message = refused(swf, "TagResource", resourceArn=arn, tags=[{"key": key}])
        assert (fault, "tags.1.member.key" in message) == ("ValidationException", True)


def test_fifty_tags_are_enough_however_they_came(swf: Direct) -> None:
    swf("TagResource", resourceArn=ARN, tags=[{"key": f"k{number}"} for number in range(50)])
    swf("TagResource", resourceArn=ARN, tags=[{"key": "k0", "value": "again"}])
    assert refused(swf, "TagResource", resourceArn=ARN, tags=[{"key": "more"}])[0] == "TooManyTagsFault"
    swf("UntagResource", resourceArn=ARN, tagKeys=["k1"])
    swf("TagResource", resourceArn=ARN, tags=[{"key": "more"}])


@pytest.mark.parametrize(
    ("arn", "fault"),
    [
        ("shop", "ValidationException"),
        ("arn:/domain/shop", "ValidationException"),
        ("arn:aws:swf:us-east-1:123456789012", "ValidationException"),
        ("arn:aws:sns:us-east-1:123456789012:/domain/shop", "UnknownResourceFault"),
        ("arn:aws:swf:us-east-1:123456789012:shop", "UnknownResourceFault"),
        ("arn:aws:swf:us-east-1:123456789012:/domain/", "UnknownResourceFault"),
        ("arn:aws:swf:us-east-1:123456789012:x/domain/shop", "UnknownResourceFault"),
    ],
)
def test_what_is_no_arn_of_a_domain_has_no_tags(swf: Direct, arn: str, fault: str) -> None:
    assert refused(swf, "ListTagsForResource", resourceArn=arn)[0] == fault


def test_a_domain_is_known_by_its_arn_in_any_region_and_account(swf: Direct) -> None:
    swf("TagResource", resourceArn=ARN, tags=[{"key": "k"}])
    elsewhere = "arn:aws-cn:swf:cn-north-1:1:/domain/shop"
    assert swf("ListTagsForResource", resourceArn=elsewhere)["tags"] == [{"key": "k", "value": ""}]


def test_in_a_deprecated_domain_what_runs_is_served_and_nothing_begins(swf: Direct) -> None:
    run_id = swf.start()
    swf.decide(schedule("a1"))
    swf("DeprecateDomain", name="shop")
    swf.complete(swf.work())
    swf.signal()
    swf.decide(schedule("a2"), child())
    assert swf.last("ScheduleActivityTaskFailed")["cause"] == "ACTIVITY_TYPE_DEPRECATED"
    assert swf.last("StartChildWorkflowExecutionFailed")["cause"] == "WORKFLOW_TYPE_DEPRECATED"
    since = {"startTimeFilter": {"oldestDate": 0}}
    assert swf("CountOpenWorkflowExecutions", **since)["count"] == 1
    assert len(swf("ListWorkflowTypes", registrationStatus="DEPRECATED")["typeInfos"]) == 1
    assert swf.poll()["workflowExecution"]["runId"] == run_id
