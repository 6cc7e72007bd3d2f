"""A register of the judge's, with a log: the threads of probes come to it, each over a connection of its own.

What an answer's process says of itself can be forged. Here the judge notes each thing when it comes, and answers when
it is noted, so the order of the log is the order in the program. The amounts that threads work with are the judge's
too. Lines of JSON go both ways; whatever comes may be hostile, and what no probe sends ends its connection.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import secrets
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Iterable
from io import BufferedIOBase
from typing import Any, Final, Self

from grader.judge import messages
from grader.judge.faults import LearnerFault
from grader.printable import line
from grader.verdict import Status

Word = int | str

MAX_LINE: Final = 4_000
"""Bytes of a line."""

MAX_WORDS: Final = 6
MAX_TEXT: Final = 100
MAX_NUMBER: Final = 2**63
MAX_CONNECTIONS: Final = 100
MAX_ENTRIES: Final = 5_000

_BACKLOG: Final = 128
_TICK: Final = 0.02
_RECEIPT_BITS: Final = 52


class _Unfit(Exception):
    """What came is nothing that a probe sends."""


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One thing that came.

    Attributes:
        connection: from 0, in the order in which they came: a thread of the probe's.
        what: ``"take"``, ``"read"``, ``"write"``, ``"say"`` or ``"meet"``.
        words: what was said with it.
        answer: what it was answered.
    """

    connection: int
    what: str
    words: tuple[Word, ...]
    answer: Any


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """From where to where in the log something lasted; `ends` is past the log if nobody said that it had ended.

    Attributes:
        words: what was said of it.
        connection: who said that it begins.
    """

    words: tuple[Word, ...]
    connection: int
    begins: int
    ends: int

    def overlaps(self, other: Span) -> bool:
        """Tell whether each began before the other one had ended."""
        return self.begins < other.ends and other.begins < self.ends


@dataclasses.dataclass(slots=True)
class _Meeting:
    there: int = 0
    over: bool = False


class Register:
    """The register and what watches over it; use it as a context manager.

    Attributes:
        address: for the probe, with a secret in it, so that nobody else can talk to it.
        port: on 127.0.0.1.
        value: what is in the register.

    Args:
        values: what is handed to those who `take`, each once; then comes None.
        value: what is in the register at first.
        delay: seconds between noting and answering; but for `meet`, which has its own.
        patience: seconds for which those who come to meet are held, if too few come. That happens once.
    """

    def __init__(self, values: Iterable[Any] = (), *, value: Word = 0, delay: float, patience: float) -> None:
        self.value = value
        self._values = iter(list(values))
        self._delay = delay
        self._patience = patience
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._log: list[Entry] = []
        self._fault = ""
        self._open: list[socket.socket] = []
        self._meetings: dict[str, _Meeting] = {}
        secret = secrets.token_hex(16)
        self._server = _Server(("127.0.0.1", 0), _handler(self, secret))
        self.port: int = self._server.server_address[1]
        self.address = f"127.0.0.1:{self.port}/{secret}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(_TICK,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        with self._changed:
            self._changed.notify_all()
            for connection in self._open:
                _shut(connection)
        self._server.shutdown()
        self._server.server_close()
        if self._server.error is not None:
            raise self._server.error

    def __repr__(self) -> str:
        """Return how it is shown among the arguments of a probe."""
        return "register"

    # --- the log, for checks

    @property
    def log(self) -> tuple[Entry, ...]:
        """All that came, in order.

        Raises:
            LearnerFault: if something came that no probe sends.
        """
        with self._changed:
            fault = self._fault or self._server.overrun
            if fault:
                raise LearnerFault(Status.CRASHED, messages.unfit(fault))
            return tuple(self._log)

    def of(self, what: str, *words: Word | type) -> list[Entry]:
        """Return the entries of a kind that have as many words, each of them the same, or of that type.

        An answer may say whatever it likes: so a check that names the types gets no others.
        """
        return [entry for entry in self.log if entry.what == what and _fit(entry.words, words)]

    def spans(self, begins: str, ends: str, *words: Word | type) -> list[Span]:
        """Return what lasted: from who said `begins`, and more words like `words`, to who said `ends` and the same."""
        log = self.log
        found: list[Span] = []
        still: dict[tuple[Word, ...], list[int]] = {}
        for at, entry in enumerate(log):
            first, rest = entry.words[:1], entry.words[1:]
            if entry.what != "say" or not _fit(rest, words):
                continue
            if first == (begins,):
                still.setdefault(rest, []).append(len(found))
                found.append(Span(rest, entry.connection, at, len(log)))
            elif first == (ends,) and still.get(rest):
                place = still[rest].pop(0)
                found[place] = dataclasses.replace(found[place], ends=at)
        return found

    def taken(self) -> dict[int, list[Any]]:
        """Return what each connection took, in order."""
        took: dict[int, list[Any]] = {}
        for entry in self.log:
            if entry.what == "take" and entry.answer is not None:
                took.setdefault(entry.connection, []).append(entry.answer)
        return took

    def met(self, place: str) -> int:
        """Return the fewest that were at `place` when those who came to meet there were let go; 0 if nobody came."""
        return min((entry.answer for entry in self.of("meet", place, int)), default=0)

    def together(self, place: str, count: int, why: str = "") -> None:
        """Fail the check unless `count` were at `place` at once, each time that somebody came to meet there.

        Args:
            why: a sentence more, on what may keep them from it.

        Raises:
            LearnerFault: with how many were.
        """
        met = self.met(place)
        if met < count:
            raise LearnerFault(Status.FAILED, messages.and_why(messages.met(count, place, met), why))

    # --- what those who come can ask for

    def serve(self, connection: socket.socket, lines: BufferedIOBase, answers: BufferedIOBase) -> None:
        """Answer one connection, line by line, to its end."""
        number = self._come(connection)
        try:
            while not self._closed.is_set() and (data := lines.readline(MAX_LINE)):
                answer = self._answer(number, _words(data))
                answers.write(json.dumps(answer).encode() + b"\n")
        except _Unfit as error:
            with self._changed:
                self._fault = self._fault or str(error)

    def _come(self, connection: socket.socket) -> int:
        with self._changed:
            self._open.append(connection)
            return len(self._open) - 1

    def _answer(self, connection: int, words: tuple[Word, ...]) -> Any:
        match words:
            case ["meet", str(place), int(count)] if 0 < count <= MAX_CONNECTIONS:
                return self._note(connection, words, lambda: self._meet(place, count))
            case ["take", *_]:
                answer = self._note(connection, words, lambda: next(self._values, None))
            case ["read"]:
                answer = self._note(connection, words, lambda: self.value)
            case ["write", value]:
                answer = self._note(connection, words, lambda: self._write(value))
            case ["say", _, *_]:
                answer = self._note(connection, words, lambda: 1 + secrets.randbits(_RECEIPT_BITS))
            case _:
                raise _Unfit(messages.no_question(line(repr(words), 100)))
        self._closed.wait(self._delay)
        return answer

    def _note(self, connection: int, words: tuple[Word, ...], act: Callable[[], Any]) -> Any:
        """Do it and note it, as one step; but who comes to meet is noted when he is let go."""
        with self._changed:
            answer = act()
            if len(self._log) >= MAX_ENTRIES:
                raise _Unfit(messages.too_many_lines(MAX_ENTRIES))
            self._log.append(Entry(connection, str(words[0]), words[1:], answer))
            return answer

    def _write(self, value: Word) -> None:
        self.value = value

    def _meet(self, place: str, count: int) -> int:
        """Wait for `count` to be at `place`, as long as there is patience; return how many were."""
        meeting = self._meetings.setdefault(place, _Meeting())
        meeting.there += 1
        if meeting.there < count:
            self._changed.wait_for(lambda: meeting.over or self._closed.is_set(), self._patience)
        if not meeting.over:
            if meeting.there < count:
                self._patience = 0.0
            meeting.over = True
            del self._meetings[place]  # who comes now begins the next one
            self._changed.notify_all()
        return meeting.there


