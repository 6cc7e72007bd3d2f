"""Kata 15: run many queries on a database, several at a time."""

from __future__ import annotations

from typing import Any


def query_all(database: str, queries: list[str], workers: int) -> list[list[tuple[Any, ...]]]:
    """Run each of `queries` on an SQLite file and return the rows of each, in the order of `queries`.

    As long as there are enough queries left, `workers` of them run at the same time, and never more.

    A connection belongs to one thread: no two threads use the same one, not even one after the other. Only closing it
    may be left to another. Each connection is closed by its `close` when the call ends, whether it returns or raises;
    the garbage collector does not count.

    Somebody else may hold the file locked for a moment, shorter than the 5 s that `sqlite3.connect` has patience for by
    itself. That is no error.

    Args:
        database: the path of the file.
        queries: any number of SELECTs, also none, also the same one twice.
        workers: how many queries may run at the same time, at least 1.

    Returns:
        For each query the list of its rows, each a tuple, as `fetchall` gives them.

    Raises:
        ValueError: if `workers` is less than 1, even if there are no queries.
        sqlite3.Error: what a query that fails raises, of several any. The others are run all the same, and it is raised
            when all have ended: no query runs any more then.
    """
    raise NotImplementedError
