"""Activity and workflow types: registered once, deprecated, taken back, deleted."""

from __future__ import annotations

from dataclasses import replace

from pyflow.local.engine.fault import Fault, type_text
from pyflow.local.engine.limits import TYPES_OF_A_DOMAIN
from pyflow.local.engine.records import Request
from pyflow.local.engine.registry import (
    DEPRECATED,
    REGISTERED,
    Registration,
    Registry,
    TypeRecord,
    TypeRemoval,
)


def register(registry: Registry, kind: str, request: Request, now: int) -> list[Registration]:
    """RegisterActivityType and RegisterWorkflowType."""
    domain, name, version = request["domain"], request["name"], request["version"]
    if registry.domain(domain).status == DEPRECATED:
        raise Fault("DomainDeprecatedFault", domain)
    if registry.find(domain, kind, request) is not None:
        raise Fault("TypeAlreadyExistsFault", type_text(kind, name, version))
    if len(registry.types(domain, kind)) >= TYPES_OF_A_DOMAIN:
        raise Fault("LimitExceededFault", f"types of kind {kind} in domain {domain}: {TYPES_OF_A_DOMAIN}")
    defaults = {member: value for member, value in request.items() if member.startswith("default")}
    return [TypeRecord(domain, kind, name, version, now, defaults, request.get("description"))]


def deprecate(registry: Registry, kind: str, request: Request, now: int) -> list[Registration]:
    """DeprecateActivityType and DeprecateWorkflowType."""
    type_ = _existing(registry, kind, request)
    if type_.status == DEPRECATED:
        raise Fault("TypeDeprecatedFault", type_text(kind, type_.name, type_.version))
    return [replace(type_, status=DEPRECATED, deprecated_at=now)]


def undeprecate(registry: Registry, kind: str, request: Request, now: int) -> list[Registration]:
    """UndeprecateActivityType and UndeprecateWorkflowType."""
    type_ = _existing(registry, kind, request)
    if type_.status == REGISTERED:
        raise Fault("TypeAlreadyExistsFault", type_text(kind, type_.name, type_.version))
    return [replace(type_, status=REGISTERED, deprecated_at=None)]


def delete(registry: Registry, kind: str, request: Request, now: int) -> list[Registration]:
    """DeleteActivityType and DeleteWorkflowType; the name and version may be registered again."""
    type_ = _existing(registry, kind, request)
    if type_.status == REGISTERED:
        message = "The type is currently registered and cannot be deleted in its current state"
        raise Fault("TypeNotDeprecatedFault", message)
    return [TypeRemoval(type_.domain, kind, type_.name, type_.version)]


def _existing(registry: Registry, kind: str, request: Request) -> TypeRecord:
    registry.domain(request["domain"])
    return registry.type(request["domain"], kind, request[kind[0].lower() + kind[1:]])
