"""The local SWF as one boto3 client sees it, beside moto's server and the floor: CPU, executions a second, the start."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import report
from one_activity import Best, rate_yardstick, register, server_yardstick
from servers import BARE, OURS, floor, moto, ours

from pyflow.testing.processes import Process

ROUNDS = 5
EXECUTIONS = {"floor": 100, "ours": 100, "moto": 12}  # a round; moto's server takes many times longer


def driven() -> dict[str, Best]:
    """All three servers, round by round in turn, each after a round that does not count."""
    with floor() as bare, ours() as server, moto() as peer:
        servers = {"floor": bare, "ours": server, "moto": peer}
        for each in servers.values():
            register(each)
        best = {name: Best() for name in servers}
        for name, each in servers.items():
            Best(rounds=ROUNDS).drive(each, EXECUTIONS[name])
        for _ in range(ROUNDS):
            for name, each in servers.items():
                best[name].drive(each, EXECUTIONS[name])
    return best


def start(command: Sequence[str | Path]) -> float:
    """Seconds from the start of the process to its `ready`."""
    begin = time.perf_counter()
    with Process("started", command) as process:
        process.wait_until_ready()
        return time.perf_counter() - begin


def main() -> bool:
    """Prints the table; whether every bar is passed."""
    table = report.Table("local SWF", "one sequential boto3 client; in memory; best of five rounds in turn")
    best = driven()
    of_server, of_rate = server_yardstick(best["floor"]), rate_yardstick(best["floor"])
    table.yardstick(of_server)
    table.yardstick(of_rate)
    mine, theirs = best["ours"], best["moto"]
    table.row("server CPU an operation", mine.server, "ms", bar=0.5, by=of_server)
    table.row("  at the reference machine's speed (aim 0.25)", mine.server / of_server.factor, "ms")
    table.row("  moto's server", theirs.server, "ms")
    table.row("  moto's / ours", theirs.server / mine.server, "×")
    table.row("one-activity executions a second", mine.rate, "/s", bar=80, at_least=True, by=of_rate)
    table.row("  through moto's server", theirs.rate, "/s")
    table.row("  ours / moto's", mine.rate / theirs.rate, "×")
    ready = [(start(BARE), start(OURS)) for _ in range(ROUNDS)]
    of_start = report.Yardstick("start of a bare uvicorn", 0.11, min(bare for bare, _ in ready), "s")
    table.yardstick(of_start)
    table.row("start to ready", min(started for _, started in ready), "s", bar=0.5, by=of_start)
    return table.show()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
