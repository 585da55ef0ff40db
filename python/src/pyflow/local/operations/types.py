"""Activity and workflow types. The functions here make one operation for each kind of type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyflow.local.engine.accept import types
from pyflow.local.engine.records import Request
from pyflow.local.engine.registry import Registration, Registry, TypeRecord
from pyflow.local.operations.paging import sliced
from pyflow.local.service.service import Answer, Service

_Operation = Callable[[Service, Request, int], Answer]
_Accept = Callable[[Registry, str, Request, int], list[Registration]]


def _changing(accept: _Accept) -> Callable[[str], _Operation]:
    def of_kind(kind: str) -> _Operation:
        def operation(service: Service, request: Request, now: int) -> Answer:
            service.register(accept(service.registry, kind, request, now))
            return None

        return operation

    return of_kind


register = _changing(types.register)
deprecate = _changing(types.deprecate)
undeprecate = _changing(types.undeprecate)
delete = _changing(types.delete)


def describe(kind: str) -> _Operation:
    """DescribeActivityType or DescribeWorkflowType: the defaults that were registered, and no others."""

    def operation(service: Service, request: Request, now: int) -> Answer:
        service.registry.domain(request["domain"])
        record = service.registry.type(request["domain"], kind, request[_member(kind)])
        return {"typeInfo": _info(record), "configuration": dict(record.defaults)}

    return operation


def list_types(kind: str) -> _Operation:
    """ListActivityTypes or ListWorkflowTypes, by name and version."""

    def operation(service: Service, request: Request, now: int) -> Answer:
        service.registry.domain(request["domain"])
        name, status = request.get("name"), request["registrationStatus"]
        found = [
            record
            for record in service.registry.types(request["domain"], kind).values()
            if record.status == status and name in (None, record.name)
        ]
        found.sort(
            key=lambda record: (record.name, record.version), reverse=bool(request.get("reverseOrder"))
        )
        keys = [(record.name, record.version) for record in found]
        page, more = sliced(service, f"List{kind}s", request, found, keys, now)
        return {"typeInfos": [_info(record) for record in page], **more}

    return operation


def _member(kind: str) -> str:
    return kind[0].lower() + kind[1:]


def _info(record: TypeRecord) -> dict[str, Any]:
    info: dict[str, Any] = {
        _member(record.kind): record.document,
        "status": record.status,
        "creationDate": record.created_at / 1000,
    }
    if record.description is not None:
        info["description"] = record.description
    if record.deprecated_at is not None:
        info["deprecationDate"] = record.deprecated_at / 1000
    return info
