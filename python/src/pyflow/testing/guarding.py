"""A guard for tests: what a workflow must not call, by name and line.

It watches with `sys.setprofile`, which CPython tells of every C function right before it is called, because

- patching `time.sleep` misses `from time import sleep`, and can't reach the methods of `datetime`;
- an audit hook can't be taken away again, and is not told of clocks, of random numbers or of `os.urandom`;
- `sys.monitoring` begins with Python 3.12.

A profiler follows its thread into greenlets on every CPython from 3.10 on, stops a call before it is made, and costs nothing
once it is gone. It does not see calls that C makes by itself (`map(time.time, …)`), nor other threads. A call counts as the
workflow's if it comes out of a fiber, and neither pyflow, `invoke_once`, a fake, logging nor the garbage collector, which
may end other people's objects anywhere, stands between.
"""

from __future__ import annotations

import _socket
import _thread
import builtins
import datetime
import gc
import os
import random
import sys
import sysconfig
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pyflow

CLOCK, SLEEP = "use self.swf.workflow_time()", "use self.swf.sleep"
RANDOM, UUID = "use self.swf.random", "use self.swf.uuid4()"
DRAWN = "draw it in self.swf.invoke_once"
THREAD = "use self.swf.spawn"
EFFECT = "do it in an activity"

FORBIDDEN = {  # module: advice, and the names of its functions; what a Python version lacks is passed over
    time: {
        CLOCK: "time time_ns monotonic monotonic_ns perf_counter perf_counter_ns process_time process_time_ns",
        SLEEP: "sleep",
    },
    datetime.datetime: {CLOCK: "now utcnow today"},
    datetime.date: {CLOCK: "today"},
    random: {RANDOM: "random getrandbits"},
    os: {
        DRAWN: "urandom getrandom",
        EFFECT: "open listdir scandir stat lstat mkdir rmdir remove unlink rename replace system fork posix_spawn",
    },
    builtins: {EFFECT: "open input"},
    _thread: {THREAD: "start_new_thread start_joinable_thread"},
    _socket: {EFFECT: "getaddrinfo gethostbyname gethostbyaddr socketpair"},
}
OPTIONAL = {  # by module, which may be missing
    "_posixsubprocess": {EFFECT: "fork_exec"},
    "_uuid": {UUID: "generate_time_safe"},
}
ADVICE = {"uuid": UUID, "secrets": DRAWN, "subprocess": EFFECT, "boto3": EFFECT}  # by the module called
_IMPORTING = (
    "importlib",
    "_frozen_importlib",
    "_frozen_importlib_external",
    "zipimport",
    "encodings",
    "codecs",
)
_TELLING = ("logging", "warnings", "traceback", "linecache", "tokenize", "inspect", "pdb", "bdb", "pydevd")
EXEMPT = frozenset((*_IMPORTING, *_TELLING, "zoneinfo", "locale", "gettext", "_pytest", "coverage"))
"""Library modules that may look at clocks and files wherever they are called from."""

