"""The tables of local/lambdas/README.md."""

from __future__ import annotations

from pathlib import Path

import pyflow.local.lambdas

README = Path(pyflow.local.lambdas.__file__).with_name("README.md")


def rows(title: str) -> list[str]:
    """The first column of the table below a title, code marks aside."""
    _, _, below = README.read_text("utf-8").partition(f"## {title}\n")
    section, _, _ = below.partition("\n## ")
    table = [line for line in section.splitlines() if line.startswith("|")]
    return [line.split("|")[1].strip().replace("`", "") for line in table[2:]]