def _fit(words: tuple[Word, ...], pattern: tuple[Word | type, ...]) -> bool:
    return len(words) == len(pattern) and all(
        type(word) is wanted if isinstance(wanted, type) else word == wanted
        for word, wanted in zip(words, pattern, strict=True)
    )


def _words(data: bytes) -> tuple[Word, ...]:
    """Read a line: a list of whole numbers and short texts.

    Raises:
        _Unfit: if it is none.
    """
    try:
        words = json.loads(data) if data.endswith(b"\n") else None
    except (ValueError, RecursionError):
        words = None
    if type(words) is not list or not 0 < len(words) <= MAX_WORDS or not all(map(_is_word, words)):
        raise _Unfit(messages.no_line(line(repr(data), 100)))
    return tuple(words)


def _is_word(word: object) -> bool:
    if type(word) is int:
        return abs(word) < MAX_NUMBER
    return type(word) is str and len(word) <= MAX_TEXT and word.isprintable()


def _shut(connection: socket.socket) -> None:
    """End a connection on which a thread may be waiting."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Server(socketserver.ThreadingTCPServer):
    request_queue_size = _BACKLOG
    daemon_threads = True
    block_on_close = False
    error: BaseException | None = None
    came = 0

    @property
    def overrun(self) -> str:
        """What to say of too many connections, ``""`` if there were not."""
        return messages.too_many_connections(MAX_CONNECTIONS) if self.came > MAX_CONNECTIONS else ""

    def verify_request(self, *_: Any) -> bool:
        """Refuse who comes after too many: each has a thread and a file of ours."""
        self.came += 1
        return self.came <= MAX_CONNECTIONS

    def handle_error(self, *_: Any) -> None:
        """A client that goes away is no news; anything else is a fault of ours, raised when the block ends."""
        error = sys.exception()
        if not isinstance(error, OSError):
            self.error = error


def _handler(register: Register, secret: str) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        disable_nagle_algorithm = True
        timeout = 60.0

        def handle(self) -> None:
            """Serve who knows the secret; anybody of this machine can come to a port."""
            if self.rfile.readline(MAX_LINE).rstrip(b"\n") == secret.encode():
                register.serve(self.connection, self.rfile, self.wfile)

    return Handler
