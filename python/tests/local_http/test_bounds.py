"""What a client may take, at real sockets; whoever wants more is told so, or dropped, and the server goes on."""

from __future__ import annotations

import resource
import socket

import pytest
from local_http.raw import LIST, ask, connected, request, response

from pyflow.local.http.bounds import Bounds, connections_allowed, raise_file_limit
from pyflow.local.server import Settings
from pyflow.testing.local import LocalSWF, serving

MEBI = 1024 * 1024
BODY = (400, "SerializationException", "the body is longer than 1048576 bytes")
HEAD = (400, "SerializationException", "the head of the request is longer than 65536 bytes")
HEADERS = (400, "SerializationException", "the request has more than 100 headers")


def ended(client: socket.socket) -> bool:
    """Whether the server has closed the connection; waits until it says something."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def dropped(client: socket.socket) -> list[str]:
    """How many connections were dropped, and why, as metrics have it."""
    client.sendall(request("GET", "/metrics"))
    lines = response(client).body.decode().splitlines()
    return [line for line in lines if line.startswith("pyflow_local_connections_dropped_total")]


def test_a_body_that_will_be_too_long_is_refused_before_it_is_read(swf: LocalSWF) -> None:
    with connected(swf) as client:
        client.sendall(request(body=b"", Content_Length=str(MEBI + 1)))
        answer = response(client)
        assert answer.fault() == BODY
        assert answer.headers["connection"] == "close"
        assert ended(client)


def test_who_sends_it_all_the_same_still_hears_why(swf: LocalSWF) -> None:
    with connected(swf) as client:
        client.sendall(request(body=b" " * (8 * MEBI)))
        assert response(client).fault() == BODY


def test_who_never_ends_is_cut_off(swf: LocalSWF) -> None:
    with connected(swf) as client, pytest.raises(ConnectionError):
        client.sendall(request(body=b"", Content_Length=str(2**40)))
        while True:
            client.sendall(b" " * MEBI)


def test_a_body_in_chunks_has_the_same_limit(swf: LocalSWF) -> None:
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    with connected(swf) as client:
        client.sendall(request(body=b"", without="Content-Length", Transfer_Encoding="chunked"))
        client.sendall(chunk * 17)
        assert response(client).fault() == BODY


def test_a_body_in_chunks_is_read_like_any_other(swf: LocalSWF) -> None:
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(LIST), LIST)
    sent = request(body=b"", without="Content-Length", Transfer_Encoding="chunked") + chunked
    assert ask(swf, sent).status == 200


def test_the_longest_body_is_read(swf: LocalSWF) -> None:
    assert ask(swf, request(body=LIST + b" " * (MEBI - len(LIST)))).status == 200


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (request(path=f"/?{'x' * 65_500}"), HEAD),
        (request(X_Long="x" * 70_000), HEAD),
        (request(**{"x" * 70_000: "x"}), HEAD),
        (request(lines=("X-Many: x",) * 101), HEADERS),
        # no end of it in sight
        (b"POST /" + b"x" * MEBI, HEAD),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * MEBI, HEAD),
        (b"POST / HTTP/1.1\r\n" + b"X-Many: x\r\n" * 100_000, HEAD),
    ],
    ids=["target", "value", "name", "count", "an endless target", "an endless value", "endless headers"],
)
def test_a_head_has_a_limit(swf: LocalSWF, sent: bytes, said: tuple[int, str, str]) -> None:
    assert ask(swf, sent).fault() == said
    assert ask(swf, request()).status == 200


def test_a_head_may_come_in_pieces(swf: LocalSWF) -> None:
    with connected(swf) as client:
        for byte in request():
            client.send(bytes([byte]))
        assert response(client).status == 200


@pytest.mark.parametrize(
    "sent",
    [b"", b"POST / HT", request()[:-1], request() + request()[:50], request("GET", "/health")[:-2]],
    ids=["nothing", "a word", "all but a byte", "half a second one", "all but the end"],
)
def test_a_request_that_is_not_whole_in_time_is_dropped(sent: bytes) -> None:
    with serving(Settings(domains=("shop",), bounds=Bounds(seconds=0.05))) as swf:
        with connected(swf) as client:
            client.sendall(sent)
            if sent.startswith(request()):
                assert response(client).status == 200
            assert ended(client)
        with connected(swf) as client:
            assert dropped(client) == [
                'pyflow_local_connections_dropped_total{reason="full"} 0.0',
                'pyflow_local_connections_dropped_total{reason="slow"} 1.0',
            ]


def test_who_has_asked_may_be_silent_for_longer() -> None:
    with (
        serving(Settings(domains=("shop",), bounds=Bounds(seconds=0.05))) as swf,
        connected(swf) as quiet,
        connected(swf) as slow,
    ):
        quiet.sendall(request())
        assert response(quiet).status == 200
        assert ended(slow)  # by now the time of both is over
        quiet.sendall(request())
        assert response(quiet).status == 200


def test_a_poll_that_waits_is_a_whole_request() -> None:
    settings = Settings(domains=("shop",), bounds=Bounds(seconds=0.05), poll_seconds=0.2)
    poll = b'{"domain":"shop","taskList":{"name":"l"}}'
    with serving(settings) as swf:
        answer = ask(swf, request(body=poll, X_Amz_Target="SimpleWorkflowService.PollForActivityTask"))
    assert answer.document() == {"startedEventId": 0}


def test_one_connection_too_many_is_closed_at_once() -> None:
    with (
        serving(Settings(domains=("shop",), bounds=Bounds(connections=2))) as swf,
        connected(swf) as one,
        connected(swf) as other,
    ):
        for client in (one, other):
            client.sendall(request())
            assert response(client).status == 200
        with connected(swf) as third:
            assert ended(third)
        assert dropped(one) == [
            'pyflow_local_connections_dropped_total{reason="full"} 1.0',
            'pyflow_local_connections_dropped_total{reason="slow"} 0.0',
        ]


def test_as_many_connections_are_let_in_as_files_may_be_open(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"limit": (1024, 4096)}
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits["limit"])
    monkeypatch.setattr(resource, "setrlimit", lambda _, limit: limits.update(limit=limit))
    assert connections_allowed() == 896
    raise_file_limit()
    assert (limits["limit"], connections_allowed()) == ((4096, 4096), 3968)
    limits["limit"] = (1024, resource.RLIM_INFINITY)
    raise_file_limit()
    assert (limits["limit"], connections_allowed()) == ((10_128, resource.RLIM_INFINITY), 10_000)
    raise_file_limit()
    assert limits["limit"] == (10_128, resource.RLIM_INFINITY)
