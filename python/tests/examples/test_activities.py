"""The activity of examples/activities does the same with pyflow and with boto3 alone, in as many lines as it says."""

from __future__ import annotations

import ast
import importlib.util
import io
import re
import tokenize
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import pyflow
from pyflow.testing import local_service

ROOT = Path(__file__).resolve().parents[3]
HERE = ROOT / "examples" / "activities"
SPACE = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER),
}


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"activities_{name}", HERE / f"{name}.py")
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def lines_of_code(path: Path) -> int:
    """Lines that hold more than a comment or a docstring."""
    text = path.read_text()
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in SPACE:
            lines |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            docstring = node.body[0]
            lines -= set(range(docstring.lineno, (docstring.end_lineno or 0) + 1))
    return len(lines)


def test_the_lines_are_counted():
    counted = {path.name: lines_of_code(path) for path in HERE.glob("*.py")}
    told = re.findall(r"\((\w+\.py)\) \| (\d+) \|", (HERE / "README.md").read_text())
    assert {name: int(lines) for name, lines in told} == counted
    with_pyflow, with_boto3 = counted["with_pyflow.py"], counted["with_boto3.py"]
    page = (ROOT / "docs" / "activities.md").read_text()
    assert f"{with_pyflow} with pyflow, {with_boto3} with boto3 alone" in page


class Images(pyflow.Workflow):
    NAME = "Images"
    resize = pyflow.ActivityDescriptor("resize", "1", task_list="images")

    def run(self, images: list[str]) -> Any:
        try:
            return self.resize(images).result()
        except pyflow.InvocationFailedException as error:
            return error.type


@pytest.mark.parametrize(
    ("name", "images", "result"),
    [
        ("with_pyflow", '["a.png", "b.png"]', '{"resized": 2}'),
        ("with_boto3", '["a.png", "b.png"]', '{"resized": 2}'),
        ("with_pyflow", '["a.tiff"]', '"Unsupported"'),
        ("with_boto3", '["a.tiff"]', '"ValueError"'),
    ],
)
def test_both_do_the_work(name, images, result):
    example = module(name)
    with local_service() as swf:
        client = swf.client()
        decider = pyflow.Decider([Images], swf.domain, "deciders", None, client=client)
        decider.ensure_workflows_registered()
        started = pyflow.start_workflow(swf.domain, "Images", "1.0", "deciders", input=images, client=client)
        if name == "with_pyflow":
            worker = pyflow.ActivityWorker(swf.domain, "images", [example.resize], client=client)
            worker.ensure_activities_registered()
            assert decider.step()
            assert worker.step()
        else:
            example.register(client, swf.domain, "images")
            assert decider.step()
            example.work(
                client, client.poll_for_activity_task(domain=swf.domain, taskList={"name": "images"})
            )
        assert decider.step()
        status = pyflow.get_workflow_status(
            swf.domain, started["workflowId"], started["runId"], client=client
        )
    assert status is not None
    assert status.result == result
