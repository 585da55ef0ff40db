"""The verdicts as a person reads them, as JSON, and as JUnit's XML."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from xml.etree import ElementTree

import click

from pyflow.conformance.verdict import BAD, State, Verdict

COLOURS: dict[State, str] = {
    "passed": "green",
    "failed": "red",
    "skipped": "yellow",
    "known to fail": "yellow",
    "passes by now": "red",
}
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TOLD = 600  # characters of what was seen


def succeeded(verdicts: Sequence[Verdict]) -> bool:
    """Whether nothing failed that is not known to, and nothing passed that is."""
    return not any(it.state in BAD for it in verdicts)


def lines(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """What did not pass, one behaviour after the other, and a table of the sections."""
    told = [it for it in verdicts if it.state not in ("passed", "skipped")]
    for it in sorted(told, key=lambda it: (it.state != "known to fail", it.id)):
        yield f"{click.style(it.state, fg=COLOURS[it.state])}  {click.style(it.id, bold=True)}"
        yield f"    protocol/{it.see}: {it.sentence}"
        if it.told:
            yield f"    {it.told[:TOLD]}"
        if it.reason:
            yield f"    known: {it.reason}"
    yield from _table(verdicts)


def _table(verdicts: Sequence[Verdict]) -> Iterator[str]:
    sections = list(dict.fromkeys(sorted(it.section for it in verdicts)))
    width = max(len(name) for name in ["all", *sections])
    for section in sections:
        its = [it for it in verdicts if it.section == section]
        why = {it.told for it in its if it.state == "skipped"}
        yield f"{section:<{width}}  {_counted(its)}{''.join(f' ({reason})' for reason in sorted(why))}"
    yield f"{'all':<{width}}  {_counted(verdicts)}"


def _counted(verdicts: Sequence[Verdict]) -> str:
    counts = Counter(it.state for it in verdicts)
    shown = (click.style(f"{counts[state]} {state}", fg=COLOURS[state]) for state in COLOURS if counts[state])
    return ", ".join(shown)


def as_json(verdicts: Sequence[Verdict], command: Sequence[str]) -> str:
    """An object: the worker's `command`, `succeeded`, and `behaviours`, each as Verdict has it."""
    its = [asdict(it) for it in verdicts]
    document = {"command": list(command), "succeeded": succeeded(verdicts), "behaviours": its}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def as_junit(verdicts: Sequence[Verdict]) -> str:
    """A test suite for each section; what is known to fail is skipped, with its reason."""
    suites = ElementTree.Element("testsuites")
    for section in dict.fromkeys(it.section for it in verdicts):
        its = [it for it in verdicts if it.section == section]
        suite = ElementTree.SubElement(
            suites,
            "testsuite",
            name=section,
            tests=str(len(its)),
            failures=str(sum(it.state in BAD for it in its)),
            skipped=str(sum(it.state in ("skipped", "known to fail") for it in its)),
            time=f"{sum(it.seconds for it in its):.3f}",
        )
        for it in its:
            case = ElementTree.SubElement(
                suite, "testcase", classname=section, name=_clean(it.id), time=f"{it.seconds:.3f}"
            )
            if it.state in BAD:
                message = it.told or f"it passes, and is known to fail: {it.reason}"
                ElementTree.SubElement(case, "failure", message=_clean(message[:TOLD])).text = _clean(
                    it.sentence
                )
            elif it.state != "passed":
                ElementTree.SubElement(case, "skipped", message=_clean(it.reason or it.told))
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _clean(text: str) -> str:
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
