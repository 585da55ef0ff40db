"""Domains and their tags: what a request makes of what is registered."""

from __future__ import annotations

from dataclasses import replace

from pyflow.local.engine.fault import Fault, invalid
from pyflow.local.engine.limits import DOMAINS, TAGS_OF_A_DOMAIN
from pyflow.local.engine.records import Request
from pyflow.local.engine.registry import (
    ACTIVITY,
    DEPRECATED,
    REGISTERED,
    WORKFLOW,
    DomainRecord,
    Registration,
    Registry,
)

ARN = "arn:aws:swf:us-east-1:123456789012:/domain/"
"""Of every domain here; the account is the one that AWS's documentation uses."""


def register(registry: Registry, request: Request) -> list[Registration]:
    """RegisterDomain."""
    name = request["name"]
    if name in registry.domains:
        raise Fault("DomainAlreadyExistsFault", name)
    if len(registry.domains) >= DOMAINS:
        raise Fault("LimitExceededFault", f"domains of the account: {DOMAINS}")
    record = DomainRecord(name, request["workflowExecutionRetentionPeriodInDays"], request.get("description"))
    return [_tagged(record, request.get("tags", []))]


def deprecate(registry: Registry, name: str, now: int) -> list[Registration]:
    """DeprecateDomain: its types go with it."""
    record = registry.domain(name)
    if record.status == DEPRECATED:
        raise Fault("DomainDeprecatedFault", name)
    changed: list[Registration] = [replace(record, status=DEPRECATED)]
    for kind in (ACTIVITY, WORKFLOW):
        for type_ in registry.types(name, kind).values():
            if type_.status == REGISTERED:
                changed.append(replace(type_, status=DEPRECATED, deprecated_at=now))
    return changed


def undeprecate(registry: Registry, name: str) -> list[Registration]:
    """UndeprecateDomain: its types stay deprecated (what SWF does is not known)."""
    record = registry.domain(name)
    if record.status == REGISTERED:
        raise Fault("DomainAlreadyExistsFault", name)
    return [replace(record, status=REGISTERED)]


def tag(registry: Registry, request: Request) -> list[Registration]:
    """TagResource."""
    return [_tagged(tagged(registry, request["resourceArn"]), request["tags"])]


def untag(registry: Registry, request: Request) -> list[Registration]:
    """UntagResource; keys that are not there are passed over."""
    record = tagged(registry, request["resourceArn"])
    kept = {key: value for key, value in record.tags.items() if key not in request["tagKeys"]}
    return [replace(record, tags=kept)]


def tagged(registry: Registry, arn: str) -> DomainRecord:
    """The domain of an ARN, the one kind of resource that takes tags; of any partition, region and account."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        raise invalid(f"Invalid ARN: {arn}")
    kind, slash, name = parts[5].partition("/domain/")
    if parts[2] != "swf" or kind or not slash or name not in registry.domains:
        raise Fault("UnknownResourceFault", f"Unknown resource: {arn}")
    return registry.domains[name]


def _tagged(record: DomainRecord, tags: list[dict[str, str]]) -> DomainRecord:
    merged = {**record.tags, **{tag["key"]: tag.get("value", "") for tag in tags}}
    if len(merged) > TAGS_OF_A_DOMAIN:
        raise Fault("TooManyTagsFault", f"tags of domain {record.name}: {len(merged)} of {TAGS_OF_A_DOMAIN}")
    return replace(record, tags=merged)
