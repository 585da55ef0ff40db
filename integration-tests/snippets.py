"""The command blocks of a README, so that a test runs what a reader is told to type."""

from __future__ import annotations

import re
from pathlib import Path

BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def shell_blocks(readme: Path) -> list[str]:
    """The ```sh blocks, in order."""
    return BLOCK.findall(readme.read_text("utf-8"))
