"""Clients that send slowly, or nothing, are closed in time and hold nobody up."""

import socket
import threading
import time
from contextlib import contextmanager, suppress
from typing import ClassVar

import httpx
import pytest
import uvicorn

from qa_bot.web.connections import LimitedProtocol

LONG = 100_000_000


async def reply(scope, receive, send):
    """Read a request whole, and return the number of its bytes."""
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    body = bytes(LONG) if scope["path"] == "/long" else str(size).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Quick(LimitedProtocol):
    HEADERS_S = 0.4
    BODY_S = 0.8
    BYTES_PER_S = 1000
    REPLY_S = 0.5
    MOST_WAITING = 20
    _waiting: ClassVar = {}


@pytest.fixture
def port():
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(reply, http=Quick, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(20)


@contextmanager
def connection(port, sent=b""):
    with socket.create_connection(("127.0.0.1", port), 10) as one:
        one.sendall(sent)
        yield one


def is_closed(one):
    """Wait until the service sends something or closes the connection; return whether it closed."""
    return one.recv(1000) == b""


def reply_of(one, body):
    """Read a reply up to its body; return its first line."""
    got = b""
    while not got.endswith(b"\r\n\r\n" + body):
        more = one.recv(1000)
        assert more, "the connection was closed"
        got += more
    return got.partition(b"\r\n")[0]


POST = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5000\r\n\r\n"


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nhost:", POST, POST + b"ab"])
def test_client_that_sends_no_more_is_closed(port, sent):
    with connection(port, sent) as one:
        assert is_closed(one)


def test_headers_that_trickle_are_closed(port):
    with connection(port, b"GET / HTTP/1.1\r\n") as one:
        one.settimeout(0.05)
        for _ in range(400):
            try:
                one.sendall(b"a: b\r\n")
                assert one.recv(10) == b""
                return
            except TimeoutError:
                continue
            except ConnectionError:
                return
    pytest.fail("the connection stayed open")


def test_body_that_comes_steadily_is_waited_for(port):
    with connection(port, POST) as one:
        for _ in range(10):
            one.sendall(b"a" * 500)
            time.sleep(0.15)
        assert reply_of(one, b"5000") == b"HTTP/1.1 200 OK"


def test_second_request_of_a_connection_has_its_own_time(port):
    with connection(port) as one:
        for _ in range(2):
            one.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            assert reply_of(one, b"0") == b"HTTP/1.1 200 OK"
        one.sendall(b"GET /")
        assert is_closed(one)


def test_client_that_reads_no_reply_is_closed(port):
    with connection(port, b"GET /long HTTP/1.1\r\nhost: x\r\n\r\n") as one:
        time.sleep(2)
        one.settimeout(10)
        size = 0
        with suppress(ConnectionError):
            while got := one.recv(1 << 20):
                size += len(got)
    assert 0 < size < LONG


def test_of_too_many_that_wait_the_oldest_is_closed(port):
    silent = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(40)]
    try:
        began = time.monotonic()
        assert is_closed(silent[0])
        assert httpx.get(f"http://127.0.0.1:{port}").status_code == 200
        assert time.monotonic() - began < 10
    finally:
        for one in silent:
            one.close()
