"""Whose requests are let in with --allow-remote, where other machines may ask."""

from __future__ import annotations

import pytest

from pyflow.local.engine.fault import Fault
from pyflow.local.http.address import names_of
from pyflow.local.http.guard import Guard

REMOTE = Guard(["Build-7", "swf.internal"])


def admitted(guard: Guard, host: str) -> bool:
    try:
        guard.admit("GET", [(b"host", host.encode("latin-1"))])
    except Fault as fault:
        assert fault.type == "AccessDeniedException"
        return False
    return True


@pytest.mark.parametrize(
    "host",
    [
        "10.1.2.3:4599",
        "203.0.113.9",
        "[2001:db8::1]:4599",
        "0.0.0.0:4599",
        "build-7:4599",
        "BUILD-7",
        "swf.internal",
        "localhost",
        "127.0.0.1",
    ],
)
def test_any_address_and_every_name_of_the_machine_will_do(host: str) -> None:
    assert admitted(REMOTE, host)


@pytest.mark.parametrize(
    "host",
    [
        "shop.example",
        "build-7.shop.example",
        "swf.internal.",
        "10.1.2.3.shop.example",
        "10.1.2",
        "0x7f.1",
        "2001:db8::1",
        "[10.1.2.3]",
        "user@10.1.2.3",
        "10.1.2.3:port",
        "10.1.2.3:4599/",
        "10.1.2.3, shop.example",
        "localhöst",
        "",
    ],
)
def test_a_name_that_a_name_server_could_bend_will_not(host: str) -> None:
    assert not admitted(REMOTE, host)


@pytest.mark.parametrize("host", ["10.1.2.3", "0.0.0.0", "[::]", "[2001:db8::1]", "build-7"])
def test_without_the_option_only_this_machine_may_ask(host: str) -> None:
    assert not admitted(Guard(), host)


def test_the_refusal_names_what_would_do() -> None:
    with pytest.raises(Fault, match=r"use its address, or build-7 or localhost or swf\.internal$"):
        REMOTE.admit("GET", [(b"host", b"shop.example")])


def test_pages_are_no_more_welcome_than_without() -> None:
    with pytest.raises(Fault, match="no browser page may"):
        REMOTE.admit("GET", [(b"host", b"10.1.2.3"), (b"origin", b"http://10.1.2.3")])


def test_headers_that_may_come_twice_are_joined() -> None:
    headers = [(b"host", b"localhost"), (b"accept", b"a"), (b"accept", b"b")]
    assert Guard().admit("GET", headers) == {b"host": b"localhost", b"accept": b"a,b"}


def test_an_address_is_no_name() -> None:
    assert "0.0.0.0" not in names_of("0.0.0.0")
    assert names_of("swf.internal")[0] == "swf.internal"
