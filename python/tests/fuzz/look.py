"""Lets atheris look for a text that hurts a decoder: `make fuzz`, or `python -m fuzz.look -max_total_time=600` in tests/.

It begins with the texts of the vectors. What it finds it writes to `crash-…`; `python -m fuzz.look crash-…` tries it again.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pyflow"]):
    from fuzz.hostile import known_texts
    from fuzz.judge import judge_failure, judge_payload


def look(data: bytes) -> None:
    """One text, as libFuzzer made it."""
    judge_payload(data.decode("utf-8", "surrogateescape"))
    judge_failure("Reason", data.decode("utf-8", "replace"))


def main() -> None:
    with tempfile.TemporaryDirectory() as corpus:
        for number, text in enumerate(known_texts()):
            Path(corpus, str(number)).write_bytes(text.encode("utf-8", "replace"))
        options = ["-timeout=10", "-rss_limit_mb=2048", "-max_len=4096"]
        atheris.Setup([sys.argv[0], *options, *sys.argv[1:], corpus], look)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