_PYFLOW = str(Path(pyflow.__file__).parent) + os.sep
_EFFECTS_ALLOWED = (str(Path(_PYFLOW, "testing")) + os.sep, str(Path(_PYFLOW, "flow", "once.py")))
_INSTALLED = tuple({sysconfig.get_path(name) + os.sep for name in ("purelib", "platlib")})
_STANDARD = ("<frozen", *{sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib")})


class GuardViolation(BaseException):
    """A workflow called what it must not.

    No Exception, as what `pytest.fail` raises is none: an `except Exception` of the workflow must not hide it.
    """


@contextmanager
def guard(*, allow: Iterable[str] = ()) -> Iterator[None]:
    """Raises GuardViolation where workflow code of this thread uses time, random, threads, sockets, files, processes, boto3.

    The call is not made: the exception comes in its place, and once more at the end if the workflow swallowed it.
    allow: modules that may do what they like, such as a logging library that reads the clock.
    """
    watch = _Watch(EXEMPT | set(allow))
    before = sys.getprofile()
    gc.callbacks.insert(0, watch.collects)
    sys.setprofile(watch)
    try:
        yield
    except GuardViolation:
        raise
    except BaseException as error:
        if watch.violation is not None:
            raise GuardViolation(watch.violation) from error
        raise
    finally:
        sys.setprofile(before)
        gc.callbacks.remove(watch.collects)
    if watch.violation is not None:
        raise GuardViolation(watch.violation)


class _Watch:
    """What the interpreter calls before each call."""

    def __init__(self, exempt: frozenset[str]) -> None:
        self.violation: str | None = None
        self._collecting = False
        self._exempt = exempt
        self._functions = _functions()
        botocore = sys.modules.get("botocore.client")
        self._api_call = botocore.BaseClient._make_api_call.__code__ if botocore is not None else None

    def __call__(self, frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call":
            found = self._functions.get(called)
            if found is None and type(called.__self__).__module__ in ("socket", "_socket"):
                found = f"socket.{called.__name__}", EFFECT
            if found is not None:
                self._judge(frame, *found)
        elif event == "call" and frame.f_code is self._api_call:
            self._judge(frame, "boto3", EFFECT)

    def collects(self, phase: str, info: dict[str, int]) -> None:
        """What the garbage collector calls before and after its work."""
        self._collecting = phase == "start"

    def _judge(self, frame: FrameType, name: str, advice: str) -> None:
        if self._collecting:
            return
        author, callee = self._author(frame)
        if author is None:
            return
        if callee is not None:
            module = callee.f_globals.get("__name__", "")
            top = "boto3" if module.startswith("botocore") else module.partition(".")[0]
            public = [part for part in module.split(".") if not part.startswith("_")]
            name = top if top == "boto3" else ".".join([*public, callee.f_code.co_name])
            advice = ADVICE.get(top, advice)
        where = f"{_shown(author.f_code.co_filename)}:{author.f_lineno}"
        self.violation = self.violation or f"{where} calls {name} in a workflow: {advice}"
        raise GuardViolation(self.violation)

    def _author(self, frame: FrameType) -> tuple[FrameType | None, FrameType | None]:
        """The workflow's own line that leads to the call, and the frame that it called; Nones if it is no workflow's.

        Its own is the nearest frame of no library; of a workflow that is installed itself, the outermost.
        """
        nobody = None, None
        own: tuple[FrameType | None, FrameType | None] = nobody
        installed: tuple[FrameType | None, FrameType | None] = nobody
        inner: FrameType | None = None
        in_pyflow = False
        collecting = {getattr(each, "__code__", None) for each in gc.callbacks}
        outer: FrameType | None = frame
        while outer is not None:
            file = outer.f_code.co_filename
            if outer.f_code in collecting or outer.f_code.co_name == "__del__":
                return nobody  # the collector calls these wherever it happens to run
            if file.startswith(_PYFLOW):
                if file.startswith(_EFFECTS_ALLOWED):
                    return nobody
                in_pyflow = True
                if own[0] is None and installed[0] is None:
                    return nobody  # a call of pyflow's own
            elif outer.f_back is None:
                return nobody  # no fiber: those begin in pyflow
            elif not in_pyflow and own[0] is None:
                if outer.f_globals.get("__name__", "").partition(".")[0] in self._exempt:
                    return nobody
                if file.startswith(_INSTALLED):
                    installed = outer, inner
                elif not file.startswith(_STANDARD) and outer.f_code.co_name != "<module>":
                    own = outer, inner
            inner, outer = outer, outer.f_back
        return own if own[0] is not None else installed


@cache
def _functions() -> dict[Any, tuple[str, str]]:
    """C functions that are forbidden: how they are called in messages, and what to do instead."""
    owners: dict[Any, dict[str, str]] = dict(FORBIDDEN)
    for module, names in OPTIONAL.items():
        try:
            owners[__import__(module)] = names
        except ImportError:
            continue
    found = {}
    for owner, names in owners.items():
        for advice, listed in names.items():
            for name in listed.split():
                function = getattr(owner, name, None)
                if function is not None:
                    shown = name if owner is builtins else f"{owner.__name__.lstrip('_')}.{name}"
                    found[function] = shown, advice
    return found


def _shown(file: str) -> str:
    """A file as it is shown: from the current directory, where it is in there, else its name."""
    path = Path(file)
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return path.name
