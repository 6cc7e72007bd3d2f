"""The judge's register (`grader.judge.register`), as probes on the real clock use it: a connection for each thread."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from typing import Any

from grader.inside import messages

_LONGEST_WORD = 100
_LARGEST = 2**63


class Register:
    """Talks to the register. Any thread may use it.

    Args:
        address: as the check hands it over.
    """

    def __init__(self, address: str) -> None:
        place, _, self._secret = address.partition("/")
        host, _, port = place.partition(":")
        self._place = host, int(port)
        self._mine = threading.local()

    def take(self, *words: object) -> Any:
        """Return the next of the judge's values, None if there is no more. The words are noted."""
        return self._ask("take", *words)

    def read(self) -> Any:
        """Return what is in the register."""
        return self._ask("read")

    def write(self, value: object) -> None:
        """Put a whole number or a text into the register."""
        self._ask("write", value)

    def say(self, *words: object) -> int:
        """Tell the judge `words`, return a receipt: a random number, never 0, which the judge remembers."""
        receipt: int = self._ask("say", *words)
        return receipt

    def meet(self, place: str, count: int) -> int:
        """Wait until `count` threads are at `place`, as long as the judge has patience; return how many were."""
        there: int = self._ask("meet", place, count)
        return there

    def _ask(self, *words: object) -> Any:
        if not hasattr(self._mine, "lines"):
            self._mine.lines = self._connect()
        lines = self._mine.lines
        try:
            lines.write(json.dumps([_plain(word) for word in words], ensure_ascii=False).encode() + b"\n")
            lines.flush()
            answer = lines.readline()
            if not answer:
                raise ConnectionError(messages.REGISTER_CLOSED)
        except OSError:
            del self._mine.lines
            with contextlib.suppress(OSError):
                lines.close()
            raise
        return json.loads(answer)

    def _connect(self) -> Any:
        connection = socket.create_connection(self._place)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(self._secret.encode() + b"\n")
        with connection:  # the file keeps it open
            return connection.makefile("rwb")


def _plain(word: object) -> int | str:
    """Return `word` as the judge takes it: what comes from an answer may be anything."""
    if isinstance(word, int) and not isinstance(word, bool) and -_LARGEST < word < _LARGEST:
        return int(word)
    text = word if isinstance(word, str) else f"<an object of type {type(word).__name__}>"
    return "".join(letter if letter.isprintable() else "?" for letter in text[:_LONGEST_WORD])
