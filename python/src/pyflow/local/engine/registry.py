"""Domains and types: what is registered, as records that replace one another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from pyflow.local.engine.fault import unknown_domain, unknown_type

ACTIVITY, WORKFLOW = "ActivityType", "WorkflowType"
REGISTERED, DEPRECATED = "REGISTERED", "DEPRECATED"


@dataclass(frozen=True)
class DomainRecord:
    """A domain as it is from now on. retention: days as text, or `NONE`."""

    name: str
    retention: str
    description: str | None = None
    status: str = REGISTERED
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TypeRecord:
    """A type as it is from now on. kind: `ActivityType` or `WorkflowType`; defaults: as they were registered."""

    domain: str
    kind: str
    name: str
    version: str
    created_at: int
    defaults: Mapping[str, Any]
    description: str | None = None
    status: str = REGISTERED
    deprecated_at: int | None = None

    @property
    def document(self) -> dict[str, str]:
        """The type as SWF names it."""
        return {"name": self.name, "version": self.version}


@dataclass(frozen=True)
class TypeRemoval:
    """A type that is no longer known."""

    domain: str
    kind: str
    name: str
    version: str


Registration: TypeAlias = DomainRecord | TypeRecord | TypeRemoval


class Registry:
    """Everything that is registered; only `take` changes it."""

    def __init__(self) -> None:
        self.domains: dict[str, DomainRecord] = {}
        self._types: dict[tuple[str, str], dict[tuple[str, str], TypeRecord]] = {}

    def take(self, record: Registration) -> None:
        """Let a record replace what was known of its domain or type."""
        if isinstance(record, DomainRecord):
            self.domains[record.name] = record
            return
        types = self._types.setdefault((record.domain, record.kind), {})
        if isinstance(record, TypeRecord):
            types[record.name, record.version] = record
        else:
            types.pop((record.name, record.version), None)

    def domain(self, name: str) -> DomainRecord:
        """The domain, deprecated or not; UnknownResourceFault without one."""
        domain = self.domains.get(name)
        if domain is None:
            raise unknown_domain(name)
        return domain

    def types(self, domain: str, kind: str) -> Mapping[tuple[str, str], TypeRecord]:
        """All types of a kind in a domain, by name and version."""
        return self._types.get((domain, kind), {})

    def find(self, domain: str, kind: str, document: Mapping[str, Any]) -> TypeRecord | None:
        """The type that `document` (name, version) names, or None."""
        return self.types(domain, kind).get((document["name"], document["version"]))

    def type(self, domain: str, kind: str, document: Mapping[str, Any]) -> TypeRecord:
        """The type that `document` names; UnknownResourceFault without one."""
        found = self.find(domain, kind, document)
        if found is None:
            raise unknown_type(kind, document["name"], document["version"])
        return found


def never(*_: str) -> bool:
    """What an account is told that nothing throttles."""
    return False


class World(NamedTuple):
    """What a decision can depend on beyond its own run.

    spent: whether the account has made too many decisions of a type lately. crowded: whether too many tasks were
    scheduled lately on the list of a kind (`activity` or `decision`) and name. Both are asked when a decision would
    take effect, and know of those that did before it in the same batch.
    """

    registry: Registry
    open_runs: int
    spent: Callable[[str], bool] = never
    crowded: Callable[[str, str], bool] = never
