"""A package imports what lies below it, never beside or above."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import pyflow

SOURCE = Path(pyflow.__file__).parent
LAYERS = [
    "errors",
    "codec",
    "history",
    "declare",
    "decider",
    "flow",
    "stores",
    "swf",
    "tracing",
    "client",
    "worker",
    "cli",
]
CODEC_LAYERS = ["model", "codings", "payloads", "failures", "special"]
LOCAL_LAYERS = [
    "engine",
    "storage",
    "service",
    "wire",
    "operations",
    "lambdas",
    "running",
    "chaos",
    "http",
    "server",
    "__main__",
]
ONLY_IN = {
    "boto3": {"swf", "testing", "stores/s3.py"},
    "botocore": {"swf", "testing", "local/lambdas/forwarded.py"},
    "greenlet": {"decider/fibers.py"},
    "opentelemetry": {"tracing/opentelemetry.py"},
    "prometheus_client": {"local/http/metrics.py", "worker"},
    "time": {"worker", "swf", "cli", "local", "testing", "conformance"},
    "random": {"worker", "swf", "local", "testing/guarding.py", "decider/dice.py"},
    "uuid": {"worker", "swf", "client", "local", "decider/dice.py", "conformance", "declare/typed.py"},
    "yaml": {"conformance"},
}


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


FILES = sorted(path for path in SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_stay_within_the_layers(path):
    own = path.relative_to(SOURCE)
    room = own.parts[0].removesuffix(".py")
    for name in imports(path):
        parts = name.split(".")
        if (
            parts[0] == "pyflow"
            and len(parts) > 1
            and room in LAYERS
            and parts[1] in [*LAYERS, "local", "testing"]
        ):
            allowed = LAYERS[: LAYERS.index(room) + 1] + (["local"] if room == "cli" else [])
            assert parts[1] in allowed, f"{own} imports {name}"
        if parts[0] == "pyflow" and room == "local":
            assert parts[1] == "local", f"{own} imports {name}"
        allowed_in = ONLY_IN.get(parts[0])
        if allowed_in is not None and room != "__init__":
            assert room in allowed_in or str(own) in allowed_in, f"{own} imports {name}"


ROOMS = {"codec": CODEC_LAYERS, "local": LOCAL_LAYERS}
IN_ROOMS = sorted(path for package in ROOMS for path in (SOURCE / package).rglob("*.py"))


@pytest.mark.parametrize("path", IN_ROOMS, ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_rooms_of_a_package_import_only_those_below(path):
    package, room = (part.removesuffix(".py") for part in path.relative_to(SOURCE).parts[:2])
    if room == "__init__":
        return
    allowed = ROOMS[package][: ROOMS[package].index(room) + 1]
    for name in imports(path):
        parts = name.split(".")
        if parts[:2] == ["pyflow", package] and len(parts) > 2:
            assert parts[2] in allowed, f"{package}/{room} imports {name}"


WORKER_FILES = sorted(path for path in (SOURCE / "worker").rglob("*.py"))


@pytest.mark.parametrize("path", WORKER_FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_two_workers_share_their_process_and_know_nothing_of_each_other(path):
    room = path.relative_to(SOURCE / "worker").parts[0].removesuffix(".py")
    for name in imports(path):
        parts = name.split(".")
        if parts[:2] == ["pyflow", "worker"] and len(parts) > 2:
            assert parts[2] in {room, "process"}, f"worker/{room} imports {name}"
