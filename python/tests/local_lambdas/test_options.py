"""What the command line says about functions: taken apart, or refused in a sentence with the option."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from pyflow.local.lambdas import Command, Completed, Failed, HostedFunctions, HostingError, TimedOut
from pyflow.local.lambdas.options import functions_of

REFUSED: list[tuple[dict[str, list[str]], str]] = [
    ({"handlers": ["price"]}, "--lambda price is not NAME=module:function"),
    ({"handlers": ["=app:price"]}, "--lambda =app:price is not NAME=module:function"),
    ({"handlers": ["price=app"]}, "--lambda price=app is not NAME=module:function"),
    ({"commands": ["price"]}, "--lambda-command price is not NAME=COMMAND"),
    ({"commands": ["=node loop.mjs"]}, "--lambda-command =node loop.mjs is not NAME=COMMAND"),
    (
        {"commands": ["price= "]},
        "--lambda-command price= : command ' ' names no program: write one, as in 'node loop.mjs'",
    ),
    (
        {"commands": ["price=node 'loop.mjs"]},
        "--lambda-command price=node 'loop.mjs: command \"node 'loop.mjs\" can't be split into words: "
        "no closing quotation, quote as for a POSIX shell",
    ),
    (
        {"commands": ["price=node loop.mjs\\"]},
        "--lambda-command price=node loop.mjs\\: command 'node loop.mjs\\\\' can't be split into words: "
        "no escaped character, quote as for a POSIX shell",
    ),
    (
        {"handlers": ["price=app:one", "price=app:two"]},
        "--lambda price=app:two: there is a function price already, give it once",
    ),
    (
        {"handlers": ["price=app:price"], "commands": ["price=node loop.mjs"]},
        "--lambda-command price=node loop.mjs: there is a function price already, give it once",
    ),
    ({"memory": ["much"]}, "--lambda-memory much is not MB or NAME=MB, in whole numbers"),
    ({"memory": ["=256"]}, "--lambda-memory =256 is not MB or NAME=MB, in whole numbers"),
    ({"timeouts": ["1.5"]}, "--lambda-timeout 1.5 is not SECONDS or NAME=SECONDS, in whole numbers"),
    ({"timeouts": ["price="]}, "--lambda-timeout price= is not SECONDS or NAME=SECONDS, in whole numbers"),
    (
        {"handlers": ["price=app:price"], "memory": ["prize=256"]},
        "--lambda-memory prize=256: no function prize is hosted, name one that is",
    ),
    (
        {"handlers": ["price=app:price"], "memory": ["256", "512"]},
        "--lambda-memory 512: there is one for all already, give it once",
    ),
    (
        {"handlers": ["price=app:price"], "timeouts": ["price=1", "price=2"]},
        "--lambda-timeout price=2: there is one for price already, give it once",
    ),
    (
        {"handlers": ["price=app:price"], "memory": ["64"]},
        "lambda memory is 64 MB: Lambda has 128 to 10240",
    ),
    (
        {"handlers": ["price=app:price"], "timeouts": ["901"]},
        "lambda timeout is 901 seconds: Lambda has 1 to 900",
    ),
]


@pytest.mark.parametrize(("options", "why"), REFUSED)
def test_what_is_not_right_is_refused_in_a_sentence(options: dict[str, list[str]], why: str) -> None:
    with pytest.raises(HostingError) as refused:
        functions_of(**options)
    assert str(refused.value) == why


@pytest.mark.parametrize("options", [{"handlers": ["p=m:f"]}, {"commands": ["p=node loop.mjs"]}])
def test_functions_are_hosted_or_forwarded(options: dict[str, list[str]]) -> None:
    with pytest.raises(HostingError) as refused:
        functions_of(**options, endpoint="http://127.0.0.1:9001")
    assert str(refused.value) == (
        "--lambda-endpoint excludes --lambda and --lambda-command: functions are hosted or forwarded"
    )


def test_nothing_that_is_said_makes_no_functions() -> None:
    assert functions_of()() is None


@pytest.mark.parametrize(
    ("text", "argv"),
    [
        ("node loop.mjs", ("node", "loop.mjs")),
        ("java -cp 'a b/*' \"x y\" Price::of", ("java", "-cp", "a b/*", "x y", "Price::of")),
        ("./run $HOME * ; rm -rf / # no", ("./run", "$HOME", "*", ";", "rm", "-rf", "/", "#", "no")),
        ("env RATE=7 ./bootstrap", ("env", "RATE=7", "./bootstrap")),
    ],
)
def test_a_command_is_split_as_a_shell_splits_it_and_nothing_is_expanded(
    text: str, argv: tuple[str, ...]
) -> None:
    assert Command.of(text) == Command(argv)


def test_a_number_for_one_function_wins_over_that_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "def handler(event, context): return context.memory_limit_in_mb"
    (tmp_path / "app.py").write_text(source, "utf-8")
    monkeypatch.chdir(tmp_path)
    make = functions_of(["one=app:handler", "other=app:handler"], memory=["512", "one=256"])

    async def told() -> list[Completed | Failed | TimedOut]:
        functions = make()
        assert functions is not None
        try:
            return [await functions.invoke(name, "", 20) for name in ("one", "other")]
        finally:
            await functions.close()

    assert asyncio.run(told()) == [Completed('"256"'), Completed('"512"')]


@pytest.mark.parametrize("program", ["no-such-program", "./no-such-program", "/etc/passwd", "/etc"])
def test_a_program_that_is_not_there_is_refused_with_a_sentence(program: str) -> None:
    with pytest.raises(HostingError) as refused:
        HostedFunctions({"price": Command((program, "price"))})
    assert str(refused.value) == (
        f"lambda function 'price' can't be hosted because {program!r} is no program here: "
        "write its path, or put its folder into PATH"
    )


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--lambda-command=price=no-such-program", "because 'no-such-program' is no program here: "),
        ("--lambda-command=price='", "no closing quotation"),
        ("--lambda-memory=12", "Lambda has 128 to 10240"),
    ],
)
def test_the_command_says_it_and_exits_with_2(option: str, said: str) -> None:
    command = [sys.executable, "-m", "pyflow.local", "--port", "0", "--lambda=other=app:handler", option]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("pyflow local: ")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
