"""The three reports, and what known-failing lists make of verdicts."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from pyflow.conformance import known_failing, report
from pyflow.conformance.comparison import Difference, differences, refusals
from pyflow.conformance.verdict import Verdict
from pyflow.errors import PyflowException

PASSED = Verdict("a.fine", "a", "worker.md", "it works", "passed", seconds=0.5)
FAILED = Verdict("a.broken", "a", "worker.md", "it works too", "failed", "it is 2, should be 1\x00")
SKIPPED = Verdict("b.other", "b", "worker.md", "it may", "skipped", "the worker does not")
REASONS = {"a.broken": "issue 7", "a.fine": "issue 8"}


@pytest.mark.parametrize(
    ("verdict", "state"), [(PASSED, "passes by now"), (FAILED, "known to fail"), (SKIPPED, "skipped")]
)
def test_a_list_changes_the_verdict_of_what_it_names(verdict, state):
    assert verdict.known(REASONS).state == state
    assert verdict.known({}).state == verdict.state


def test_what_is_known_to_fail_is_no_failure_and_what_passes_by_now_is():
    assert report.succeeded([PASSED, SKIPPED, FAILED.known(REASONS)])
    assert not report.succeeded([FAILED])
    assert not report.succeeded([PASSED.known(REASONS)])


def test_the_console_has_what_did_not_pass_and_a_table():
    assert [*report.lines([PASSED, FAILED.known(REASONS), SKIPPED])][1:] == [
        "    protocol/worker.md: it works too",
        "    it is 2, should be 1\x00",
        "    known: issue 7",
        f"a    {green('1 passed')}, {yellow('1 known to fail')}",
        f"b    {yellow('1 skipped')} (the worker does not)",
        f"all  {green('1 passed')}, {yellow('1 skipped')}, {yellow('1 known to fail')}",
    ]


def green(text: str) -> str:
    return f"\x1b[32m{text}\x1b[0m"


def yellow(text: str) -> str:
    return f"\x1b[33m{text}\x1b[0m"


def test_json_has_every_verdict():
    document = json.loads(report.as_json([PASSED, FAILED], ["node", "worker.mjs"]))
    assert document["command"] == ["node", "worker.mjs"]
    assert document["succeeded"] is False
    assert document["behaviours"][0] == {
        "id": "a.fine",
        "section": "a",
        "see": "worker.md",
        "sentence": "it works",
        "state": "passed",
        "told": "",
        "seconds": 0.5,
        "reason": None,
        "refusals": {},
    }


def test_junit_has_a_suite_for_each_section_and_no_character_that_xml_lacks():
    suites = ElementTree.fromstring(report.as_junit([PASSED, FAILED, SKIPPED]))
    assert [(it.get("name"), it.get("tests"), it.get("failures"), it.get("skipped")) for it in suites] == [
        ("a", "2", "1", "0"),
        ("b", "1", "0", "1"),
    ]
    assert suites[0][1][0].get("message") == "it is 2, should be 1\N{REPLACEMENT CHARACTER}"


def test_a_list_has_a_reason_for_each_id():
    assert known_failing.read("# About the list.\n\n# one\n# more\na.b\n\n# two\nc: d e\n", "list") == {
        "a.b": "one more",
        "c: d e": "two",
    }
    with pytest.raises(PyflowException, match=r"list: a\.b has no reason above it"):
        known_failing.read("# About the list.\n\na.b\n", "list")


def test_refusals_are_compared_by_vector_and_form():
    def told(**sentences: str) -> dict[tuple[str, str], str]:
        return refusals(report.as_json([replace(PASSED, refusals=sentences)], []), "report")

    one, other = (
        told(plain="key twice", xjson="key twice"),
        told(plain="key twice", xjson="twice", msgpack="x"),
    )
    assert [*differences({"one": one, "other": other})] == [
        Difference("a.fine", "xjson", {"one": "key twice", "other": "twice"})
    ]
    with pytest.raises(PyflowException, match=r"x\.json is no report of the kit"):
        refusals("[]", "x.json")
