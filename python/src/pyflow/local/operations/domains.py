"""Domains and their tags."""

from __future__ import annotations

from typing import Any

from pyflow.local.engine.accept import domains
from pyflow.local.engine.records import Request
from pyflow.local.engine.registry import DomainRecord
from pyflow.local.operations.paging import sliced
from pyflow.local.service.service import Answer, Service


def register(service: Service, request: Request, now: int) -> Answer:
    """RegisterDomain."""
    service.register(domains.register(service.registry, request))
    return None


def deprecate(service: Service, request: Request, now: int) -> Answer:
    """DeprecateDomain."""
    service.register(domains.deprecate(service.registry, request["name"], now))
    return None


def undeprecate(service: Service, request: Request, now: int) -> Answer:
    """UndeprecateDomain."""
    service.register(domains.undeprecate(service.registry, request["name"]))
    return None


def describe(service: Service, request: Request, now: int) -> Answer:
    """DescribeDomain."""
    record = service.registry.domain(request["name"])
    configuration = {"workflowExecutionRetentionPeriodInDays": record.retention}
    return {"domainInfo": _info(record), "configuration": configuration}


def list_domains(service: Service, request: Request, now: int) -> Answer:
    """ListDomains, by name."""
    status, reverse = request["registrationStatus"], bool(request.get("reverseOrder"))
    found = [record for record in service.registry.domains.values() if record.status == status]
    found.sort(key=lambda record: record.name, reverse=reverse)
    keys = [(record.name,) for record in found]
    page, more = sliced(service, "ListDomains", request, found, keys, now)
    return {"domainInfos": [_info(record) for record in page], **more}


def tag(service: Service, request: Request, now: int) -> Answer:
    """TagResource."""
    service.register(domains.tag(service.registry, request))
    return None


def untag(service: Service, request: Request, now: int) -> Answer:
    """UntagResource."""
    service.register(domains.untag(service.registry, request))
    return None


def list_tags(service: Service, request: Request, now: int) -> Answer:
    """ListTagsForResource."""
    record = domains.tagged(service.registry, request["resourceArn"])
    return {"tags": [{"key": key, "value": value} for key, value in record.tags.items()]}


def _info(record: DomainRecord) -> dict[str, Any]:
    info: dict[str, Any] = {"name": record.name, "status": record.status, "arn": domains.ARN + record.name}
    if record.description is not None:
        info["description"] = record.description
    return info
