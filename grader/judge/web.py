"""A real HTTP server of the judge's: it knows how many requests were in flight at once.

No thread of the learner's can fake what it sees: to have eight requests overlap here, one must let them overlap.
"""

from __future__ import annotations

import contextlib
import dataclasses
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler
from io import BufferedIOBase
from typing import Any, Final, Self

_BACKLOG: Final = 128
_LONGEST: Final = 60.0
_MAX_BODY: Final = 2**20
_MAX_PATH: Final = 2000
"""Characters of a path that are kept."""

MAX_REQUESTS: Final = 5000
MAX_CONNECTIONS: Final = 250
"""At once. Whoever comes beyond either is not answered: a learner's process shall not use up its judge's memory."""


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """What the server answers to a path.

    Attributes:
        body: text is sent as UTF-8.
        headers: sent as they are; Content-Length is added.
        delay: seconds before the answer.
        pause: seconds before each half of the body.
        missing: bytes that Content-Length promises beyond the body; then the connection is closed.
        drop: the connection is closed without an answer.
        silent: nothing is ever sent.
    """

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    delay: float = 0.0
    pause: float = 0.0
    missing: int = 0
    drop: bool = False
    silent: bool = False


@dataclasses.dataclass(slots=True)
class Request:
    """One request that came, in seconds since the server began; `until` is when its answer was ready."""

    path: str
    method: str
    at: float
    until: float | None = None


class Web:
    """The server; use it as a context manager.

    Attributes:
        requests: those that came, in order.
        peak: the most that were in flight at once.
    """

    def __init__(self, pages: dict[str, Page], *, hold: int, patience: float, first: float = 0.0) -> None:
        self._pages = pages
        self._hold = hold
        self._first = first
        self._patience = patience
        self._began = time.monotonic()
        self._changed = threading.Condition()
        self._in_flight = 0
        self._released = hold == 0
        self._closed = threading.Event()
        self.requests: list[Request] = []
        self.peak = 0
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str) -> str:
        """Return the address of `path`."""
        return f"http://127.0.0.1:{self.port}{path}"

    def times(self, path: str) -> int:
        """Return how often `path` was asked for."""
        return sum(request.path == path for request in self.requests)

    def page(self, path: str) -> Page:
        """Return what to answer to `path`."""
        return self._pages.get(path, Page("not found", 404))

    def begin(self, path: str, method: str) -> Request:
        """Count a request in, and hold it until enough are there together."""
        with self._changed:
            request = Request(path[:_MAX_PATH], method, time.monotonic() - self._began)
            self.requests.append(request)
            self._in_flight += 1
            self.peak = max(self.peak, self._in_flight)
            self._released = self._released or self._in_flight >= self._hold
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._released, self._patience)
            self._released = True
        return request

    def delay(self, request: Request, page: Page) -> float:
        """Return the seconds before the answer to `request`, which is `page`."""
        return page.delay + (self._first if request is self.requests[0] else 0.0)

    def end(self, request: Request) -> None:
        """Count a request out. Before its answer is sent: whoever has read that may ask again at once."""
        with self._changed:
            self._in_flight -= 1
            request.until = time.monotonic() - self._began

    def rest(self, seconds: float) -> None:
        """Wait, but not past the end of the server."""
        self._closed.wait(min(seconds, _LONGEST))

    def send(self, stream: BufferedIOBase, body: bytes, pause: float) -> None:
        """Write `body` to `stream`, each half of it after a `pause` in seconds."""
        half = len(body) // 2
        for part in (body[:half], body[half:]) if pause else (body,):
            self.rest(pause)
            stream.write(part)


class _Server(socketserver.ThreadingTCPServer):
    request_queue_size = _BACKLOG
    daemon_threads = True
    block_on_close = False

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._taken: set[Any] = set()

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002 - the base class gives both
        """Take a connection, unless there are too many."""
        if len(self._taken) >= MAX_CONNECTIONS:
            return False
        self._taken.add(request)
        return True

    def shutdown_request(self, request: Any) -> None:
        """Let go of a connection."""
        self._taken.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _LONGEST

        def do_GET(self) -> None:
            if len(web.requests) >= MAX_REQUESTS:
                self.close_connection = True
                return
            self.rfile.read(max(0, min(int(self.headers.get("Content-Length") or 0), _MAX_BODY)))
            page = web.page(self.path)
            request = web.begin(self.path, self.command)
            web.rest(_LONGEST if page.silent else web.delay(request, page))
            web.end(request)
            if page.drop or page.silent:
                self.close_connection = True
            else:
                self._answer(page)

        do_HEAD = do_POST = do_PUT = do_GET  # noqa: N815 - the base class looks for these names

        def _answer(self, page: Page) -> None:
            body = page.body.encode() if isinstance(page.body, str) else page.body
            with contextlib.suppress(ConnectionError):
                self.send_response(page.status)
                for name, value in page.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body) + page.missing))
                self.end_headers()
                if self.command != "HEAD":
                    web.send(self.wfile, body, page.pause)
            self.close_connection |= page.missing > 0

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
