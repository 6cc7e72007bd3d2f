"""What runs beside the answer of kata 15: its connections are counted, and can rest or meet within a query."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from sqlite3 import dbapi2
from types import ModuleType
from typing import Any

CONNECT, CONNECTION = sqlite3.connect, sqlite3.Connection
SET_EXCEPTION = Future.set_exception
PATIENCE = 2.0
"""Seconds that queries wait for each other, once for all of them."""
FACTORY = 5
"""The place of `factory` among the arguments of `sqlite3.connect`."""


class Watch:
    """What the connections of an answer do in this process."""

    def __init__(self) -> None:
        self.users: dict[sqlite3.Connection, list[threading.Thread]] = {}
        self.by_caller: dict[sqlite3.Connection, list[str]] = {}
        self.transactions = 0
        self.running = 0
        self.peak = 0
        self.ended = 0
        self.given_up: int | None = None
        self.kept: list[str] = []
        self.left: set[sqlite3.Connection] = set()
        self._here = 0
        self._round = 0
        self._changed = threading.Condition()

    def open(self, connection: sqlite3.Connection) -> None:
        """Watch a new `connection`, whose SQL gets functions that are written in Python."""
        self.users[connection] = []
        for name, function in (("pause", time.sleep), ("meet", self._meet), ("after", self._after)):
            connection.create_function(name, 1, self._function(connection, function))

    def use(self, connection: sqlite3.Connection, called: str = "") -> None:
        """Note that the present thread uses `connection`, and which method it called on it or on a cursor of it."""
        with self._changed:
            names = self.by_caller.setdefault(connection, [])
            if called and called not in names and threading.current_thread() is threading.main_thread():
                names.append(called)
            users = self.users.setdefault(connection, [])
            if threading.current_thread() not in users:
                users.append(threading.current_thread())

    def _function(self, connection: sqlite3.Connection, function: Callable[[Any], object]) -> Callable[[Any], Any]:
        """Return `function` for SQL: a query runs while it does. It gives its argument."""

        def called(value: Any) -> Any:
            self.use(connection)
            with self._changed:
                self.running += 1
                self.peak = max(self.peak, self.running)
                self.transactions += connection.in_transaction
            function(value)
            with self._changed:
                self.running -= 1
                self.ended += 1
                self._changed.notify_all()
            return value

        return called

    def _meet(self, count: int) -> None:
        """Hold a query until `count` of them are held."""
        with self._changed:
            self._here += 1
            present = self._round
            if self._here == count:
                self._here, self._round = 0, present + 1
                self._changed.notify_all()
            self._wait(lambda: self._round > present, lambda: self._here)

    def _after(self, count: int) -> None:
        """Hold a query until `count` other calls from SQL have ended."""
        with self._changed:
            self._wait(lambda: self.ended >= count, lambda: self.ended)

    def _wait(self, come: Callable[[], bool], seen: Callable[[], int]) -> None:
        """Wait until it has `come`, or note what was `seen` when the patience ended, and let all go."""
        self._changed.wait_for(lambda: come() or self.given_up is not None, PATIENCE)
        if not come() and self.given_up is None:
            self.given_up = seen()
            self._changed.notify_all()

    def told(self) -> dict[str, Any]:
        """Return what was seen as plain data."""
        return {
            "users": [[thread.name for thread in users] for users in self.users.values()],
            "called by the caller": [self.by_caller.get(connection, []) for connection in self.users],
            "in transactions": self.transactions,
            "open": sum(map(is_open, self.users)),
            "open after with": sum(map(is_open, self.left)),
            "running": self.running,
            "peak": self.peak,
            "ended": self.ended,
            "given up": self.given_up,
            "kept": self.kept,
        }


def noted(kind: type[Any], names: tuple[str, ...], use: Callable[[Any, str], None]) -> type[Any]:
    """Return a class derived from `kind`, whose methods of these `names` let `use` see object and name first."""

    def noting(method: Callable[..., Any]) -> Callable[..., Any]:
        def called(self: Any, *args: Any, **kwargs: Any) -> Any:
            use(self, method.__name__)
            return method(self, *args, **kwargs)

        return called

    return type(kind.__name__, (kind,), {name: noting(getattr(kind, name)) for name in names})


def watched(watch: Watch) -> type[sqlite3.Connection]:
    """Return a class of connections whose uses `watch` sees: all but closing."""
    fetching = ("__next__", "fetchone", "fetchmany", "fetchall")
    cursors = noted(sqlite3.Cursor, fetching, lambda cursor, called: watch.use(cursor.connection, called))

    class Connection(noted(CONNECTION, ("commit", "rollback", "interrupt", "__exit__"), watch.use)):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            watch.open(self)

        def cursor(self, factory: Any = cursors, called: str = "cursor") -> Any:
            watch.use(self, called)
            return super().cursor(factory)

        def execute(self, *args: Any) -> Any:  # by itself it makes a cursor that is not watched, and so do the others
            return Connection.cursor(self, called="execute").execute(*args)

        def executemany(self, *args: Any) -> Any:
            return Connection.cursor(self, called="executemany").executemany(*args)

        def executescript(self, *args: Any) -> Any:
            return Connection.cursor(self, called="executescript").executescript(*args)

        def __exit__(self, *error: object) -> Any:
            watch.left.add(self)
            return super().__exit__(*error)

    return Connection


def is_open(connection: sqlite3.Connection) -> bool:
    """Tell whether `connection` has not been closed."""
    try:
        _ = connection.total_changes
    except sqlite3.ProgrammingError:
        return False
    return True


PRESENT: list[tuple[Watch, type[sqlite3.Connection]]] = []
"""The last of these watches the connections that are opened, which are of its class."""


def watching() -> Watch:
    """Return what sees all connections that are opened from now on, by whatever name `connect` is called."""
    watch = Watch()
    PRESENT.append((watch, watched(watch)))

    def connect(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        if len(args) <= FACTORY:
            kwargs.setdefault("factory", PRESENT[-1][1])
        return CONNECT(*args, **kwargs)

    def keep(self: Future[Any], exception: BaseException | None) -> None:
        PRESENT[-1][0].kept.append(type(exception).__name__)
        SET_EXCEPTION(self, exception)

    Future.set_exception = keep
    sqlite3.connect = dbapi2.connect = connect
    sqlite3.Connection = dbapi2.Connection = PRESENT[-1][1]
    return watch


def watching_anew(answer: ModuleType) -> Watch:
    """Load `answer` anew, so that it has no connections but watched ones, whatever name it keeps `connect` by."""
    sys.setswitchinterval(1e-5)  # threads change often, so that each comes next where anyone may
    watch = watching()
    assert answer.__spec__ is not None
    assert answer.__spec__.loader is not None
    answer.__spec__.loader.exec_module(answer)
    watch.users.clear()  # what is opened there is nobody's call
    return watch


def shared(answer: ModuleType, count: int, workers: int) -> list[list[str]]:
    """Let the answer run so many plain queries; return the users of each connection that several threads used."""
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder, "things.db"))
        with contextlib.closing(CONNECT(database)) as connection:
            connection.execute("CREATE TABLE things (id)")
        watch = watching()
        answer.query_all(database, ["SELECT * FROM things"] * count, workers)
    return [users for users in watch.told()["users"] if len(users) > 1]


def query_all(answer: ModuleType, *args: Any) -> dict[str, Any]:
    """Call `query_all`; return its rows, or its error, and what its connections did."""
    watch = watching_anew(answer)
    try:
        result = {"rows": answer.query_all(*args), "error": None}
    except sqlite3.Error as error:
        result = {"rows": None, "error": error}
    return result | watch.told()


def query_all_failing(answer: ModuleType, *args: Any) -> dict[str, Any]:
    """Do the same where an error is awaited, of whatever type it is."""
    watch = watching_anew(answer)
    try:
        result = {"rows": answer.query_all(*args), "error": None}
    except Exception as error:  # noqa: BLE001 - what comes is told
        result = {"rows": None, "error": error}
    return result | watch.told()


def query_all_twice(answer: ModuleType, database: str, queries: list[str], change: str, workers: int) -> list[Any]:
    """Call `query_all` before and after the SQL of `change`, and a query that fails in between; return both rows.

    In place of rows stands the text of the error, where there is one.
    """
    before = rows_or_error(answer, database, queries, workers)
    rows_or_error(answer, database, ["SELECT * FROM nothing"], workers)
    with contextlib.closing(CONNECT(database)) as connection:
        connection.executescript(change)
    return [before, rows_or_error(answer, database, queries, workers)]


def rows_or_error(answer: ModuleType, *args: Any) -> Any:
    """Call `query_all`; return its rows, or the text of its error."""
    try:
        return answer.query_all(*args)
    except sqlite3.Error as error:
        return f"{type(error).__name__}: {error}"
