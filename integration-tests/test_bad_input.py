"""A worker that is called wrongly says so in one sentence, and ends with 2."""

from __future__ import annotations

import os
import subprocess

import pytest
from servers import Server
from worker_processes import LANGUAGES, command_line

from pyflow.testing.processes import LOCAL_ENVIRONMENT

NOBODY = "http://127.0.0.1:9"  # the port of the discard service, which nobody runs
DEADLINE = 90  # seconds, on a machine that does much else

WRONG = {
    "an option that does not exist": ({}, ["--no-such-option"], "no-such-option"),
    "a number that is none": ({}, ["--concurrency", "many"], "many"),
    "a domain that does not exist": ({"domain": "nowhere"}, [], "nowhere"),
    "an endpoint where nobody listens": ({"endpoint": NOBODY}, [], NOBODY.removeprefix("http://")),
}


@pytest.mark.parametrize(("values", "arguments", "named"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_input_is_answered_by_a_sentence(
    language: str, values: dict[str, str], arguments: list[str], named: str, local_swf: Server
) -> None:
    usual = {"endpoint": local_swf.endpoint, "domain": "integration", "task_list": "nobody"}
    command, folder = command_line(language, **{**usual, **values})
    done = subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env={**os.environ, **LOCAL_ENVIRONMENT},
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )
    said = done.stderr.strip().splitlines()
    assert done.returncode == 2, said
    assert done.stdout == ""
    assert named in said[-1]
    assert not [line for line in said if "Traceback" in line or line.lstrip().startswith(("at ", "from "))]
