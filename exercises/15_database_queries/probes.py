"""What runs beside the answer of kata 15: its connections are counted, and can rest in the middle of a query."""

from __future__ import annotations

import sqlite3
import sys
import threading
import time
from concurrent.futures import Future
from sqlite3 import dbapi2
from types import ModuleType
from typing import Any

CONNECT = sqlite3.connect
SET_EXCEPTION = Future.set_exception


class Watch:
    """What the connections of an answer do in this process."""

    def __init__(self) -> None:
        self.users: dict[sqlite3.Connection, list[threading.Thread]] = {}
        self.running = 0
        self.peak = 0
        self.kept: list[str] = []
        self.left: set[sqlite3.Connection] = set()
        self._lock = threading.Lock()

    def connect(self, *args: Any, **kwargs: Any) -> sqlite3.Connection:
        """Connect as `sqlite3.connect` does; SQL gets a function ``pause(seconds)``, which is written in Python."""
        watch = self

        class Watched(kwargs.pop("factory", sqlite3.Connection)):
            def cursor(self, *arguments: Any) -> Any:  # execute asks for one too
                watch.use(self)
                return super().cursor(*arguments)

            def __exit__(self, *error: object) -> Any:
                watch.left.add(self)
                return super().__exit__(*error)

        connection = CONNECT(*args, factory=Watched, **kwargs)
        self.users[connection] = []
        connection.create_function("pause", 1, lambda seconds: self.pause(connection, seconds))
        return connection

    def use(self, connection: sqlite3.Connection) -> None:
        """Note that the calling thread uses `connection`."""
        with self._lock:
            users = self.users.setdefault(connection, [])
            if threading.current_thread() not in users:
                users.append(threading.current_thread())

    def pause(self, connection: sqlite3.Connection, seconds: float) -> float:
        """Let a query take `seconds`."""
        self.use(connection)
        with self._lock:
            self.running += 1
            self.peak = max(self.peak, self.running)
        time.sleep(seconds)
        with self._lock:
            self.running -= 1
        return seconds

    def told(self) -> dict[str, Any]:
        """Return what was seen as plain data."""
        return {
            "users": [[thread.name for thread in users] for users in self.users.values()],
            "open": sum(map(is_open, self.users)),
            "open after with": sum(map(is_open, self.left)),
            "running": self.running,
            "peak": self.peak,
            "kept": self.kept,
        }


def is_open(connection: sqlite3.Connection) -> bool:
    """Tell whether `connection` has not been closed."""
    try:
        _ = connection.total_changes
    except sqlite3.ProgrammingError:
        return False
    return True


def query_all(answer: ModuleType, *args: Any) -> dict[str, Any]:
    """Call `query_all`; return its rows, or its error, and what its connections did."""
    watch = Watch()
    sys.setswitchinterval(1e-5)  # threads change often, so that each comes next where anyone may
    sqlite3.connect = dbapi2.connect = watch.connect

    def keep(self: Future[Any], exception: BaseException | None) -> None:
        watch.kept.append(type(exception).__name__)
        SET_EXCEPTION(self, exception)

    Future.set_exception = keep
    for name in [name for name, value in vars(answer).items() if value is CONNECT]:  # from sqlite3 import connect
        setattr(answer, name, watch.connect)
    try:
        result = {"rows": answer.query_all(*args), "error": None}
    except sqlite3.Error as error:
        result = {"rows": None, "error": error}
    return result | watch.told()
