"""The codings of Ruby and Java beside the libraries that people there use: json, Jackson, msgpack, zlib."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import report
from codec import ROWS, documents
from workers import CODING

BARS = {"ruby": 2.5, "java": None}
"""For every document; where there is none, the bar of Python's."""

PATIENCE = 300  # seconds


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    table = report.Table(
        "codings", "encode + decode over the ordinary libraries', CPU time, median of many rounds"
    )
    asked = {
        "plain": [{"values": values, "times": times} for _, values, times, _ in documents()],
        "packed": ROWS,
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "documents.json"
        file.write_text(json.dumps(asked), "utf-8")
        for language, command in CODING.items():
            done = subprocess.run(
                [*command, file], check=True, capture_output=True, text=True, timeout=PATIENCE
            )
            found = json.loads(done.stdout)
            for (name, _, _, bar), ratio in zip(documents(), found["plain"], strict=True):
                table.row(f"{language}: {name.strip()}", ratio, "×", bar=bar and (BARS[language] or bar))
            table.row(f"{language}: 32 KB in msgpack and zlib", found["packed"], "×", bar=2)
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
