"""The judge's server: what it counts is what came, and it answers as it is told."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from grader.judge.web import MAX_CONNECTIONS, MAX_REQUESTS, Page, Web

PAGES = {
    "/": Page("hello"),
    "/moved": Page(status=302, headers={"Location": "/"}),
    "/broken": Page("no", status=500),
    "/slow": Page("slow", delay=0.2),
    "/dropped": Page(drop=True),
    "/silent": Page(silent=True),
}


def web(hold: int = 0, patience: float = 5.0) -> Web:
    return Web(PAGES, hold=hold, patience=patience)


def get(address: str, timeout: float = 10.0) -> bytes:
    with urllib.request.urlopen(address, timeout=timeout) as answer:  # noqa: S310 - the server is our own
        return bytes(answer.read())


def at_once(count: int, action: Callable[[], object]) -> None:
    threads = [threading.Thread(target=action) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_page_is_what_it_was_told_to_be() -> None:
    with web() as server:
        assert get(server.url("/")) == b"hello"
        assert get(server.url("/moved")) == b"hello"
        with pytest.raises(urllib.error.HTTPError) as caught:
            get(server.url("/broken"))
        with caught.value as error:
            assert (error.code, error.read()) == (500, b"no")


def test_whoever_asks_without_end_is_not_answered_any_more() -> None:
    """Of a path as long as HTTP allows a judge would else keep thousands each second."""
    with web() as server:
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        for _ in range(MAX_REQUESTS):
            client.request("HEAD", "/" + "x" * 3000)
            client.getresponse().read()
        client.request("HEAD", "/")
        with pytest.raises(http.client.RemoteDisconnected):
            client.getresponse()
        assert {len(request.path) for request in server.requests} == {2000}
        assert len(server.requests) == MAX_REQUESTS


def test_whoever_comes_with_too_many_connections_is_sent_away_until_others_have_gone() -> None:
    with web() as server, contextlib.ExitStack() as stack:
        address = ("127.0.0.1", server.port)
        held = [stack.enter_context(socket.create_connection(address)) for _ in range(MAX_CONNECTIONS)]
        with socket.create_connection(address) as refused:
            assert refused.recv(1) == b""
        held[0].sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b"hello" in held[0].makefile("rb").read()
        assert get(server.url("/")) == b"hello"


def test_a_body_of_less_than_nothing_is_none() -> None:
    with web() as server, socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"GET / HTTP/1.0\r\nContent-Length: -1\r\n\r\n")
        assert client.makefile("rb").read().endswith(b"hello")


def test_a_page_that_is_not_there_is_not_found() -> None:
    with web() as server:
        with pytest.raises(urllib.error.HTTPError) as caught:
            get(server.url("/nothing"))
        with caught.value as error:
            assert error.code == 404
        assert server.times("/nothing") == 1


def test_every_request_is_counted_with_its_time() -> None:
    with web() as server:
        for _ in range(3):
            get(server.url("/slow"))
        seen = server.requests
        assert [request.path for request in seen] == ["/slow"] * 3
        assert [request.method for request in seen] == ["GET"] * 3
        assert all(request.until is not None and request.until - request.at >= 0.2 for request in seen)
        assert seen[0].until is not None
        assert seen[0].until <= seen[1].at


def test_serial_requests_are_never_in_flight_together() -> None:
    with web() as server:
        for _ in range(5):
            get(server.url("/"))
        assert server.peak == 1


def test_held_requests_are_answered_once_enough_are_there() -> None:
    with web(hold=4, patience=30.0) as server:
        at_once(4, lambda: get(server.url("/")))
        assert server.peak == 4


def test_who_sends_too_few_waits_as_long_as_the_patience_once() -> None:
    with web(hold=4, patience=0.3) as server:
        began = time.monotonic()
        get(server.url("/"))
        held = time.monotonic() - began
        get(server.url("/"))
        assert held >= 0.3
        assert server.peak == 1


def test_after_an_answer_was_read_its_request_is_not_in_flight_any_more() -> None:
    """Four workers that each fetch the next page at once are four, not five."""
    with web() as server:

        def fetch() -> None:
            for _ in range(20):
                get(server.url("/"))

        at_once(4, fetch)
        assert server.peak <= 4
        assert len(server.requests) == 80


def test_a_dropped_connection_gives_no_answer() -> None:
    with web() as server, pytest.raises(http.client.RemoteDisconnected):
        get(server.url("/dropped"))


def test_a_silent_page_never_answers_and_does_not_keep_the_server_open() -> None:
    began = time.monotonic()
    with web() as server:
        with pytest.raises(TimeoutError):
            get(server.url("/silent"), timeout=0.2)
        assert server.times("/silent") == 1
    assert time.monotonic() - began < 20


def test_one_connection_may_ask_several_times_with_a_body_too() -> None:
    with web() as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        for method in ("POST", "PUT", "GET", "HEAD"):
            connection.request(method, "/", body=b"x" * 1000 if method[0] == "P" else None)
            assert connection.getresponse().read() == (b"" if method == "HEAD" else b"hello")
        connection.close()
        assert [request.method for request in server.requests] == ["POST", "PUT", "GET", "HEAD"]


def test_a_client_that_speaks_nonsense_or_goes_away_harms_nobody() -> None:
    with web() as server:
        for words in (b"\0\xff\n\n", b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n", b"GET /slow HTTP/1.1\r\n\r\n"):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
            connection.connect()
            connection.sock.sendall(words)
            connection.close()
        assert get(server.url("/")) == b"hello"


def test_a_page_may_come_slowly_and_the_first_answer_late() -> None:
    slow = Web({"/": Page("hello", pause=0.1)}, hold=0, patience=5.0, first=0.2)
    with slow as server:
        began = time.monotonic()
        assert get(server.url("/")) == b"hello"
        first, began = time.monotonic() - began, time.monotonic()
        assert get(server.url("/")) == b"hello"
        second = time.monotonic() - began
    assert first >= 0.4
    assert second >= 0.2


def test_of_a_page_something_may_be_missing() -> None:
    with Web({"/": Page("hel", missing=2)}, hold=0, patience=5.0) as server:
        with pytest.raises(http.client.IncompleteRead) as caught:
            get(server.url("/"), timeout=5.0)
        assert caught.value.partial == b"hel"
        assert caught.value.expected == 2
