"""What a handler can do to its host, in Python; `do` in the event says which."""

import ctypes
import decimal
import os
import sys
import time


def handler(event, context):
    return ACTS[event["do"]](event)


def _raise(event):
    raise LookupError("no such order")


def _print(event):
    print("to stdout")
    print("to stderr", file=sys.stderr)


def _wait(event):
    time.sleep(600)


def _hold(event):
    held = bytearray(b"x") * (600 * 2**20)
    time.sleep(600)
    return len(held)


ACTS = {
    "sign": lambda event: [*event["signed"], "python"],
    "pid": lambda event: os.getpid(),
    "raise": _raise,
    "unwritable": lambda event: {1, 2},
    "not JSON": lambda event: float("nan"),
    "decimal": lambda event: decimal.Decimal("1.10"),
    "print": _print,
    "exit": lambda event: sys.exit(3),
    "abort": lambda event: os._exit(7),
    "die": lambda event: ctypes.string_at(0),
    "32 769 characters": lambda event: "x" * 32_767,
    "7 MiB": lambda event: "x" * (7 * 2**20),
    "wait": _wait,
    "hold": _hold,
}
