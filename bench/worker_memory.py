"""Memory of a worker that goes on and on: after many activities beside after the first of them."""

from __future__ import annotations

import os
import sys

import report
from servers import resident
from workers import LANGUAGES, null_swf, worker

FIRST = 10_000
WHOLE = int(os.environ.get("PYFLOW_ACTIVITIES", "30000"))
"""How many activities; 200000 is what the issue asks for."""


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    how = f"resident memory after {WHOLE:,} no-op activities over that after {FIRST:,}; PYFLOW_ACTIVITIES=200000 for more"
    table = report.Table("a worker's memory", how)
    with null_swf() as swf:
        for language in LANGUAGES:
            with worker(language, swf.endpoint_url, language) as process:
                swf.offer(language, FIRST)
                before = resident(process)
                for _ in range(WHOLE // FIRST - 1):
                    swf.offer(language, FIRST)
                after = resident(process)
            table.row(f"{language}: after {WHOLE:,} over after {FIRST:,}", after / before, "×", bar=1.1)
            table.row("  in all", after / 2**20, "MiB")
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
